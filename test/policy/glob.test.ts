import fc from "fast-check";
import { test } from "tap";
import { compileGlob, foldCase, hasWildcard, meets, signsOf } from "../../lib/policy/glob.ts";
import { patternArb, toRegExp } from "../support/policies.ts";
import { textsOver } from "../support/policy-reference.ts";

test("only A to Z have another case", async (t) => {
  t.equal(foldCase("S3:GetOBJECT"), "s3:getobject");
  t.equal(foldCase("\u212a\u00c4\u0130"), "\u212a\u00c4\u0130");
});

test("wildcards are the star and the question mark", async (t) => {
  for (const glob of ["*", "a?", "s3:*"]) t.ok(hasWildcard(glob), glob);
  for (const glob of ["", "s3:Get", "[a]", "%"]) t.notOk(hasWildcard(glob), glob);
});

const matches = [
  { name: "a name matches itself in any case", glob: "S3:Get", yes: ["s3:get"], no: ["s3:ge", "s3:getx"] },
  { name: "a beginning", glob: "s3:Get*", yes: ["s3:get", "s3:getobject"], no: ["s3:ge", "ec2:get"] },
  { name: "a star inside", glob: "s3:*Acl", yes: ["s3:acl", "s3:getacl"], no: ["s3:aclx"] },
  { name: "a question mark is one letter", glob: "s3:Get?", yes: ["s3:geta"], no: ["s3:get", "s3:getab"] },
  { name: "both", glob: "s?:*t?*", yes: ["s3:tx", "s3:getx"], no: ["s3:get"] },
  { name: "nothing", glob: "", yes: [""], no: ["a"] },
];

for (const { name, glob, yes, no } of matches)
  test(`match: ${name}`, async (t) => {
    for (const one of yes) t.ok(compileGlob(glob)(one), one);
    for (const one of no) t.notOk(compileGlob(glob)(one), one);
  });

test("runs of wildcards that match the same have one form", async (t) => {
  t.strictSame(signsOf("A**b"), ["a", "*", "b"]);
  t.strictSame(signsOf("*?*?"), ["?", "?", "*"]);
  t.strictSame(signsOf("?a?"), ["?", "a", "?"]);
  t.strictSame(signsOf(""), []);
});

test("what a glob matches is what a regular expression does", async () => {
  const text = fc.array(fc.constantFrom(..."getobjacls3:"), { maxLength: 6 }).map((letters) => letters.join(""));
  const cut = fc.tuple(patternArb, fc.nat(3)).map(([pattern, letters]) => pattern.slice(letters));
  fc.assert(
    fc.property(cut, text, (glob, name) => compileGlob(glob)(name) === toRegExp(glob).test(name)),
    { numRuns: 500 },
  );
});

const meetings = [
  { name: "nothing with nothing", one: "", other: "", want: true },
  { name: "nothing with a star", one: "", other: "*", want: true },
  { name: "nothing with a letter", one: "", other: "?", want: false },
  { name: "a beginning and an end", one: "s3:Get*", other: "s3:*Acl", want: true },
  { name: "in other case", one: "S3:GET*", other: "s3:get", want: true },
  { name: "other services", one: "s3:*", other: "ec2:*", want: false },
  { name: "other lengths", one: "a?", other: "a??", want: false },
  { name: "an end that overlaps", one: "ab*", other: "*ba", want: true },
  { name: "an end that can't", one: "a?", other: "b*", want: false },
];

for (const { name, one, other, want } of meetings)
  test(`meets: ${name}`, async (t) => {
    t.equal(meets(one, other), want);
    t.equal(meets(other, one), want);
  });

// The shortest text that two globs match has no letter that both take by a star: six letters are enough.
test("two globs meet just where a text is found that both match: all globs of three signs", async (t) => {
  const texts = textsOver(["a", "b", "x"], 6);
  const globs = textsOver(["a", "b", "*", "?"], 3);
  const found = globs.map((glob) => {
    const expression = toRegExp(glob);
    return texts.filter((text) => expression.test(text));
  });
  const sets = found.map((all) => new Set(all));
  const wrong = globs.flatMap((one, at) =>
    globs.filter((other, index) => {
      const [few, many] = [found[at] ?? [], sets[index]];
      return meets(one, other) !== few.some((text) => many?.has(text));
    }),
  );
  t.strictSame(wrong, []);
});

test("long globs of stars meet or don't, soon", async (t) => {
  const started = performance.now();
  t.notOk(meets(`${"*a".repeat(300)}b`, `${"*a?".repeat(300)}c`));
  t.ok(performance.now() - started < 1000);
});
