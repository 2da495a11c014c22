import fc from "fast-check";
import { test } from "tap";
import { includedInPatterns } from "../../lib/policy/pattern.ts";
import { withoutRepeated } from "../../lib/policy/repeated.ts";
import { patternArb } from "../support/policies.ts";

const cases = [
  { name: "nothing", patterns: [], want: [] },
  { name: "other patterns stay, in their order", patterns: ["s3:P*", "s3:G*"], want: ["s3:P*", "s3:G*"] },
  { name: "what another matches goes", patterns: ["s3:GetObject", "s3:Get*"], want: ["s3:Get*"] },
  { name: "also behind it", patterns: ["s3:Get*", "s3:GetO*"], want: ["s3:Get*"] },
  { name: "of the same names in other case, the first", patterns: ["s3:get", "s3:Get"], want: ["s3:get"] },
  { name: "of the same patterns, the first", patterns: ["s3:*?", "s3:?*", "s3:**?"], want: ["s3:*?"] },
  { name: "what two match only together stays", patterns: ["a:*", "a:?*", "a:"], want: ["a:*"] },
  { name: "overlaps stay", patterns: ["s3:Get*", "s3:*Acl"], want: ["s3:Get*", "s3:*Acl"] },
];

for (const { name, patterns, want } of cases)
  test(name, async (t) => {
    t.strictSame(withoutRepeated(patterns), want);
  });

test("what is known to be unique is not compared", async (t) => {
  t.strictSame(withoutRepeated(["s3:GetO*", "s3:Get*"], new Set(["s3:GetO*"])), ["s3:GetO*", "s3:Get*"]);
});

test("what is left matches all, and none of it lies inside another", async () => {
  fc.assert(
    fc.property(fc.array(patternArb, { maxLength: 6 }), (patterns) => {
      const left = withoutRepeated(patterns);
      const isAll = patterns.every((pattern) => left.some((one) => includedInPatterns([one])(pattern) === "inside"));
      const isLeast = left.every((one, at) =>
        left.every((other, index) => at === index || includedInPatterns([other])(one) !== "inside"),
      );
      return isAll && isLeast;
    }),
    { numRuns: 200 },
  );
});
