import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { pause, resume } from "../../lib/act/pause.ts";
import { addExemption, removeExemption } from "../../lib/act/stored-exemptions.ts";
import { days, hours, minutes } from "../../lib/core/time.ts";
import { aKey, aUser } from "../../lib/demo/scenario/builders.ts";
import type { KeySpec } from "../../lib/demo/scenario/specs.ts";
import { endingsOf, openWorld, refusalsOf, slackIdOf, type World } from "../support/acting.ts";
import type { PostedMessage } from "../support/fake-slack-workspace.ts";
import { pointsOf, statusOf } from "../support/run-executable.ts";

t.jobs = 3;
/** Scenarios wait for processes rather than work: several go on at once. */
const scenario = (name: string, play: (t: Test) => Promise<void>) => t.test(name, { buffered: true }, play);

const old = (said: Partial<KeySpec> = {}) => aKey({ ageDays: 200, usedDaysAgo: 30, ...said });
const human = (name: string, ...keys: readonly KeySpec[]) => aUser({ name, keys: keys.length === 0 ? [old()] : keys });

const textOf = ({ blocks }: PostedMessage): string =>
  blocks
    .flatMap(({ text, fields = [], elements = [] }) => [...(text === undefined ? [] : [text]), ...fields, ...elements])
    .map(({ text }) => text)
    .join("\n");

const statuses = ({ account }: World) =>
  Object.fromEntries(account.users.list().map(({ name, keys }) => [name, keys.map(({ status }) => status).join(" ")]));

scenario("told, waited for, disabled once; and all of it anew where a person switches the key on again", async (t) => {
  const world = await openWorld(t, { users: [human("ada", old({ description: "for the backup" }))] });
  const { id } = world.key("ada");
  const writes = () => world.aws.writes().map(({ parameters }) => parameters.Status);

  const first = await world.run();
  t.equal(first.exitCode, 0);
  t.match(statusOf(first), { planned: 2, permitted: 1, refused: 1, applied: 1, failed: 0 });
  t.strictSame(refusalsOf(first), { told: 1 });
  const [notice] = world.slack.posts;
  t.equal(notice?.channel, `D${slackIdOf("ada")}`);
  const text = textOf(notice as PostedMessage);
  const due = new Date(Date.now() + days(14)).toISOString().slice(0, 10);
  for (const part of [
    ...[`Account\n${world.account.id}`, "User\nada", `Key ending in\n${id.slice(-5)}`, "for the backup", "200 days"],
    ...["aws iam create-access-key --user-name ada", "--status Inactive", "aws iam delete-access-key"],
    ...[`still Active on ${due}, it may be disabled`, "stalewatch exempt add ada"],
  ])
    t.ok(text.includes(part), part);
  t.notOk(text.includes(id), "a whole key id is never shown");

  await world.run();
  t.equal(world.slack.posts.length, 1, "once a day");
  await world.pass(days(13));
  await world.run();
  t.equal(world.slack.posts.length, 2);
  t.strictSame(writes(), [], "not before its time");

  await world.pass(days(1));
  const fourth = await world.run();
  t.strictSame(writes(), ["Inactive"]);
  t.equal(world.slack.posts.length, 2, "who is being disabled is not reminded as if nothing had happened");
  t.ok((fourth.calls["iam:ListAccessKeys"] ?? 0) >= 3, "read by the scan, again before the deed and after it");
  t.equal(fourth.calls["iam:GetAccessKeyLastUsed"], 1);
  t.match(pointsOf(fourth, "keycheck_account"), [{ fields: { notified: 0, disabled: 1 } }]);
  const disabled = (await world.journal()).find(({ action }) => action.kind === "disable");
  t.match(disabled, {
    state: "applied",
    before: { status: "Active", lastUsedAt: Number },
    after: { status: "Inactive" },
    who: /^arn:aws:sts::100000000001:assumed-role\//,
  });

  await world.run();
  await world.run();
  t.equal(world.slack.posts.length, 3, "told once of the deed");
  const news = textOf(world.slack.posts[2] as PostedMessage);
  t.match(news, /was disabled/);
  t.match(news, `stalewatch undo keycheck/${world.account.id}/disable/${disabled?.action.subject}/1`);

  // A report says when it was made in whole seconds, and one as old as the deed is no evidence of what came after it.
  await world.pass(minutes(1));
  world.key("ada").status = "Active";
  const again = await world.run();
  t.strictSame(refusalsOf(again), { told: 1 });
  t.equal(world.slack.posts.length, 4, "told anew");
  t.match(await world.ladder(id), { round: 2, notices: 1, disabled: undefined });
  await world.pass(days(14));
  await world.run();
  t.strictSame(writes(), ["Inactive", "Inactive"]);
  const kept = endingsOf(await world.journal()).filter((ending) => ending.startsWith("disable"));
  t.strictSame(kept, ["disable ada 1: applied", "disable ada 2: applied"]);
  t.strictSame(await world.open(), []);
  t.strictSame(world.slack.violations, []);
});

