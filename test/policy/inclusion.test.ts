import fc from "fast-check";
import { test } from "tap";
import { includedIn } from "../../lib/policy/inclusion.ts";
import { patternArb, toRegExp } from "../support/policies.ts";
import { textsOver } from "../support/policy-reference.ts";

const isInside = (glob: string, other: string): boolean => includedIn([other])(glob) === "inside";

const cases = [
  { name: "a pattern is inside itself, in any case", glob: "s3:Get*", union: ["S3:GET*"], want: "inside" },
  { name: "a name is inside its beginning", glob: "s3:GetObject", union: ["s3:Get*"], want: "inside" },
  { name: "a beginning is not inside a name", glob: "s3:Get*", union: ["s3:GetObject"], want: "outside" },
  { name: "a longer beginning is inside a shorter", glob: "s3:GetO*", union: ["s3:Get*"], want: "inside" },
  { name: "a shorter one is not inside a longer", glob: "s3:Ge*", union: ["s3:Get*"], want: "outside" },
  { name: "nothing is inside nothing", glob: "s3:*", union: [], want: "outside" },
  { name: "all is inside a star alone", glob: "*:Get*", union: ["*"], want: "inside" },
  { name: "no service holds a star alone", glob: "*", union: ["*:*"], want: "outside" },
  { name: "two of a union hold what neither holds", glob: "a*", union: ["a", "a?*"], want: "inside" },
  { name: "three by their lengths", glob: "a*", union: ["a", "a?", "a??*"], want: "inside" },
  { name: "a length left out", glob: "a*", union: ["a", "a??*"], want: "outside" },
  { name: "one letter may be any", glob: "a?", union: ["aa", "ab"], want: "outside" },
  { name: "an infix is not inside a beginning", glob: "s3:*Acl", union: ["s3:Get*", "s3:Put*"], want: "outside" },
  { name: "stars and question marks in any order", glob: "a*?", union: ["a?*"], want: "inside" },
  { name: "a letter of private use is one as others", glob: "a\ue000", union: ["a?"], want: "inside" },
  { name: "a letter of private use in the union is no wildcard", glob: "a?", union: ["a\ue000"], want: "outside" },
  { name: "and matches itself", glob: "a\ue000", union: ["a\ue000"], want: "inside" },
] as const;

for (const { name, glob, union, want } of cases)
  test(name, async (t) => {
    t.equal(includedIn(union)(glob), want);
    t.equal(isInside(glob, union[0] ?? "none"), union.length === 1 && want === "inside");
  });

/** Which texts each glob matches. */
const languages = (globs: readonly string[], texts: readonly string[]) =>
  new Map(
    globs.map((glob) => {
      const expression = toRegExp(glob);
      return [glob, texts.map((text) => expression.test(text))];
    }),
  );

// Where a glob of three signs has a text that another of three does not match, it has one of at most seven letters: a
// star needs one more than the longest run of question marks, and two stars leave one sign beside them.
test("inside just where no text is found that lies outside: all globs of three signs", async (t) => {
  const globs = textsOver(["a", "b", "*", "?"], 3);
  const all = languages(globs, textsOver(["a", "b", "x"], 7));
  const wrong: string[] = [];
  for (const other of globs) {
    const included = includedIn([other]);
    for (const glob of globs) {
      const outer = all.get(other) ?? [];
      const isIn = all.get(glob)?.every((isMatch, at) => !isMatch || outer[at]) === true;
      if (included(glob) !== (isIn ? "inside" : "outside")) wrong.push(`${glob} in ${other}`);
    }
  }
  t.strictSame(wrong, []);
});

test("inside just where no text is found that lies outside: unions of globs of four signs", async () => {
  const globs = textsOver(["a", "*", "?"], 4);
  const all = languages(globs, textsOver(["a", "x"], 10));
  const one = fc.constantFrom(...globs);
  fc.assert(
    fc.property(one, fc.array(one, { minLength: 2, maxLength: 4 }), (glob, union) => {
      const outer = union.map((other) => all.get(other) ?? []);
      const isIn = all.get(glob)?.every((isMatch, at) => !isMatch || outer.some((matches) => matches[at])) === true;
      return includedIn(union)(glob) === (isIn ? "inside" : "outside");
    }),
    { numRuns: 1500 },
  );
});

test("patterns as people write them are always decided", async () => {
  fc.assert(
    fc.property(patternArb, fc.array(patternArb, { maxLength: 6 }), (glob, union) => {
      const answer = includedIn(union)(glob);
      return answer !== "undecided" && (answer === "inside" || !union.some((other) => isInside(glob, other)));
    }),
    { numRuns: 400 },
  );
});

const letters = (count: number): string => "?".repeat(count);
const hostile = [
  { name: "many lengths", glob: `*${letters(20)}`, union: [`*a${letters(20)}`] },
  { name: "a letter and many lengths", glob: `*a${letters(20)}*`, union: [`*a${letters(20)}`] },
  { name: "many stars", glob: "*a".repeat(8), union: [`*a${letters(20)}`] },
  { name: "many stars against a long run", glob: "*a".repeat(8), union: [`*a${letters(150)}*a`] },
  { name: "two letters against two runs", glob: "*a*b".repeat(4), union: [`*a${letters(70)}*b${letters(70)}*a`] },
  { name: "many stars against a union", glob: "*a".repeat(12), union: [`*a${letters(60)}`, `*a${letters(61)}*a`, "?"] },
];

for (const { name, glob, union } of hostile)
  test(`hostile globs are told soon, or left undecided: ${name}`, async (t) => {
    const started = performance.now();
    t.match(includedIn(union)(glob), /^(inside|outside|undecided)$/);
    const took = performance.now() - started;
    t.ok(took < 1000, `took ${Math.round(took)} ms`);
  });

test("what is left undecided is not inside", async (t) => {
  const [glob, other] = ["*a".repeat(20), `*a${letters(20)}*a`];
  t.equal(includedIn([other])(glob), "undecided");
  t.notOk(isInside(glob, other));
});
