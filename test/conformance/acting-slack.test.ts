import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { days, minutes } from "../../lib/core/time.ts";
import { aKey, aUser } from "../../lib/demo/scenario/builders.ts";
import { endingsOf, openWorld, refusalsOf, slackIdOf, type World } from "../support/acting.ts";
import type { Fault } from "../support/fake-slack.ts";
import type { FakePerson } from "../support/fake-slack-workspace.ts";

t.jobs = 3;
const scenario = (name: string, play: (t: Test) => Promise<void>) => t.test(name, { buffered: true }, play);

const human = (name: string) => aUser({ name, keys: [aKey({ ageDays: 200, usedDaysAgo: 30 })] });
const endings = async (world: World) =>
  Object.fromEntries((await world.journal()).map(({ action, state }) => [action.subject.split("/")[0], state]));
const toldOf = (world: World, name: string) =>
  world.slack.posts.filter(({ channel }) => channel === `D${slackIdOf(name)}`).length;

interface Case {
  readonly name: string;
  /** What meets the notice to the user of this name, in the order of the alphabet. */
  readonly user: string;
  readonly fault: Fault;
  /** After the run that met it. */
  readonly want: "applied" | "failed";
  readonly says?: RegExp;
}

const cases: readonly Case[] = [
  { name: "refused", user: "a", fault: { error: "channel_not_found" }, want: "failed", says: /channel_not_found/ },
  {
    name: "a token's account that is gone",
    user: "b",
    fault: { error: "account_inactive" },
    want: "failed",
    says: /account_inactive/,
  },
  {
    name: "a message that Slack won't take",
    user: "c",
    fault: { error: "msg_too_long" },
    want: "failed",
    says: /msg_too_long/,
  },
  {
    name: "an error that may have left something, and has not",
    user: "d",
    fault: { error: "fatal_error" },
    want: "failed",
    says: /fatal_error/,
  },
  {
    name: "asked to wait for longer than a run has",
    user: "e",
    fault: { throttle: 30 },
    want: "failed",
    says: /asked to wait 30 s/,
  },
  { name: "a proxy's page", user: "f", fault: { page: "<html>" }, want: "failed", says: /not Slack's/ },
  { name: "a server in trouble", user: "g", fault: { status: 503 }, want: "failed", says: /HTTP 503/ },
  {
    name: "no answer, and nothing done",
    user: "h",
    fault: { silent: "hang", done: false },
    want: "failed",
    says: /no end within/,
  },
  { name: "an answer that is lost after the deed", user: "i", fault: { silent: "cut", done: true }, want: "applied" },
  {
    name: "an answer that never comes after the deed",
    user: "j",
    fault: { silent: "hang", done: true },
    want: "applied",
  },
  { name: "an answer cut in two", user: "k", fault: { silent: "half", done: true }, want: "applied" },
  { name: "asked to wait a second", user: "l", fault: { throttle: 1 }, want: "applied" },
];

scenario("whatever Slack answers, everybody is told once in the end", async (t) => {
  const world = await openWorld(t, { users: cases.map(({ user }) => human(user)) });
  for (const { fault } of cases) world.slack.fail("chat.postMessage", fault);
  const first = await world.run();
  t.equal(first.exitCode, 0);
  const ended = await endings(world);
  const journal = await world.journal();
  for (const { name, user, want, says } of cases) {
    t.equal(ended[user], want, name);
    t.equal(toldOf(world, user), want === "applied" ? 1 : 0, name);
    const entry = journal.find(({ action }) => action.subject.startsWith(`${user}/`));
    if (says !== undefined) t.match(entry?.says, says, name);
    const ladder = await world.ladder(world.key(user).id);
    t.equal(ladder?.deliveredAt !== undefined, want === "applied", `${name}: only what is proven starts the clock`);
  }
  await world.run();
  for (const { name, user } of cases)
    t.equal(toldOf(world, user), ended[user] === "applied" ? 1 : 0, `${name}: not again at once`);
  await world.pass(minutes(5));
  await world.run();
  for (const { name, user } of cases) t.equal(toldOf(world, user), 1, `${name}, later`);
  t.ok(Object.values(await endings(world)).every((state) => state === "applied"));
  t.strictSame(await world.open(), []);
  t.strictSame(world.slack.violations, []);
});

scenario("an answer lost where the history may not be read: unknown, no clock, and told again later", async (t) => {
  const world = await openWorld(t, {
    users: [human("ada")],
    slack: { scopes: ["chat:write", "users:read"] },
    keycheck: { disable_after: "0d" },
  });
  world.slack.fail("chat.postMessage", { silent: "cut", done: true });
  await world.run();
  t.strictSame(endingsOf(await world.journal()), ["notice ada 1-1: unknown"]);
  t.match(await world.ladder(world.key("ada").id), { deliveredAt: undefined });
  await world.run();
  t.equal(world.slack.posts.length, 1, "not at once");
  await world.pass(minutes(5));
  await world.run();
  t.equal(world.slack.posts.length, 2);
  t.strictSame(endingsOf(await world.journal()), ["notice ada 1-1: applied"]);
});

interface Absent {
  readonly user: string;
  /** Undefined: unknown to Slack. */
  readonly person?: Pick<FakePerson, "is">;
  readonly says: RegExp;
}

const absent: readonly Absent[] = [
  { user: "bot", person: { is: "bot" }, says: /a bot/ },
  { user: "gone", person: { is: "deactivated" }, says: /deactivated in Slack/ },
  { user: "invited", person: { is: "invited" }, says: /has not joined Slack yet/ },
  { user: "stranger", says: /unknown to Slack/ },
  { user: "unmapped", person: {}, says: /neither slack_map nor a tag names an owner/ },
];

scenario("where nobody can read it the fallback channel is told, and no clock starts", async (t) => {
  const world = await openWorld(t, {
    users: absent.map(({ user }) => human(user)),
    unmapped: ["unmapped"],
    keycheck: { disable_after: "0d" },
    slack: { channels: [{ id: "C0SECURITY", name: "security" }] },
  });
  world.slack.people.splice(0);
  for (const { user, person } of absent)
    if (person !== undefined) world.slack.people.push({ id: slackIdOf(user), name: user, ...person });
  const refused = await world.run();
  t.strictSame(refusalsOf(refused), { owner: 5, told: 5 });
  for (const { says } of absent) t.match(refused.stderr.join("\n"), says);
  t.strictSame(world.slack.posts, []);
  const keycheck = { slack_fallback_channel: "#security" };
  await world.run({ keycheck });
  t.strictSame(
    world.slack.posts.map(({ channel }) => channel),
    absent.map(() => "C0SECURITY"),
  );
  const last = await world.run({ keycheck });
  t.strictSame(refusalsOf(last), { told: 5 });
  t.equal(world.slack.posts.length, 5, "once a day, too");
  t.strictSame(world.aws.writes(), []);
  for (const { user } of absent)
    t.match(await world.ladder(world.key(user).id), { notices: 1, deliveredAt: undefined });
});

scenario("who was told and has left since does not lose the key", async (t) => {
  const world = await openWorld(t, { users: [human("ada"), human("bob")] });
  await world.run();
  await world.pass(days(14));
  const at = world.slack.people.findIndex(({ id }) => id === slackIdOf("ada"));
  world.slack.people[at] = { id: slackIdOf("ada"), name: "ada", is: "deactivated" };
  const run = await world.run();
  t.match(refusalsOf(run), { told: 1 });
  t.match(run.stderr.join("\n"), /disable ada\S+: refused by told: its owner can't be found: .*deactivated/);
  t.strictSame([world.key("ada").status, world.key("bob").status], ["Active", "Inactive"]);
});

scenario("a key that has another owner by now: told, and given the whole time", async (t) => {
  const world = await openWorld(t, { users: [human("ada"), human("bob")] });
  await world.run();
  await world.pass(days(14));
  writeFileSync(join(world.directory, "map.yaml"), `ada: ${slackIdOf("bob")}\nbob: ${slackIdOf("bob")}\n`);
  const run = await world.run();
  t.match(refusalsOf(run), { told: 1 });
  t.match(run.stderr.join("\n"), /disable ada\S+: refused by told: its owner is somebody else now/);
  t.strictSame([world.key("ada").status, world.key("bob").status], ["Active", "Inactive"]);
  const [told] = world.slack.posts.filter(({ text }) => text.includes("of ada")).slice(1);
  t.equal(told?.channel, `D${slackIdOf("bob")}`);
  const due = new Date(Date.now() + days(14)).toISOString().slice(0, 10);
  t.match(JSON.stringify(told), `still Active on ${due}`);
  await world.pass(days(14));
  await world.run();
  t.equal(world.key("ada").status, "Inactive");
});

scenario("found by the tags of the user, where the map does not know them", async (t) => {
  const tagged = (name: string, tags: Readonly<Record<string, string>>) => ({ ...human(name), tags });
  const world = await openWorld(t, {
    users: [tagged("ada", { slack: "U0ADA" }), tagged("bob", { email: "bob@example.com" })],
    unmapped: ["ada", "bob"],
  });
  await world.run();
  t.strictSame([toldOf(world, "ada"), toldOf(world, "bob")], [1, 1]);
});

t.end();
