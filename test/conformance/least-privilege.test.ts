import { type Test, test } from "tap";
import { policyDocument } from "../../lib/aws/policy-document.ts";
import { keycheckPermissions } from "../../lib/keycheck/permissions.ts";
import { pointsOf } from "../support/run-executable.ts";
import { skipWithout } from "./support/peers.ts";
import { runKeycheck } from "./support/run-keycheck.ts";
import { prodId } from "./support/scenario.ts";
import { type Credentials, type Moto, type MotoUser, startMoto } from "./support/start-moto.ts";

/**
 * moto's enforcement of policies: signatures, and actions by name. It denies any Resource but `*`, so which resources a
 * policy needs, and its conditions, can't be proven here.
 */
const skip = skipWithout("moto");

const observe: readonly string[] = keycheckPermissions.observe;
const scanner: Credentials = { id: "AKIASCANNERSCANNER22", secret: "c2Nhbm5lcg" };
const others: readonly MotoUser[] = ["ada", "grace"].map((name, index) => ({
  name,
  keys: [{ id: `AKIASOMEONEELSE2222${index + 2}`, secret: "ZWxzZQ" }],
}));

const scannerWith = (allow: readonly string[]): MotoUser => ({
  name: "scanner",
  policy: policyDocument(allow),
  keys: [scanner],
});

/** A scan by whom `scanner` is, with what it printed and the actions it called. */
async function scan(t: Test, moto: Moto, args: readonly string[] = []) {
  await moto.enforcePolicies();
  const { code, stdout, stderr } = await runKeycheck(t, { environment: moto.environment(scanner), args });
  const points = pointsOf({ stdout });
  const keys = points.filter(({ measurement }) => measurement === "iam");
  const [status] = points.filter(({ measurement }) => measurement === "stalewatch_run");
  return {
    code,
    firstLine: stderr.split("\n")[0],
    keys: keys
      .map(({ tags }) => `${tags.accountAlias} ${tags.name}`)
      .sort()
      .join(", "),
    account: status?.tags.account,
    ...status?.fields,
  };
}

async function scanAllowed(t: Test, moto: Moto, allow: readonly string[]) {
  await moto.reset();
  await moto.seed({ account: prodId, alias: "prod", users: [...others, scannerWith(allow)] });
  return scan(t, moto);
}

const allKeys = "prod ada, prod grace, prod scanner";

/** A scan that goes on without, and says in its first line and its status point what is missing for want of which action. */
const goesOnWithout = (what: string) => (action: string) => ({
  ...{ code: 0, ok: true, partial: true, keys: allKeys },
  firstLine: new RegExp(`^W! keycheck: default: partial: ${what}: ${action}: .* not authorized to perform: ${action}`),
  last_error: new RegExp(`^${what}: ${action}: `),
});

/** Without it nothing can be judged. */
const fails = (action: string) => ({
  ...{ code: 1, ok: false, keys: "" },
  firstLine: new RegExp(`^E! keycheck: default: ${action}: .* not authorized to perform: ${action}`),
  last_error: new RegExp(`^${action}: `),
});

type Action = (typeof keycheckPermissions.observe)[number];

const lacking: Readonly<Record<Action, (action: string) => object>> = {
  "iam:GenerateCredentialReport": goesOnWithout("credential report"),
  "iam:GetCredentialReport": goesOnWithout("credential report"),
  "iam:ListAccessKeys": fails,
  // The account's id stands for its alias.
  "iam:ListAccountAliases": () => ({ code: 0, keys: allKeys.replaceAll("prod", prodId) }),
  "iam:ListEntitiesForPolicy": goesOnWithout("users under quarantine"),
  "iam:ListServiceSpecificCredentials": goesOnWithout("service-specific credentials"),
  "iam:ListUsers": fails,
};

const otherId = "210987654321";
const roleArn = `arn:aws:iam::${otherId}:role/stalewatch`;

/** What the user `scanner` may do in its account, and the role in the other. */
const acrossAccounts = [
  {
    name: "a role of another account with the policy suffices to a user who may only assume it",
    hub: ["sts:AssumeRole"],
    role: observe,
    want: { code: 0, firstLine: "", ok: true, partial: false, keys: "dev ada, dev grace" },
  },
  {
    name: "a user who may not assume the role is told so",
    hub: observe,
    role: observe,
    want: { code: 1, ok: false, keys: "", firstLine: /^E! keycheck: .*sts:AssumeRole of "arn:.*not authorized/ },
  },
  {
    name: "a role that may not list users is told so",
    hub: ["sts:AssumeRole"],
    role: observe.filter((action) => action !== "iam:ListUsers"),
    want: {
      code: 1,
      ok: false,
      keys: "",
      firstLine: /^E! keycheck: .*iam:ListUsers: .*assumed-role\/stalewatch\/.*not authorized/,
    },
  },
];

test("with policies enforced", { skip }, async (t) => {
  const moto = await startMoto(t);

  await t.test("the generated policy suffices, and no action in it is idle", async (t) => {
    t.match(await scanAllowed(t, moto, observe), { code: 0, firstLine: "", ok: true, partial: false, keys: allKeys });
    const called = [...new Set(await moto.calls())].filter((action) => action !== "GetCallerIdentity");
    t.strictSame(called.map((action) => `iam:${action}`).sort(), [...observe].sort());
  });

  for (const [action, want] of Object.entries(lacking)) {
    await t.test(`a scan without ${action} shows it`, async (t) => {
      const rest = observe.filter((one) => one !== action);
      t.equal(rest.length, observe.length - 1);
      t.match(await scanAllowed(t, moto, rest), want(action));
    });
  }

  for (const { name, hub, role, want } of acrossAccounts) {
    await t.test(name, async (t) => {
      await moto.reset();
      await moto.seed({ account: prodId, users: [scannerWith(hub)] });
      await moto.seed({
        account: otherId,
        alias: "dev",
        users: others,
        roles: [{ name: "stalewatch", policy: policyDocument(role) }],
      });
      t.match(await scan(t, moto, ["--role-arns", roleArn]), { account: otherId, ...want });
    });
  }
});
