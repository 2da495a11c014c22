import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import t, { type Test } from "tap";
import { actionId } from "../../lib/act/action.ts";
import { asBody, type JournalEntry, journalOf, openOf } from "../../lib/act/entry.ts";
import { openSpending } from "../../lib/act/spending.ts";
import { days, minutes, seconds } from "../../lib/core/time.ts";
import type { Fault } from "../../lib/demo/call-rules.ts";
import { aKey, aUser } from "../../lib/demo/scenario/builders.ts";
import { openLadders } from "../../lib/keycheck/ladders.ts";
import { caps, planActions } from "../../lib/keycheck/plan.ts";
import type { Store } from "../../lib/state/store.ts";
import { endingsOf, openWorld, refusalsOf, type World, worldAccount } from "../support/acting.ts";
import { aCandidate, aPlanning } from "../support/key-ladders.ts";
import { keycheckPath, pointsOf, statusOf } from "../support/run-executable.ts";

t.jobs = 3;
const scenario = (name: string, play: (t: Test) => Promise<void>) => t.test(name, { buffered: true }, play);

const human = (name: string) => aUser({ name, keys: [aKey({ ageDays: 200, usedDaysAgo: 30 })] });
const statuses = ({ account }: World) => account.users.list().map(({ keys }) => keys[0]?.status);
const disables = async (world: World) => (await world.journal()).filter(({ action }) => action.kind === "disable");

/** Owners were told so long ago that each key is due. */
async function openDue(t: Test, names: readonly string[], faults: readonly Fault[] = []): Promise<World> {
  const world = await openWorld(t, { users: names.map(human), aws: { faults }, keycheck: { max_notices: 0 } });
  await world.tell(
    names.map((name) => [name, world.key(name)] as const),
    days(20),
  );
  return world;
}

const update = "iam:UpdateAccessKey";
const broken = { kind: "error", code: "ServiceFailure", status: 500, message: "try again" } as const;

scenario("a key that can't be disabled: journaled, told, tried again later and then less often", async (t) => {
  const world = await openDue(
    t,
    ["ada", "bob", "eve"],
    [
      { action: update, userName: "bob", kind: "cut", times: 1 },
      { action: update, userName: "eve", ...broken, times: 1 },
    ],
  );
  const denial = { action: update, userName: "ada" };
  world.aws.organization.denials.push(denial);
  const first = await world.run();
  t.equal(first.exitCode, 0);
  t.strictSame(statuses(world), ["Active", "Inactive", "Active"]);
  t.strictSame(endingsOf(await world.journal()), [
    "disable ada 1: failed",
    "disable bob 1: applied",
    "disable eve 1: failed",
  ]);
  t.match(await disables(world), [
    { says: /^iam:UpdateAccessKey: User: \S+ is not authorized to perform: iam:UpdateAccessKey/ },
    { after: { status: "Inactive" } },
    { says: /^iam:UpdateAccessKey: .*try again/ },
  ]);
  t.match(statusOf(first), { applied: 1, failed: 2 });
  t.match(
    first.stderr.filter((line) => line.startsWith("W!")),
    [/disable ada\S+: failed: iam:UpdateAccessKey: User/, /disable eve/],
  );
  t.strictSame(await world.open(), []);
  const spent = await world.inStore((store) =>
    openSpending({ store, program: "keycheck", accountId: worldAccount, clock: Date.now }).spent(caps.disable),
  );
  t.equal(spent, 1, "what was not done is not counted");

  const second = await world.run({ keycheck: { max_notices: 25 } });
  t.equal(second.calls[update], undefined, "not at once again");
  const news = world.slack.posts.map(({ text }) => text);
  t.match(news.toSorted(), [/ada.* has expired/, /bob.* was disabled/, /eve.* has expired/]);
  t.match(
    world.slack.posts
      .map(({ blocks }) => JSON.stringify(blocks))
      .filter((text) => /should have been disabled, which failed/.test(text)),
    { length: 2 },
  );
  t.equal((await world.run({ keycheck: { max_notices: 25 } })).calls[update], undefined);
  t.equal(world.slack.posts.length, 3, "told once of it");

  await world.pass(minutes(5));
  await world.run();
  t.strictSame(statuses(world), ["Active", "Inactive", "Inactive"]);
  await world.pass(minutes(6));
  t.equal((await world.run()).calls[update], undefined, "less often each time");
  world.aws.organization.denials.splice(0);
  await world.pass(minutes(5));
  await world.run();
  t.strictSame(statuses(world), ["Inactive", "Inactive", "Inactive"]);
  t.match(await disables(world), [
    { state: "applied", attempt: 3 },
    { state: "applied", attempt: 1 },
    { state: "applied", attempt: 2 },
  ]);
  t.equal(world.aws.writes().length, 3, "each key once");
});