interface Case {
  readonly name: string;
  readonly user: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly keys: readonly KeySpec[];
  /** What becomes of the world while the time to act comes. */
  readonly meanwhile?: (world: World) => void;
  readonly want: {
    /** Notices before that time. */
    readonly told: number;
    /** The user's keys after one run more, and after another. */
    readonly first: string;
    readonly second?: string;
  };
}

const useKey =
  (user: string, { at = 0, daysAgo }: { readonly at?: number; readonly daysAgo: number }) =>
  (world: World) => {
    world.key(user, at).lastUsed = { at: Date.now() - days(daysAgo), service: "s3", region: "us-east-1" };
  };

const suffixed = (letter: string, said: Partial<KeySpec> = {}) => old({ id: `AKIA${letter.repeat(11)}SAME5`, ...said });

const cases: readonly Case[] = [
  { name: "an expired key is disabled", user: "due", keys: [old()], want: { told: 1, first: "Inactive" } },
  { name: "a young key is left alone", user: "young", keys: [aKey()], want: { told: 0, first: "Active" } },
  {
    name: "a key that expires while its owner knows of it is disabled",
    user: "soon",
    keys: [aKey({ ageDays: 166 })],
    want: { told: 1, first: "Inactive" },
  },
  {
    name: "a key that is not yet expired is not disabled, however long its owner knows of it",
    user: "slow",
    keys: [aKey({ ageDays: 230 })],
    want: { told: 1, first: "Active" },
  },
  {
    name: "a machine that no rule names keeps its key",
    user: "robot",
    keys: [old()],
    want: { told: 1, first: "Active" },
  },
  {
    name: "a machine whose rule says so loses it",
    user: "cron",
    keys: [old()],
    want: { told: 1, first: "Inactive" },
  },
  {
    name: "a machine by its tag keeps its key",
    user: "tagged",
    tags: { use: "ci" },
    keys: [old()],
    want: { told: 1, first: "Active" },
  },
  {
    name: "an exempt user is neither told nor touched",
    user: "spared",
    keys: [old()],
    want: { told: 0, first: "Active" },
  },
  { name: "a protected user is told and not touched", user: "kept", keys: [old()], want: { told: 1, first: "Active" } },
  {
    name: "an Inactive old key is silent",
    user: "off",
    keys: [old({ status: "Inactive" })],
    want: { told: 0, first: "Inactive" },
  },
  {
    name: "an owner whom nobody can find is not told",
    user: "nobody",
    keys: [old()],
    want: { told: 0, first: "Active" },
  },
  {
    name: "a key used within recent_use stays",
    user: "busy",
    keys: [old()],
    meanwhile: useKey("busy", { daysAgo: 6 }),
    want: { told: 1, first: "Active" },
  },
  {
    name: "a key used just before recent_use goes",
    user: "idle",
    keys: [old()],
    meanwhile: useKey("idle", { daysAgo: 7 }),
    want: { told: 1, first: "Inactive" },
  },
  {
    name: "past expire_hard use protects no longer",
    user: "stale",
    keys: [old({ ageDays: 400 })],
    meanwhile: useKey("stale", { daysAgo: 1 }),
    want: { told: 1, first: "Inactive" },
  },
  {
    name: "of two old keys the one in use stays",
    user: "half",
    keys: [old(), old({ ageDays: 190 })],
    meanwhile: useKey("half", { at: 0, daysAgo: 1 }),
    want: { told: 2, first: "Active Inactive", second: "Active Inactive" },
  },
  {
    name: "of two old keys not in use one goes in a run",
    user: "both",
    keys: [old(), old({ ageDays: 190 })],
    want: { told: 2, first: "Inactive Active", second: "Inactive Inactive" },
  },
  {
    name: "who has changed over to another key loses the one that was used before it",
    user: "moved",
    keys: [old(), aKey({ ageDays: 20 })],
    meanwhile: (world) => {
      useKey("moved", { at: 0, daysAgo: 3 })(world);
      useKey("moved", { at: 1, daysAgo: 2 })(world);
    },
    want: { told: 1, first: "Inactive Active", second: "Inactive Active" },
  },
  {
    name: "two keys with equal last five are two keys",
    user: "twin",
    keys: [suffixed("A"), suffixed("B", { ageDays: 190 })],
    want: { told: 2, first: "Inactive Active", second: "Inactive Inactive" },
  },
];

