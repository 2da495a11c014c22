import {
  GetAccountSummaryCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAccountAliasesCommand,
  ListGroupsCommand,
  ListPoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  ListUsersCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { test } from "tap";
import { parsePolicy, permissionsOf, subtract } from "../../lib/policy/library.ts";
import { clientConfig } from "../demo/offline-clients.ts";
import { skipWithout } from "./support/peers.ts";
import { type Moto, startMoto } from "./support/start-moto.ts";

/**
 * A role under moto's enforcement may call what we say that its policy allows. moto compares case, takes conditions
 * wrongly, and reads a pattern as a regular expression but for its `*`: so `?` makes the letter before it optional, which
 * is not IAM's meaning and proves nothing here but that the text is taken.
 */
const skip = skipWithout("moto");

const account = "123456789012";

interface Role {
  readonly RoleName: string;
}

/** Each a call of its own by a role, some of them about itself, which fails in no other way. */
const calls: Readonly<Record<string, (client: IAMClient, role: Role) => Promise<unknown>>> = {
  "iam:GetAccountSummary": (client) => client.send(new GetAccountSummaryCommand({})),
  "iam:GetRole": (client, role) => client.send(new GetRoleCommand(role)),
  "iam:GetRolePolicy": (client, role) => client.send(new GetRolePolicyCommand({ ...role, PolicyName: "inline" })),
  "iam:ListAccountAliases": (client) => client.send(new ListAccountAliasesCommand({})),
  "iam:ListGroups": (client) => client.send(new ListGroupsCommand({})),
  "iam:ListPolicies": (client) => client.send(new ListPoliciesCommand({ Scope: "Local" })),
  "iam:ListRolePolicies": (client, role) => client.send(new ListRolePoliciesCommand(role)),
  "iam:ListRoleTags": (client, role) => client.send(new ListRoleTagsCommand(role)),
  "iam:ListRoles": (client) => client.send(new ListRolesCommand({})),
  "iam:ListUsers": (client) => client.send(new ListUsersCommand({})),
};

interface Case {
  readonly name: string;
  readonly statement: object;
  /** Taken from it before it is put. */
  readonly taken?: readonly string[];
  /** What moto allows beside it, by its reading of `?`. */
  readonly misread?: readonly string[];
  /** What must be in the text, so that the case is what its name says. */
  readonly has?: string;
}

const cases: readonly Case[] = [
  { name: "a name", statement: { Action: "iam:ListUsers" } },
  { name: "a prefix", statement: { Action: ["iam:ListRole*"] } },
  { name: "a suffix", statement: { Action: "iam:*s" } },
  { name: "an infix", statement: { Action: "iam:*Role*" } },
  { name: "stars on all sides", statement: { Action: "iam:*st*ole*" } },
  { name: "everything", statement: { Action: "*" } },
  { name: "another service", statement: { Action: "s3:*" } },
  { name: "NotAction", statement: { NotAction: ["iam:List*"] } },
  { name: "names taken from a service", statement: { Action: "iam:*" }, taken: ["iam:ListUsers", "iam:ListRoleTags"] },
  { name: "a prefix taken from a service", statement: { Action: "iam:*" }, taken: ["iam:ListRole*"] },
  { name: "a service taken", statement: { Action: ["iam:Get*", "s3:Get*"] }, taken: ["s3"] },
  { name: "an infix narrowed", statement: { Action: "iam:*Role*" }, taken: ["iam:ListRoles"] },
  {
    ...{ name: "the beginning of another name taken", statement: { Action: "iam:Get*" }, taken: ["iam:GetRole"] },
    ...{ has: '"iam:GetRole?*"', misread: ["iam:GetRole"] },
  },
  {
    ...{
      name: "such beginnings among others",
      statement: { Action: "iam:*" },
      taken: ["iam:GetRole", "iam:ListUsers"],
    },
    ...{ has: '"iam:GetRole?*"', misread: ["iam:GetRole"] },
  },
];

test("with policies enforced", { skip }, async (t) => {
  const moto = await startMoto(t);
  const tried = cases.map((one, index) => ({ ...one, role: { RoleName: `role-${index}` }, ...policyOf(one) }));
  const roles = tried.map(({ role, text }) => ({ name: role.RoleName, policy: JSON.parse(text) }));
  await moto.seed({ account, roles });
  const clients = await Promise.all(tried.map(({ role }) => assumeRole(moto, role)));
  await moto.enforcePolicies();
  for (const [index, { name, role, text, allowed, misread = [], has = "" }] of tried.entries()) {
    await t.test(name, async (t) => {
      t.ok(text.includes(has), text);
      const want = Object.keys(calls).filter((action) => allowed.has(action) || misread.includes(action));
      t.strictSame(await allowedCalls(clients[index], role), want, text);
      for (const action of misread) t.notOk(allowed.has(action), `${action} is not ours`);
    });
  }
});

function policyOf({ statement, taken = [] }: Case) {
  const document = { Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement, Resource: "*" }] };
  const [left] = subtract([parse(JSON.stringify(document))], taken).policies;
  if (left === undefined) throw new Error("nothing is left");
  return { text: left.text, allowed: new Set(permissionsOf([parse(left.text)]).total) };
}

function parse(text: string) {
  const parsed = parsePolicy(text);
  if (!parsed.ok) throw new Error(parsed.problems[0]?.says);
  return parsed.policy;
}

async function allowedCalls(client: IAMClient | undefined, role: Role): Promise<readonly string[]> {
  const allowed: string[] = [];
  for (const [action, call] of Object.entries(calls))
    if (client !== undefined && (await isAllowed(call(client, role)))) allowed.push(action);
  return allowed;
}

async function assumeRole(moto: Moto, { RoleName }: Role): Promise<IAMClient> {
  const RoleArn = `arn:aws:iam::${account}:role/${RoleName}`;
  const sts = new STSClient(clientConfig(moto.environment()));
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "test" }));
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  const session = {
    ...moto.environment({ id: AccessKeyId, secret: SecretAccessKey }),
    AWS_SESSION_TOKEN: SessionToken,
  };
  return new IAMClient(clientConfig(session));
}

async function isAllowed(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (thrown) {
    if (Object(thrown).name !== "AccessDenied") throw thrown;
    return false;
  }
}