const waitUntil = async (isSo: () => boolean): Promise<void> => {
  for (let waited = 0; !isSo() && waited < seconds(20); waited += 10) await wait(10);
};

interface Interruption {
  readonly name: string;
  readonly told: boolean;
  readonly upset: (world: World) => void;
  readonly isUnderWay: (world: World) => boolean;
  /** The journal after the signal; the deed itself is done, once, in any case. */
  readonly want: readonly string[];
}

const isDisabling = ({ aws }: World) => aws.writes().length > 0;
const isPosting = ({ slack }: World) => slack.calls.includes("chat.postMessage");

const interruptions: readonly Interruption[] = [
  {
    name: "while AWS takes its time over a key",
    told: true,
    upset: ({ aws }) => aws.organization.faults.push({ action: update, kind: "slow", ms: 1500 }),
    isUnderWay: isDisabling,
    want: ["disable ada 1: applied"],
  },
  {
    name: "while AWS's answer never comes",
    told: true,
    upset: ({ aws }) => aws.organization.faults.push({ action: update, kind: "hang", times: 1 }),
    isUnderWay: isDisabling,
    want: ["disable ada 1: intended"],
  },
  {
    name: "while Slack's answer never comes",
    told: false,
    upset: ({ slack }) => slack.fail("chat.postMessage", { silent: "hang", done: true }),
    isUnderWay: isPosting,
    want: ["notice ada 1-1: intended"],
  },
];

for (const { name, told, upset, isUnderWay, want } of interruptions) {
  scenario(`SIGTERM ${name}: it ends in time, nothing new is begun, and the next run knows`, async (t) => {
    const users = ["ada", "bob"];
    const keycheck = told ? { max_notices: 0 } : {};
    const world = await openWorld(t, { users: users.map(human), run: { lease_time: "10s" }, keycheck });
    if (told)
      await world.tell(
        users.map((user) => [user, world.key(user)] as const),
        days(20),
      );
    upset(world);
    const { child, ended } = world.start();
    child.stdin.end();
    await waitUntil(() => isUnderWay(world));
    const from = performance.now();
    child.kill("SIGTERM");
    const run = await ended;
    const took = performance.now() - from;
    t.ok(took < seconds(4), `took ${took} ms`);
    t.equal(run.exitCode, 0);
    t.strictSame(endingsOf(await world.journal()), want);
    t.match(statusOf(run), { ok: true });
    t.equal(pointsOf(run, "iam").length, 2);
    world.aws.organization.faults.splice(0);
    await world.run();
    t.strictSame(
      endingsOf(await world.journal()),
      users.map((user) => (told ? `disable ${user} 1: applied` : `notice ${user} 1-1: applied`)),
    );
    t.strictSame(await world.open(), []);
    t.equal((told ? world.aws.writes() : world.slack.posts).length, 2);
  });
}

scenario(
  "a key that another pod was disabling when it was killed is nobody else's doing, and its ticket stays",
  async (t) => {
    const world = await openWorld(t, { users: [human("ada")], jira: {} });
    const key = world.key("ada");
    await world.tell([["ada", key]], days(1));
    await world.run();
    await world.pass(days(14));
    await world.inStore((store) => beginElsewhere(store, world, seconds(3)));
    world.key("ada").status = "Inactive";
    const early = await world.run();
    t.match(early.stderr.join("\n"), /W! .*of unknown end: \S+\/disable\/ada\S+: left to the process that began it/);
    t.match(pointsOf(early, "keycheck_account"), [{ fields: { disabled: 0, notified: 1, ticketed: 1 } }]);
    t.match(await world.ladder(key.id), { endedAt: undefined, disabled: undefined, ticket: { isDone: false } });
    await wait(seconds(3));
    const late = await world.run();
    t.match(pointsOf(late, "keycheck_account"), [{ fields: { disabled: 1, ticketed: 1 } }]);
    t.match(await disables(world), [{ state: "applied", wasInterrupted: true }]);
    t.match(await world.ladder(key.id), { endedAt: undefined, disabled: Object, ticket: { isDone: false } });
    t.strictSame(await world.open(), []);
  },
);

