import fc from "fast-check";
import { test } from "tap";
import { diff } from "../../lib/policy/diff.ts";
import type { Policy } from "../../lib/policy/policy.ts";
import {
  actionsArb,
  allow,
  catalogueOf,
  documentOf,
  matching,
  patternArb,
  policyFrom,
  policyOf,
  s3,
} from "../support/policies.ts";
import { documentArb } from "../support/policy-documents.ts";

const deny = (action: string | readonly string[]) => ({ ...allow(action), Effect: "Deny" });
const notAction = (patterns: string | readonly string[], Effect = "Allow") => ({
  Effect,
  NotAction: patterns,
  Resource: "*",
});
const get = ["s3:Get", "s3:GetObject", "s3:GetObjectAcl", "s3:GetObjects"];
const nothing = { gained: [], lost: [], widened: [] };

interface Row {
  readonly name: string;
  readonly before: readonly Policy[];
  readonly after: readonly Policy[];
  readonly want:
    | Partial<typeof nothing>
    | { readonly gained?: readonly string[]; readonly lost?: readonly string[]; readonly widened?: readonly string[] };
}

const rows: readonly Row[] = [
  { name: "nothing and nothing", before: [], after: [], want: {} },
  {
    name: "a pattern more",
    before: [policyOf(allow("s3:Put*"))],
    after: [policyOf(allow(["s3:Put*", "s3:Get*"]))],
    want: { gained: get, widened: ["s3:Get*"] },
  },
  {
    name: "a pattern less",
    before: [policyOf(allow(["s3:Get*", "s3:Put*"]))],
    after: [policyOf(allow("s3:Put*"))],
    want: { lost: get },
  },
  {
    name: "a pattern that is wider by what is not known yet",
    before: [policyOf(allow("s3:List?*"))],
    after: [policyOf(allow("s3:Li*"))],
    want: { widened: ["s3:Li*"] },
  },
  {
    name: "a pattern that is as wide",
    before: [policyOf(allow(["s3:Get?", "s3:Get", "S3:GET??*"]))],
    after: [policyOf(allow("s3:Get*"))],
    want: {},
  },
  {
    name: "a name that is not known",
    before: [policyOf(allow("s3:Get"))],
    after: [policyOf(allow(["s3:Get", "new:X"]))],
    want: { gained: ["new:X"], widened: ["new:X"] },
  },
  {
    name: "an unknown name that a pattern matched already",
    before: [policyOf(allow("s3:*"))],
    after: [policyOf(allow(["s3:*", "s3:New"]))],
    want: {},
  },
  {
    name: "an unknown name that a pattern still matches",
    before: [policyOf(allow(["s3:*", "s3:New*"]))],
    after: [policyOf(allow("s3:*"))],
    want: {},
  },
  {
    name: "an unknown name that a NotAction gave already",
    before: [policyOf(notAction("ec2:*"))],
    after: [policyOf(notAction("ec2:*"), allow("s3:New"))],
    want: {},
  },
  {
    name: "a Deny is dropped",
    before: [policyOf(allow("*"), deny("s3:Get*"))],
    after: [policyOf(allow("*"))],
    want: { gained: get, widened: ["s3:Get*"] },
  },
  {
    name: "a Deny more",
    before: [policyOf(allow("*"))],
    after: [policyOf(allow("*"), deny("s3:Get*"))],
    want: { lost: get },
  },
  {
    name: "a Deny is narrowed",
    before: [policyOf(deny("s3:Get*"))],
    after: [policyOf(deny(["s3:Get", "s3:GetO*"]))],
    want: { widened: ["s3:Get*"] },
  },
  {
    name: "a Deny moves to a longer list that holds it",
    before: [policyOf(deny("s3:Get*"))],
    after: [policyOf(deny(["s3:G*", "s3:P*"]))],
    want: { lost: ["s3:PutObject", "s3:PutObjectAcl"] },
  },
  {
    name: "another policy",
    before: [policyOf(allow("s3:Get*"), allow("ec2:*"))],
    after: [policyOf(allow("ec2:*")), policyOf(allow("s3:Get*"))],
    want: {},
  },
  {
    name: "two statements become one",
    before: [policyOf(allow("s3:Get*"), allow("ec2:*"))],
    after: [policyOf(allow(["ec2:*", "s3:Get*"]))],
    want: {},
  },
  {
    name: "another Sid",
    before: [policyOf(allow("s3:Get*", { Sid: "a" }))],
    after: [policyOf(allow("s3:Get*"))],
    want: {},
  },
  {
    name: "resources in other order and form",
    before: [policyOf(allow("*", { Resource: ["a", "b"] }), allow("*"))],
    after: [policyOf(allow("*", { Resource: ["b", "a"] }), allow("*", { Resource: ["*"] }))],
    want: {},
  },
  {
    name: "another resource is lost and gained",
    before: [policyOf(allow("s3:Get"))],
    after: [policyOf(allow("s3:Get", { Resource: "a" }))],
    want: { gained: ["s3:Get"], lost: ["s3:Get"], widened: ["s3:Get"] },
  },
  {
    name: "another version is, too",
    before: [policyOf(allow("s3:Get"))],
    after: [policyFrom(documentOf(allow("s3:Get")).replace("2012", "2008"))],
    want: { gained: ["s3:Get"], lost: ["s3:Get"], widened: ["s3:Get"] },
  },
  {
    name: "NotAction that names more",
    before: [policyOf(notAction("ec2:*"))],
    after: [policyOf(notAction(["ec2:*", "s3:Get*"]))],
    want: { lost: get },
  },
  {
    name: "NotAction that names less",
    before: [policyOf(notAction(["ec2:*", "s3:Get*"]))],
    after: [policyOf(notAction("ec2:*"))],
    want: { gained: get, widened: ["NotAction ec2:*"] },
  },
  {
    name: "NotAction becomes Action inside of it",
    before: [policyOf(notAction(["ec2:*", "s3-tables:*"]))],
    after: [policyOf(allow("s3:*"))],
    want: {},
  },
  {
    name: "NotAction becomes Action beyond it",
    before: [policyOf(notAction(["ec2:R*", "s3*:*"]))],
    after: [policyOf(allow("ec2:*"))],
    want: { gained: ["ec2:RunInstances"], widened: ["ec2:*"] },
  },
  {
    name: "all holds a NotAction",
    before: [policyOf(allow("*"))],
    after: [policyOf(notAction(["s3*:*", "ec2:Get*"]), allow("s3*:*"), allow("ec2:Get*"))],
    want: {},
  },
  {
    name: "a NotAction of a Deny",
    before: [policyOf(notAction(["s3:*", "ec2:*"], "Deny"))],
    after: [policyOf(notAction(["s3*:*", "ec2:*"], "Deny"))],
    want: { gained: ["s3-tables:GetTable"], widened: ["NotAction s3:* ec2:*"] },
  },
];

