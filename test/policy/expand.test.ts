import fc from "fast-check";
import { test } from "tap";
import { complement, complementOf, expand, expandPatterns, matchPattern, namesOf } from "../../lib/policy/expand.ts";
import { actionsArb, catalogueOf, matching, patternArb, s3 } from "../support/policies.ts";

const get = ["s3:Get", "s3:GetObject", "s3:GetObjectAcl", "s3:GetObjects"];
const cases = [
  { name: "nothing", patterns: [], want: [] },
  { name: "a name in any case is given as AWS spells it", patterns: ["S3:getOBJECT"], want: ["s3:GetObject"] },
  { name: "a beginning", patterns: ["s3:Get*"], want: get },
  { name: "an infix", patterns: ["s3:*Object*"], want: [...get.slice(1), "s3:PutObject", "s3:PutObjectAcl"] },
  { name: "one letter", patterns: ["s3:GetObject?"], want: ["s3:GetObjects"] },
  { name: "each once, sorted", patterns: ["s3:GetObject", "s3:Get*", "ec2:Get*"], want: ["ec2:GetImage", ...get] },
  { name: "across services", patterns: ["*:GetI*"], want: ["ec2:GetImage"] },
  { name: "a glob of services", patterns: ["s?:Get"], want: ["s3:Get"] },
  {
    name: "a glob of services does not go over the colon",
    patterns: ["s*:Get*"],
    want: ["s3-tables:GetTable", ...get],
  },
  { name: "an unknown service stands for itself, as written", patterns: ["New:Get*"], want: ["New:Get*"] },
  { name: "an unknown action, too", patterns: ["s3:Unheard"], want: ["s3:Unheard"] },
  { name: "of unknown ones that differ in case, the first", patterns: ["s3:New", "S3:new"], want: ["s3:New"] },
  { name: "no service's actions", patterns: ["s3:"], want: ["s3:"] },
  { name: "a service alone is no pattern", patterns: ["s3"], want: ["s3"] },
  { name: "a glob without a colon is none either", patterns: ["*Get*"], want: ["*Get*"] },
];

for (const { name, patterns, want } of cases)
  test(`expand: ${name}`, async (t) => {
    t.strictSame(expand(patterns, { catalogue: s3 }), want);
  });

test("a star alone is every action, and several are no pattern", async (t) => {
  t.equal(expand(["*"], { catalogue: s3 }).length, 10);
  t.strictSame(expand(["**"], { catalogue: s3 }), ["**"]);
  t.equal(expand(["*:*"], { catalogue: s3 }).length, 10);
});

test("the complement is all else", async (t) => {
  t.strictSame(complement(["s3*:*", "ec2:G*", "new:*"], { catalogue: s3 }), ["ec2:RunInstances"]);
  t.strictSame(complement(["*"], { catalogue: s3 }), []);
  t.equal(complementOf([], s3).size, 10);
});

test("without a catalogue AWS's own is meant", async (t) => {
  t.ok(expand(["s3:GetObject*"]).includes("s3:GetObjectAcl"));
  t.notOk(complement(["s3:*"]).some((name) => name.startsWith("s3:")));
});

test("names are sorted with the unknown among them", async (t) => {
  const actions = new Set(matchPattern("s3:*Acl", s3));
  t.strictSame(namesOf({ actions, unknown: ["s3:New", "a:b"] }), [
    "a:b",
    "s3:GetObjectAcl",
    "s3:New",
    "s3:PutObjectAcl",
  ]);
});

test("patterns match what regular expressions do, and those that match nothing are unknown", async () => {
  fc.assert(
    fc.property(actionsArb(10), fc.array(patternArb, { maxLength: 4 }), (names, patterns) => {
      const { actions, unknown } = expandPatterns(patterns, catalogueOf(...names));
      const want = matching(patterns, names);
      return (
        actions.size === want.length &&
        [...actions].every(({ name }) => want.includes(name)) &&
        unknown.join() === patterns.filter((pattern) => matching([pattern], names).length === 0).join()
      );
    }),
    { numRuns: 300 },
  );
});