/** As a pod leaves it that is killed once IAM has taken what it asked for. */
async function beginElsewhere(store: Store, world: World, lasts: number): Promise<void> {
  const { id, createdAt } = world.key("ada");
  const key = { id, createdAt, active: true };
  const ladder = await openLadders(store, worldAccount, Date.now).find(id);
  const candidate = aCandidate({ key, readAt: Date.now(), ...(ladder && { ladder }) });
  const planned = planActions([candidate], aPlanning({ accountId: worldAccount, now: Date.now() }));
  const action = planned.find(({ kind }) => kind === "disable");
  if (action === undefined) throw new Error("no disable is due");
  const at = Date.now();
  const lease = { holder: { token: "another", host: "pod-1", pid: 1 }, until: at + lasts };
  const account = { program: "keycheck", accountId: worldAccount };
  await store.create(openOf(account), actionId(action), { lease });
  const entry: JournalEntry = {
    ...{ action, state: "intended", attempt: 1, intendedAt: at, before: { status: "Active" } },
    ...{ who: "arn", planHash: "x", lease },
  };
  await store.create(journalOf(account), actionId(action), asBody(entry));
}

scenario("by a clock that is days ahead of AWS's nothing is disabled", async (t) => {
  const world = await openWorld(t, { users: [human("ada")], keycheck: { max_notices: 0 } });
  await world.tell([["ada", world.key("ada")]], days(1));
  const path = join(world.directory, "ahead.cjs");
  writeFileSync(path, clockAhead(days(15)));
  const run = await world.run({ path });
  t.equal(run.exitCode, 0);
  t.match(refusalsOf(run), { clock: 1, told: undefined });
  t.match(run.stderr.join("\n"), /refused by clock: this machine's clock is 15d ahead of AWS's/);
  t.strictSame(statuses(world), ["Active"]);
  t.strictSame(refusalsOf(await world.run()), { cap: 1, told: 1 }, "by its own clock its owner has time");
});

/** Runs keycheck as on a machine whose clock is wrong. */
const clockAhead = (offset: number): string => `
  const Right = Date;
  globalThis.Date = class Date extends Right {
    constructor(...given) {
      if (given.length === 0) super(Right.now() + ${offset});
      else super(...given);
    }
    static now() {
      return Right.now() + ${offset};
    }
  };
  require(${JSON.stringify(keycheckPath)});
`;

scenario("denied one user's keys: the others are reported, and nothing is done to anybody", async (t) => {
  const world = await openDue(t, ["ada", "bob"]);
  const denied = { action: "iam:ListAccessKeys", userName: "bob" };
  for (const known of [false, true]) {
    world.aws.organization.denials.push(denied);
    const run = await world.run({ keycheck: { max_notices: 25 } });
    t.equal(run.exitCode, 0);
    t.match(statusOf(run), { ok: true, partial: true, last_error: /^access keys of user "bob": iam:ListAccessKeys/ });
    t.strictSame(
      pointsOf(run, "iam").map(({ tags }) => tags.name),
      known ? ["ada", "bob"] : ["ada"],
      known ? "what is known of bob is old" : "nothing is known of bob",
    );
    t.strictSame(Object.keys(refusalsOf(run)), ["coverage"]);
    t.strictSame(world.slack.posts, []);
    t.strictSame(await world.journal(), []);
    t.strictSame(statuses(world), ["Active", "Active"]);
    world.aws.organization.denials.splice(0);
    if (!known) await world.run({ run: { mode: "observe" } });
  }
  world.aws.organization.denials.push({ action: "iam:GetAccessKeyLastUsed" });
  t.match(statusOf(await world.run()), { applied: 0, failed: 2 }, "whose use can't be read may be in use");
  t.strictSame(statuses(world), ["Active", "Active"]);
  world.aws.organization.denials.splice(0);
  await world.run();
  t.strictSame(statuses(world), ["Inactive", "Inactive"]);
});

t.end();