/** Most of twenty keys due at once would look like a mistake. */
const bystanders = Array.from({ length: 16 }, (_, at) => aUser({ name: `young-${at}`, keys: [aKey()] }));

scenario("who loses a key, and who does not", async (t) => {
  const exempt = { user: "spared", reason: "a migration", owner: "ops", until: "2100-01-01" };
  const world = await openWorld(t, {
    users: [...cases.map(({ user, keys, tags = {} }) => aUser({ name: user, keys, tags })), ...bystanders],
    unmapped: ["nobody"],
    run: { protected: "kept" },
    keycheck: {
      kinds: [
        { kind: "machine", user: "cron", disable: true },
        { kind: "machine", user: "robot" },
        { kind: "machine", tag: "use=ci" },
        { kind: "human", user: "slow", expire_age: "300d", warn_before: "100d" },
        { kind: "human", user: "*" },
      ],
      ...{ exemptions: [exempt], expire_hard: "400d", max_disables: 100, max_notices: 100 },
    },
  });
  await world.run();
  const told = (user: string) => world.slack.posts.filter(({ channel }) => channel === `D${slackIdOf(user)}`);
  for (const { user, name, want } of cases) t.equal(told(user).length, want.told, name);
  await world.pass(days(14));
  for (const { meanwhile } of cases) meanwhile?.(world);
  const second = await world.run({ keycheck: { max_notices: 0 } });
  const first = statuses(world);
  for (const { user, name, want } of cases) t.equal(first[user], want.first, name);
  t.match(refusalsOf(second), { told: 1, protected: 1, recent_use: 1, exempt: Number });
  const third = await world.run({ keycheck: { max_notices: 0 } });
  for (const { user, name, want } of cases) t.equal(statuses(world)[user], want.second ?? want.first, `${name}, later`);
  t.match(refusalsOf(third), { recent_use: 2 });
  const disabled = (await world.journal()).filter(({ action }) => action.kind === "disable");
  t.equal(disabled.length, Object.values(statuses(world)).join(" ").split("Inactive").length - 2);
  t.equal(new Set(disabled.map(({ action }) => action.subject)).size, disabled.length);
  t.equal(world.aws.writes().length, disabled.length, "each key once");
});

scenario("keys that this process or a configured profile uses stay", async (t) => {
  const world = await openWorld(t, { users: [human("ada"), human("bob"), human("eve")] });
  await world.tell(
    ["ada", "bob", "eve"].map((name) => [name, world.key(name)] as const),
    days(20),
  );
  const config = join(world.directory, "config");
  writeFileSync(config, `[profile other]\naws_access_key_id = ${world.key("bob").id}\n`);
  const run = await world.run({ identity: world.key("ada").id, environment: { AWS_CONFIG_FILE: config } });
  t.equal(run.exitCode, 0);
  t.strictSame(refusalsOf(run), { own_leg: 2 });
  t.strictSame(statuses(world), { ada: "Active", bob: "Active", eve: "Inactive" });
  const unreadable = await world.run({ environment: { AWS_CONFIG_FILE: world.directory } });
  t.strictSame(refusalsOf(unreadable), { coverage: 3 }, "what can't be read may name any key");
  t.match(unreadable.stderr[0], /^W! keycheck: default: nothing is done: own access keys: file /);
  t.match(statuses(world), { ada: "Active", bob: "Active" });
});

