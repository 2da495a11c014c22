import { test } from "tap";
import { allowedBy, expansionOf, permissionsOf } from "../../lib/policy/allowed.ts";
import { allow, policyOf, s3 } from "../support/policies.ts";

const get = ["s3:Get", "s3:GetObject", "s3:GetObjectAcl", "s3:GetObjects"];
const notAction = { Effect: "Allow", NotAction: ["s3:*", "s3-tables:*"], Resource: "*" };
const notResource = { Effect: "Allow", Action: "s3:Get*", NotResource: "a" };

const reasons = [
  { name: "nothing", statement: allow("s3:Get*"), want: undefined },
  {
    name: "D11: a Sid that begins with NOREPO",
    statement: allow("s3:Get*", { Sid: "NOREPOdata" }),
    want: "immutable_sid",
  },
  { name: "its case counts", statement: allow("s3:Get*", { Sid: "norepo" }), want: undefined },
  { name: "it has to begin so", statement: allow("s3:Get*", { Sid: "aNOREPO" }), want: undefined },
  { name: "NotAction", statement: notAction, want: "not_action" },
  { name: "NotResource", statement: notResource, want: "not_resource" },
  { name: "a Sid before the others", statement: { ...notAction, Sid: "NOREPO" }, want: "immutable_sid" },
  {
    name: "NotAction when it may be rewritten",
    statement: notAction,
    options: { rewriteNotAction: true },
    want: undefined,
  },
  { name: "NotResource then", statement: notResource, options: { rewriteNotAction: true }, want: undefined },
  {
    name: "not a Sid then",
    statement: { ...notAction, Sid: "NOREPO" },
    options: { rewriteNotAction: true },
    want: "immutable_sid",
  },
  {
    name: "another prefix",
    statement: allow("*", { Sid: "KEEP" }),
    options: { immutableSid: "KEEP" },
    want: "immutable_sid",
  },
  {
    name: "then NOREPO is none",
    statement: allow("*", { Sid: "NOREPO" }),
    options: { immutableSid: "KEEP" },
    want: undefined,
  },
  { name: "no prefix", statement: allow("*", { Sid: "NOREPO" }), options: { immutableSid: "" }, want: undefined },
  { name: "no Sid", statement: allow("*"), options: { immutableSid: "KEEP" }, want: undefined },
] as const;

for (const { name, statement, want, ...given } of reasons)
  test(`why a statement is left alone: ${name}`, async (t) => {
    const [parsed] = policyOf(statement).statements;
    if (parsed === undefined) return t.fail("no statement");
    const options = { catalogue: s3, ...("options" in given ? given.options : {}) };
    t.match(allowedBy(parsed, options), { statement: parsed, leftAlone: want });
  });

test("a Deny allows nothing and takes nothing away", async (t) => {
  const [deny] = policyOf({ ...allow("s3:*"), Effect: "Deny" }).statements;
  if (deny === undefined) return t.fail("no statement");
  t.equal(allowedBy(deny), undefined);
  t.equal(expansionOf(deny, s3).actions.size, 7);
});

test("a NotAction names all else", async (t) => {
  const [statement] = policyOf({ ...notAction, NotAction: ["s3*:*", "new:X"] }).statements;
  if (statement === undefined) return t.fail("no statement");
  const { actions, unknown } = expansionOf(statement, s3);
  t.strictSame(
    [...actions].map(({ name }) => name),
    ["ec2:GetImage", "ec2:RunInstances"],
  );
  t.strictSame(unknown, []);
  t.ok(expansionOf(statement).actions.size > 15_000);
});

test("D11: what is immutable is permitted and not eligible", async (t) => {
  const policies = [
    policyOf(allow(["s3:Get*", "new:X"]), allow(["s3:Get", "s3:ListBucket"], { Sid: "NOREPO" })),
    policyOf(notResource, notAction, { ...allow("*"), Effect: "Deny" }),
  ];
  t.strictSame(permissionsOf(policies, { catalogue: s3 }), {
    total: ["ec2:GetImage", "ec2:RunInstances", "new:X", ...get, "s3:ListBucket"],
    eligible: ["new:X", ...get],
  });
  t.strictSame(permissionsOf(policies, { catalogue: s3, rewriteNotAction: true }).eligible, [
    ...["ec2:GetImage", "ec2:RunInstances", "new:X", ...get],
  ]);
});

test("no policies permit nothing", async (t) => {
  t.strictSame(permissionsOf([]), { total: [], eligible: [] });
});
