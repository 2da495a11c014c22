import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Test, test } from "tap";
import { stringify } from "yaml";
import { actionId } from "../../lib/act/action.ts";
import { asBody, type JournalEntry, journalOf } from "../../lib/act/entry.ts";
import { thisHolder } from "../../lib/act/holder.ts";
import { acquireLease } from "../../lib/act/lease.ts";
import { days, seconds } from "../../lib/core/time.ts";
import { adminSessionOf } from "../../lib/demo/admin-session.ts";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { acmeOrganization } from "../../lib/demo/scenario/acme.ts";
import { aKey, aUser } from "../../lib/demo/scenario/builders.ts";
import { openEmbeddedStore } from "../../lib/state/embedded.ts";
import { openWorld, type World } from "../support/acting.ts";
import { anAction } from "../support/an-intent.ts";
import { runStalewatch } from "../support/run-stalewatch.ts";

interface Disabled extends World {
  readonly id: string;
  undo(args?: readonly string[], environment?: Readonly<Record<string, string>>): ReturnType<typeof runStalewatch>;
  statuses(): readonly unknown[];
}

/** A world in which keycheck has disabled ada's key. */
async function disabledWorld(t: Test): Promise<Disabled> {
  const old = aKey({ ageDays: 200, usedDaysAgo: 30 });
  const world = await openWorld(t, { users: [aUser({ name: "ada", keys: [old] })] });
  await world.tell([["ada", world.key("ada")]], days(20));
  await world.run();
  const entry = (await world.journal()).find(({ action }) => action.kind === "disable");
  if (entry?.state !== "applied") throw new Error("nothing was disabled");
  const id = actionId(entry.action);
  const place = { STALEWATCH_STATE_DIRECTORY: world.stateDirectory, STALEWATCH_LEASE_TIME: "1s" };
  return {
    ...world,
    id,
    undo: (args = [id], environment = {}) =>
      runStalewatch(["undo", ...args], { ...world.aws.environment(), ...place, ...environment }),
    statuses: () => world.aws.writes().map(({ parameters }) => parameters.Status),
  };
}

test("a disabled key is switched on again, once, and its owner has the whole time anew", async (t) => {
  const world = await disabledWorld(t);
  const key = world.key("ada");
  t.equal(key.status, "Inactive");
  t.strictSame(await world.undo(), { code: 0, stdout: "undone: undone by a person\n", stderr: "" });
  t.equal(world.key("ada").status, "Active");
  t.strictSame(world.statuses(), ["Inactive", "Active"]);
  t.match(await world.ladder(key.id), { round: 2, disabled: undefined, deliveredAt: undefined, notices: 0 });
  const undoId = world.id.replace("/disable/", "/enable/");
  const [disable, enable] = (await world.journal()).filter(({ action }) => action.kind !== "notice");
  t.match(disable, { state: "applied", undoneBy: undoId });
  t.match(enable, { state: "applied", action: { kind: "enable", undoes: world.id }, after: { status: "Active" } });
  t.strictSame(await world.open(), []);
  t.strictSame(await world.undo(), {
    ...{ code: 3, stdout: "" },
    stderr: `E! stalewatch: not undone: it is undone already, by "${undoId}"\n`,
  });
  t.match(await world.undo([undoId]), { code: 3, stderr: /kind "enable" has no undo/ });
  await world.run();
  t.strictSame(world.statuses(), ["Inactive", "Active"], "not disabled again before its owner is told again");
});

const other = "999999999999";

/** Another account, and a file with a profile for each. */
function addOther({ aws, account, directory }: World): string {
  const added = { ...account, id: other, alias: "other" };
  const session = adminSessionOf(added);
  aws.organization.accounts.push(added);
  aws.organization.sessions.set(session.accessKeyId, session);
  const path = join(directory, "aws-config");
  writeFileSync(path, aws.configFile());
  return path;
}

