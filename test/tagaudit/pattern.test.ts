import fc from "fast-check";
import { test } from "tap";
import { parsePattern } from "../../lib/tagaudit/pattern.ts";
import { aPattern } from "../support/tagaudit-records.ts";

const letters = fc.constantFrom("a", "b", "[ab]", "[^a]", ".", "\\w", "-");
const quantifiers = fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,2}", "{0,}");

const { pattern } = fc.letrec<{ pattern: string; term: string }>((tie) => ({
  pattern: fc
    .array(fc.array(tie("term"), { maxLength: 3 }), { minLength: 1, maxLength: 2 })
    .map((options) => options.map((terms) => terms.join("")).join("|")),
  term: fc
    .tuple(
      fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        letters,
        tie("pattern").map((inner) => `(${inner})`),
      ),
      quantifiers,
    )
    .map(([atom, quantifier]) => `${atom}${quantifier}`),
}));

test("says of any text what JavaScript says of the whole of it", async (t) => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "-", "c"), maxLength: 6 });
  fc.assert(
    fc.property(pattern, text, (source, candidate) => {
      const parsed = parsePattern(source);
      if (!parsed.ok) return parsed.says === "it repeats too much";
      return parsed.pattern.matches(candidate) === new RegExp(`^(?:${source})$`, "u").test(candidate);
    }),
    { numRuns: 300 },
  );
  t.pass("on 300 patterns");
});

test("keeps its source", async (t) => t.equal(aPattern("CC-\\d{4}").source, "CC-\\d{4}"));

test("patterns that take JavaScript for ever are over at once", async (t) => {
  for (const source of ["(a+)+b", "(a|a)*b", "(.*)*b", "(a?){90}a{90}b", "a*a*a*a*a*b", "([a-z]+)*\\d"])
    t.notOk(aPattern(source).matches("a".repeat(256)), source);
});

const lengths = [
  { name: "as long as a tag's value may be", length: 256, want: true },
  { name: "longer", length: 257, want: false },
] as const;

for (const { name, length, want } of lengths)
  test(`a text ${name}`, async (t) => t.equal(aPattern("a*").matches("a".repeat(length)), want));

const sizes = [
  { name: "as many states as may be", source: "a{499}", ok: true },
  { name: "one repetition more", source: "a{500}", ok: false },
  { name: "repetitions of repetitions, without building them", source: "((a{900}){900}){900}", ok: false },
] as const;

for (const { name, source, ok } of sizes) {
  test(`a pattern of ${name}`, async (t) => {
    const parsed = parsePattern(source);
    t.equal(parsed.ok, ok);
    if (!parsed.ok) t.equal(parsed.says, "it repeats too much");
  });
}

test("what can't be read is refused with the reason", async (t) =>
  t.strictSame(parsePattern("(?=a)"), { ok: false, says: "look-arounds are not supported" }));