interface Bar {
  readonly name: string;
  readonly run?: Readonly<Record<string, unknown>>;
  readonly keycheck?: Readonly<Record<string, unknown>>;
  /** A notice and the disabling of the key are due, unless said otherwise. */
  readonly refused: Readonly<Record<string, number>>;
  readonly told?: number;
}

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const exemption = { user: "a*", reason: "a migration", owner: "ops", until: "2100-01-01" };

const bars: readonly Bar[] = [
  {
    name: "a calendar that is frozen today",
    run: { calendar: { freeze: [`${dayOf(Date.now())}..${dayOf(Date.now() + days(1))}`] } },
    refused: { calendar: 2 },
  },
  { name: "act_on_accounts with another account", run: { act_on_accounts: ["200000000002"] }, refused: { account: 2 } },
  { name: "an exemption", keycheck: { exemptions: [exemption] }, refused: { exempt: 2 } },
  { name: "mode observe", run: { mode: "observe" }, refused: {} },
  { name: "mode notify, which tells", run: { mode: "notify" }, refused: {}, told: 1 },
  { name: "disable_key = false, which tells", keycheck: { disable_key: false }, refused: {} },
];

scenario("what keeps a key as it is, though it is due", async (t) => {
  const world = await openWorld(t, { users: [human("ada")] });
  const { id } = world.key("ada");
  const kept = async () => [await world.ladder(id), await world.journal(), await world.open()];
  await world.tell([["ada", world.key("ada")]], days(20));
  for (const { name, run = {}, keycheck = {}, refused, told = 0 } of bars) {
    const before = { posts: world.slack.posts.length, kept: await kept() };
    const barred = await world.run({ run, keycheck });
    t.equal(barred.exitCode, 0, name);
    t.strictSame(refusalsOf(barred), refused, name);
    t.equal(world.slack.posts.length - before.posts, told, name);
    if (told === 0) t.strictSame(await kept(), before.kept, name);
  }
  await world.inStore((store) =>
    pause(store, { program: "keycheck" }, { reason: "an incident", by: "ops", at: Date.now(), until: undefined }),
  );
  const paused = await world.run();
  t.strictSame(refusalsOf(paused), { paused: 1 }, "the kill switch");
  await world.inStore((store) => resume(store, { program: "keycheck" }));
  await world.inStore((store) =>
    addExemption(store, "keycheck", { ...exemption, names: "ada", until: Date.now() + days(1) }),
  );
  t.strictSame(refusalsOf(await world.run()), { exempt: 1 }, "an exemption that a person gave by command");
  await world.inStore((store) => removeExemption(store, "keycheck", "ada"));
  t.strictSame(world.aws.writes(), []);
  await world.run();
  t.strictSame(statuses(world), { ada: "Inactive" }, "it was due all the time");
});

scenario("found published by AWS: told at once, whatever was said an hour ago", async (t) => {
  const world = await openWorld(t, { users: [human("ada"), aUser({ name: "eve", keys: [aKey()] })] });
  await world.run();
  t.equal(world.slack.posts.length, 1);
  await world.pass(hours(1));
  for (const name of ["ada", "eve"])
    world.account.users.add({
      ...world.user(name),
      policies: ["arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"],
    });
  await world.run();
  const [, ...news] = world.slack.posts.map(textOf);
  t.match(news, [/has found one of your access keys published/, /has found one of your access keys published/]);
  t.equal(news.length, 2);
  await world.run();
  t.equal(world.slack.posts.length, 3, "and once");
  t.strictSame(world.aws.writes(), []);
  await world.pass(days(15));
  await world.run();
  t.strictSame(statuses(world), { ada: "Inactive", eve: "Active" }, "a key that is not expired is not disabled for it");
});

t.end();
