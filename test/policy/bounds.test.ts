import fc from "fast-check";
import { test } from "tap";
import { grantsOf, homesIn, isTouched } from "../../lib/policy/bounds.ts";
import { isInsidePattern } from "../../lib/policy/pattern.ts";
import { patternArb, s3 } from "../support/policies.ts";

test("a grant is a pattern's known actions, without what is taken out", async (t) => {
  const grants = grantsOf({ within: ["s3:GetObject*", "new:*"], without: ["S3:*ACL"] }, s3);
  t.strictSame(
    grants.map(({ pattern, actions }) => [pattern, actions.map(({ name }) => name)]),
    [
      ["s3:GetObject*", ["s3:GetObject", "s3:GetObjects"]],
      ["new:*", []],
    ],
  );
});

test("a pattern is touched where any text of it is taken out, known or not", async (t) => {
  t.notOk(isTouched("s3:Get*", { within: [] }));
  t.notOk(isTouched("s3:Get*", { within: [], without: ["s3:Put*", "ec2:*"] }));
  t.ok(isTouched("s3:Get*", { within: [], without: ["ec2:*", "s3:*Unheard"] }));
});

const homes = [
  {
    name: "the first that it lies inside, as written",
    pattern: "s3:GetO*",
    within: ["ec2:*", "S3:Get*", "*"],
    want: "S3:Get*",
  },
  { name: "none", pattern: "s3:*", within: ["s3:Get*", "s3:Put*"], want: undefined },
  { name: "two that hold it only together", pattern: "s3:*", within: ["s3:?*", "s3:"], want: undefined },
  { name: "a glob of services", pattern: "s3:GetO*", within: ["s?:Get*"], want: "s?:Get*" },
  { name: "a name is nobody's home", pattern: "s3:Get", within: ["s3:Get"], want: undefined },
  { name: "nothing of it is taken out", pattern: "s3:Get*", within: ["*"], without: ["s3:Put*"], want: "*" },
  { name: "some of it is taken out", pattern: "s3:Get*", within: ["*"], without: ["s3:*Acl"], want: undefined },
  { name: "all is taken out", pattern: "s3:Get*", within: ["*"], without: ["*"], want: undefined },
  { name: "no bounds", pattern: "s3:Get*", within: [], want: undefined },
];

for (const { name, pattern, want, ...bounds } of homes)
  test(`home: ${name}`, async (t) => {
    t.equal(homesIn(bounds)(pattern), want);
  });

test("a beginning has a home just where one pattern holds it and nothing is taken out", async () => {
  const patterns = fc.array(patternArb, { maxLength: 4 });
  fc.assert(
    fc.property(patterns, patterns, fc.nat(12), (within, without, length) => {
      const pattern = `s3:${"GetObjectAcl".slice(0, length)}*`;
      const home = homesIn({ within, without })(pattern);
      const isFree = !isTouched(pattern, { within, without });
      return (home !== undefined) === (isFree && within.some((grant) => isInsidePattern(pattern, grant)));
    }),
    { numRuns: 300 },
  );
});
