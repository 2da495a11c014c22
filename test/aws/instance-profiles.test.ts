import { test } from "tap";
import { iamClient } from "../../lib/aws/client/iam.ts";
import { listProfileRoles, type ProfileRole } from "../../lib/aws/read/instance-profiles.ts";
import { type OfflineAwsOptions, startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { anAccount, anInstanceProfile, anInstanceRole, anOrganization } from "../../lib/demo/scenario/builders.ts";
import { openOfflineSession } from "../support/offline-session.ts";

const names = Array.from({ length: 1200 }, (_, index) => `web-${index}`);
const policy =
  '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Condition":{"StringEquals":{"é (!)*\'":"100%"}}}]}';

const account = anAccount({
  roles: [...names.map((name) => anInstanceRole({ name })), anInstanceRole({ name: "odd", trustPolicy: policy })],
  instanceProfiles: [
    ...names.map((name) => anInstanceProfile({ name })),
    anInstanceProfile({ name: "odd", path: "/some/where/" }),
    anInstanceProfile({ name: "odd-again", roleName: "odd" }),
    anInstanceProfile({ name: "without-role", roleName: undefined }),
  ],
});

async function listAll(t: Parameters<typeof openOfflineSession>[0], options: Partial<OfflineAwsOptions> = {}) {
  const aws = await startOfflineAws({ scenario: anOrganization({ accounts: [account] }), ...options });
  t.teardown(() => aws.close());
  const session = openOfflineSession(t, aws);
  const roles: ProfileRole[] = [];
  const pages = listProfileRoles({ client: iamClient(session), stop: new AbortController().signal });
  for await (const page of pages) roles.push(...page);
  return { roles, aws };
}

test("roles of all instance profiles, a thousand profiles a call", async (t) => {
  const { roles, aws } = await listAll(t);
  t.equal(roles.length, 1202);
  t.equal(new Set(roles.map(({ id }) => id)).size, 1201);
  t.ok(roles.every(({ id }) => /^AROA[A-Z2-7]{17}$/.test(id)));
  t.equal(roles.filter(({ trustPolicy }) => trustPolicy === policy).length, 2);
  t.equal(aws.calls()["iam:ListInstanceProfiles"], 2);
});

test("short pages lose none", async (t) => t.equal((await listAll(t, { shortPages: 5 })).roles.length, 1202));

test("who may not list them is told so", async (t) => {
  const scenario = anOrganization({ accounts: [account], denials: [{ action: "iam:ListInstanceProfiles" }] });
  await t.rejects(listAll(t, { scenario }), { code: "denied", message: /^iam:ListInstanceProfiles: / });
});

test("a policy that is not encoded well is none", async (t) => {
  const answer = {
    InstanceProfiles: [{ Roles: [{ RoleId: "AROAX", AssumeRolePolicyDocument: "%" }, { RoleId: "AROAY" }] }],
  };
  const client = { send: async () => answer };
  // Of a client it uses `send` alone.
  const calling = {
    client: client as unknown as Parameters<typeof listProfileRoles>[0]["client"],
    stop: new AbortController().signal,
  };
  for await (const page of listProfileRoles(calling))
    t.strictSame(page, [
      { id: "AROAX", trustPolicy: undefined },
      { id: "AROAY", trustPolicy: undefined },
    ]);
});