for (const { name, before, after, want } of rows)
  test(name, async (t) => {
    const { gained, lost, widened, scopes } = diff(before, after, { catalogue: s3 });
    t.strictSame({ gained, lost, widened }, { ...nothing, ...want });
    t.equal(scopes.length > 0, Object.keys(want).length > 0);
  });

test("each scope that changed tells its statements", async (t) => {
  const before = policyFrom(documentOf(allow("s3:Get", { Sid: "a" }), allow("*", { Resource: "b" })), "one");
  const after = policyFrom(documentOf(allow("*", { Resource: "b" }), allow("s3:Put*", { Sid: "c" })), "two");
  t.strictSame(diff([before], [after], { catalogue: s3 }).scopes, [
    {
      effect: "Allow",
      before: [{ policy: "one", index: 0, sid: "a" }],
      after: [{ policy: "two", index: 1, sid: "c" }],
      ...{ gained: ["s3:PutObject", "s3:PutObjectAcl"], lost: ["s3:Get"], widened: ["s3:Put*"] },
    },
  ]);
});

test("sizes are those of all policies", async (t) => {
  const { size } = diff([policyFrom(`${documentOf(allow("*"))}  `)], []);
  t.strictSame(size, { before: documentOf(allow("*")).length, after: 0 });
});

test("without a catalogue AWS's own is meant", async (t) => {
  t.strictSame(diff([], [policyOf(allow("s3:GetObjectAc*"))]).gained, ["s3:GetObjectAcl"]);
});

test("policies have no difference to themselves, in any order, however hostile", async (t) => {
  const hostile = policyOf(allow([`s3:${"*a".repeat(8)}*`, `s3:*a${"?".repeat(60)}*a`, `*:${"*a".repeat(9)}`]));
  t.strictSame(diff([hostile], [hostile]).scopes, []);
  const texts = fc.array(documentArb, { maxLength: 3 });
  fc.assert(
    fc.property(texts, actionsArb(8), (all, names) => {
      const policies = all.map((text) => policyFrom(text));
      return diff(policies, policies.toReversed(), { catalogue: catalogueOf(...names) }).scopes.length === 0;
    }),
    { numRuns: 150 },
  );
});

test("a pattern that is added is gained as far as nothing matched it", async () => {
  fc.assert(
    fc.property(
      actionsArb(10),
      patternArb,
      fc.array(patternArb, { minLength: 1, maxLength: 3 }),
      (names, added, had) => {
        const [before, after] = [policyOf(allow(had)), policyOf(allow([...had, added]))];
        const { gained, lost } = diff([before], [after], { catalogue: catalogueOf(...names) });
        const old = matching(had, names);
        const want = matching([added], names).filter((name) => !old.includes(name));
        const known = gained.filter((name) => names.includes(name));
        return lost.length === 0 && known.join() === want.toSorted(byCase).join();
      },
    ),
    { numRuns: 200 },
  );
});

const byCase = (one: string, other: string): number => (one.toLowerCase() < other.toLowerCase() ? -1 : 1);
