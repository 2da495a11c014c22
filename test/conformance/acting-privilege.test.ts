import { type Test, test } from "tap";
import { policyDocument } from "../../lib/aws/policy-document.ts";
import { days, formatInstant } from "../../lib/core/time.ts";
import { keycheckPermissions } from "../../lib/keycheck/permissions.ts";
import { type FakeSlack, startFakeSlack } from "../support/fake-slack.ts";
import { pointsOf } from "../support/run-executable.ts";
import { makeDirectory } from "./support/make-directory.ts";
import { skipWithout } from "./support/peers.ts";
import { runKeycheck } from "./support/run-keycheck.ts";
import { prodId } from "./support/scenario.ts";
import { type Credentials, type Moto, startMoto } from "./support/start-moto.ts";

/** As in least-privilege.test.ts, whose scans change nothing: here owners are told, and keys disabled. */
const skip = skipWithout("moto");

const scanner: Credentials = { id: "AKIASCANNERSCANNER22", secret: "c2Nhbm5lcg" };
const observed: readonly string[] = keycheckPermissions.observe;

const settings = (slack: FakeSlack, directory: string) => `
run: { mode: commit, act_on_accounts: ["${prodId}"], state_directory: ${directory}/state, lease_time: 1s }
keycheck:
  kinds: [{ kind: human, user: ada }]
  disable_after: 0d
  slack_token: env:SLACK_TOKEN
  slack_api_url: ${slack.apiUrl}
  slack_map: ${directory}/owners.yaml
`;

interface Acted {
  readonly told: number;
  /** Actions called that no scan calls. */
  readonly called: readonly string[];
  readonly applied: unknown;
  readonly firstLine: string | undefined;
}

/** Two runs on an account with one old key: the first tells its owner, the second disables it. */
async function actAllowed(t: Test, moto: Moto, allow: readonly string[]): Promise<Acted> {
  const slack = await startFakeSlack({ people: [{ id: "U0ADA", name: "Ada" }] });
  t.teardown(() => slack.close());
  const directory = makeDirectory(t, { "owners.yaml": "ada: U0ADA\n" });
  const path = `${makeDirectory(t, { "s.yaml": settings(slack, directory) })}/s.yaml`;
  await moto.reset();
  const created = formatInstant(Date.now() - days(200));
  await moto.seed({
    account: prodId,
    users: [
      { name: "ada", keys: [{ id: "AKIASOMEONEELSE22222", secret: "ZWxzZQ", created }] },
      { name: "scanner", policy: policyDocument(allow), keys: [scanner] },
    ],
  });
  await moto.enforcePolicies();
  const environment = { ...moto.environment(scanner), SLACK_TOKEN: slack.token };
  const run = () => runKeycheck(t, { environment, args: ["--config", path] });
  await run();
  const { stdout, stderr } = await run();
  const [status] = pointsOf({ stdout }, "stalewatch_run");
  const called = new Set((await moto.calls()).map((action) => `iam:${action}`));
  return {
    told: slack.posts.length,
    called: [...called].filter((action) => !observed.includes(action) && !action.endsWith("GetCallerIdentity")).sort(),
    applied: status?.fields.applied,
    firstLine: stderr.split("\n")[0],
  };
}

const commit: readonly string[] = keycheckPermissions.commit;
const beyondObserving = commit.filter((action) => !observed.includes(action));

/** What is left where one action may not be called: nothing is disabled, and the first line says for want of what. */
const lacking: Readonly<Record<string, Partial<Acted>>> = {
  "iam:ListUserTags": { told: 0, applied: 0 },
  "iam:GetAccessKeyLastUsed": { told: 1, applied: 0 },
  "iam:UpdateAccessKey": { told: 1, applied: 0 },
};

test("with policies enforced", { skip }, async (t) => {
  const moto = await startMoto(t);

  await t.test("the generated policy of mode commit suffices, and no action in it is idle", async (t) => {
    const acted = await actAllowed(t, moto, commit);
    t.match(acted, { told: 1, applied: 1, firstLine: "" });
    t.strictSame(acted.called, [...beyondObserving].sort());
  });

  t.strictSame(Object.keys(lacking).sort(), [...beyondObserving].sort(), "each is left out once");
  for (const [action, want] of Object.entries(lacking)) {
    await t.test(`without ${action} nothing is disabled`, async (t) => {
      const acted = await actAllowed(
        t,
        moto,
        commit.filter((one) => one !== action),
      );
      t.match(acted, { ...want, firstLine: new RegExp(`^W! keycheck: default: .*${action}`) });
    });
  }
});