test("the account that STS answers must be the action's, whatever credentials are given", async (t) => {
  const world = await disabledWorld(t);
  const AWS_CONFIG_FILE = addOther(world);
  t.match(await world.undo([world.id, "--profile", "other"], { AWS_CONFIG_FILE }), {
    ...{ code: 3, stdout: "" },
    stderr: `E! stalewatch: not undone: by gate account: planned for account "${world.account.id}", and STS answers "${other}"\n`,
  });
  t.match(await world.undo([world.id, "--profile", "nobody"], { AWS_CONFIG_FILE }), {
    ...{ code: 1, stdout: "", stderr: /^E! stalewatch: .*nobody.*\n$/ },
  });
  t.strictSame(world.statuses(), ["Inactive"]);
  t.match(await world.undo([world.id, "--profile", world.account.id], { AWS_CONFIG_FILE }), { code: 0 });
  t.strictSame(world.statuses(), ["Inactive", "Active"]);
});

test("without a profile, the settings lead to the account, also past profiles that don't", async (t) => {
  const world = await disabledWorld(t);
  const AWS_CONFIG_FILE = addOther(world);
  const config = join(world.directory, "profiles.yaml");
  const run = { profiles: ["nobody", "other", world.account.id], exclude_accounts: [world.account.id] };
  writeFileSync(config, stringify({ run }));
  t.match(await world.undo([world.id, "--config", config], { AWS_CONFIG_FILE }), { code: 0 });
  t.strictSame(world.statuses(), ["Inactive", "Active"]);
});

test("an account of the organization is reached by its role, whatever a run would leave out", async (t) => {
  const aws = await startOfflineAws({ scenario: acmeOrganization() });
  t.teardown(() => aws.close());
  const directory = t.testdir();
  const [first, second] = aws.organization.accounts;
  const action = anAction({
    accountId: second?.id ?? "",
    kind: "disable",
    detail: { user: "gone", keyId: "AKIAGONE" },
  });
  const entry: JournalEntry = {
    ...{ action, state: "applied", attempt: 1, intendedAt: 1, before: {}, who: "arn", planHash: "p" },
    lease: { holder: thisHolder(), until: 1 },
  };
  const store = await openEmbeddedStore({ directory });
  await store.create(journalOf(action), actionId(action), asBody(entry));
  await store.close();
  const config = join(directory, "settings.yaml");
  const run = { organization: true, external_id: "acme-stalewatch", shard: "0/2", include_accounts: [first?.id] };
  writeFileSync(config, stringify({ run: { ...run, state_directory: directory } }));
  t.match(await runStalewatch(["undo", actionId(action), "--config", config], aws.environment()), {
    ...{ code: 3, stdout: "", stderr: "E! stalewatch: not undone: by gate gone: the key is gone\n" },
  });
  t.equal(aws.calls()["sts:AssumeRole"], 1);
});

test("nothing is undone while a run holds the account", async (t) => {
  const world = await disabledWorld(t);
  await world.inStore(async (store) => {
    const lease = await acquireLease(store, {
      ...{ collection: "lease.keycheck", id: world.account.id, holder: thisHolder() },
      ...{ length: seconds(30), clock: Date.now },
    });
    t.strictSame(await world.undo(), {
      ...{ code: 3, stdout: "" },
      stderr: `E! stalewatch: not undone: another run acts on account "${world.account.id}" now\n`,
    });
    await lease?.release();
  });
  t.strictSame(world.statuses(), ["Inactive"]);
});

test("what is not there to be undone, or not any more, is said", async (t) => {
  const world = await disabledWorld(t);
  const refused = [
    { id: "ada", code: 2, says: '"ada" is no id of the journal' },
    { id: "other/123456789012/stop/i-1/1", code: 2, says: "is no id of the journal" },
    { id: world.id.replace("ada", "bob"), code: 2, says: "the journal has no " },
  ];
  for (const { id, code, says } of refused) {
    const ended = await world.undo([id]);
    t.equal(ended.code, code, id);
    t.ok(ended.stderr.includes(says), ended.stderr);
  }
  world.key("ada").status = "Active";
  t.strictSame(await world.undo(), {
    ...{ code: 0, stderr: "", stdout: "nothing to undo: the key is Active already\n" },
  });
  world.user("ada").keys = [];
  t.match(await world.undo(), { code: 3, stderr: /by gate gone: the key is gone/ });
  t.strictSame(world.statuses(), ["Inactive"]);
});
