import { rmSync } from "node:fs";
import t, { type Test } from "tap";
import { days, minutes } from "../../lib/core/time.ts";
import { aKey, aUser } from "../../lib/demo/scenario/builders.ts";
import { openWorld, slackIdOf, type World } from "../support/acting.ts";
import type { FakeJira } from "../support/fake-jira.ts";
import type { FakeIssue } from "../support/fake-jira-project.ts";
import { pointsOf } from "../support/run-executable.ts";

t.jobs = 3;
const scenario = (name: string, play: (t: Test) => Promise<void>) => t.test(name, { buffered: true }, play);

const human = (name: string, ageDays = 200) => aUser({ name, keys: [aKey({ ageDays, usedDaysAgo: 30 })] });
const summariesOf = ({ jira }: World) => jira.issues.map(({ fields }) => String(fields.summary));
const commentsOf = ({ comments }: FakeIssue) => comments.map(({ body }) => JSON.stringify(body));
/** Of all tickets, by the user whose name their summary has. */
const byUser = ({ jira }: World) =>
  Object.fromEntries(
    jira.issues.map((issue) => [
      /key of (\S+)/.exec(String(issue.fields.summary))?.[1],
      `${jira.statusOf(issue.key)} ${issue.comments.length}`,
    ]),
  );

const sameEnd = (letter: string) => aKey({ ageDays: 200, id: `AKIA${letter.repeat(11)}SAME5` });

scenario("two processes at once, and a search that lags: one ticket a key, and the notice links to it", async (t) => {
  const users = [
    human("ada"),
    aUser({ name: "off", keys: [aKey({ ageDays: 200, status: "Inactive" })] }),
    aUser({ name: "twin", keys: [sameEnd("A"), sameEnd("B")] }),
  ];
  const world = await openWorld(t, { users, jira: { searchLag: minutes(10) } });
  const runs = await Promise.all([world.run(), world.run()]);
  t.strictSame(
    runs.map(({ exitCode }) => exitCode),
    [0, 0],
  );
  await world.run();
  t.strictSame(
    summariesOf(world).map((summary) => /key of (\S+)/.exec(summary)?.[1]),
    ["ada", "twin", "twin"],
  );
  t.equal(
    new Set(world.jira.issues.flatMap(({ fields }) => fields.labels)).size,
    4,
    "one label of all, and one of each",
  );
  t.equal(world.slack.posts.length, 3);
  const [issue] = world.jira.issues;
  const { id } = world.key("ada");
  const due = new Date(Date.now() + days(14)).toISOString().slice(0, 10);
  t.match(issue?.fields, {
    ...{ project: { key: "OPS" }, issuetype: { name: "Story" }, duedate: due },
    summary: `Rotate the AWS access key of ada ending in ${id.slice(-5)} (${world.account.id})`,
    labels: ["AWS-User-Key-Rotation", new RegExp(`^stalewatch-${id.slice(-5)}-`)],
  });
  t.notOk(JSON.stringify(world.jira.issues).includes(id), "a whole key id is never shown");
  t.match(JSON.stringify(world.slack.posts[0]?.blocks), `${world.jira.address}/browse/${issue?.key}`);
  t.strictSame(world.jira.violations, []);
});

scenario("what becomes of a key is told to its ticket", async (t) => {
  const world = await openWorld(t, { users: [human("ada", 170)], jira: {} });
  await world.run();
  const [issue] = world.jira.issues;
  const comments = () => (issue === undefined ? [] : commentsOf(issue));
  await world.pass(days(10));
  await world.run();
  t.match(comments(), [/has expired/]);
  await world.pass(days(4));
  await world.run();
  t.equal(world.key("ada").status, "Inactive");
  t.equal(comments().length, 1, "what is planned before the deed is not said after it");
  await world.run();
  t.match(comments(), [/has expired/, /was disabled.*stalewatch undo keycheck/]);
  // A report tells of what came a second after the last one at the earliest.
  await world.pass(minutes(1));
  world.user("ada").keys.splice(0);
  await world.run();
  t.match(comments(), { length: 3, 2: /is gone or Inactive/ });
  t.strictSame(byUser(world), { ada: "Done 3" });
  t.strictSame(world.jira.violations, []);
});

scenario("only done tickets of keys still in place are opened again, and any other status is open", async (t) => {
  const world = await openWorld(t, {
    users: [human("ada"), human("bob"), human("eve")],
    jira: {},
    keycheck: { max_notices: 0 },
  });
  await world.run();
  const [ada = "", bob = ""] = world.jira.issues.map(({ key }) => key);
  world.jira.setStatus(ada, "Done");
  world.jira.setStatus(bob, "In Progress");
  await world.pass(days(1));
  await world.run();
  t.strictSame(byUser(world), { ada: "To Do 1", bob: "In Progress 0", eve: "To Do 0" });
  t.match(world.jira.issues.flatMap(commentsOf), [/still Active/]);
  world.jira.setStatus(ada, "Done");
  await world.pass(days(1));
  await world.run({ keycheck: { jira_reopen: "new" } });
  t.equal(world.jira.statusOf(ada), "Done");
  t.equal(summariesOf(world).filter((summary) => summary.includes("of ada")).length, 2);
  rmSync(world.stateDirectory, { recursive: true });
  await world.run();
  t.equal(world.jira.issues.length, 4, "open tickets are found again though the state was lost");
});

for (const kind of ["cloud", "server"] as const) {
  scenario(`tickets are closed where the key is gone or off, never for want of reading: ${kind}`, async (t) => {
    const users = ["deleted", "kept", "off", "vanished"];
    const world = await openWorld(t, { users: users.map((name) => human(name)), jira: { kind } });
    await world.run();
    const open = Object.fromEntries(users.map((name) => [name, "To Do 0"]));
    await world.pass(days(6));
    t.strictSame(byUser(world), open);
    world.user("deleted").keys.splice(0);
    world.key("off").status = "Inactive";
    world.account.users.remove("vanished");
    const denied = kind === "cloud" ? { userName: "kept" } : {};
    world.aws.organization.denials.push({ action: "iam:ListAccessKeys", ...denied });
    await world.run();
    t.strictSame(byUser(world), open);
    world.aws.organization.denials.splice(0);
    const run = await world.run();
    t.strictSame(byUser(world), { deleted: "Done 1", kept: "To Do 0", off: "Done 1", vanished: "Done 1" });
    t.match(pointsOf(run, "keycheck_account"), [{ fields: { ticketed: 1, rotation_days_median: 6 } }]);
    t.strictSame(world.jira.violations, []);
  });
}

type Trouble = Parameters<FakeJira["trouble"]>[0];

interface Case {
  readonly name: string;
  /** Whose ticket meets it, in the order of the alphabet. */
  readonly user: string;
  readonly trouble: Omit<Trouble, "on">;
  readonly want: "applied" | "failed" | "intended";
  readonly says?: RegExp;
}

const required = { errorMessages: [], errors: { customfield_10020: "Team is required." } };

const cases: readonly Case[] = [
  {
    name: "a field that is asked for",
    user: "a",
    trouble: { does: "fail", status: 400, body: required },
    want: "failed",
    says: /Team is required/,
  },
  { name: "no permission", user: "b", trouble: { does: "fail", status: 403 }, want: "failed", says: /HTTP 403/ },
  {
    name: "asked to wait for longer than a run has",
    user: "c",
    trouble: { does: "throttle", retryAfter: 60 },
    want: "failed",
    says: /HTTP 429/,
  },
  { name: "an answer lost after the deed", user: "d", trouble: { does: "cut", after: true }, want: "applied" },
  { name: "a server's error after the deed", user: "e", trouble: { does: "fail", after: true }, want: "applied" },
  { name: "no answer after the deed", user: "f", trouble: { does: "hang", after: true }, want: "applied" },
  { name: "an answer lost before the deed", user: "g", trouble: { does: "cut" }, want: "intended" },
  { name: "a server's error before the deed", user: "h", trouble: { does: "fail" }, want: "intended" },
];

scenario("whatever Jira answers, each key has one ticket in the end", async (t) => {
  const world = await openWorld(t, {
    users: cases.map(({ user }) => human(user)),
    jira: {},
    keycheck: { max_notices: 0 },
  });
  for (const { trouble } of cases) world.jira.trouble({ on: "createIssue", ...trouble });
  const first = await world.run();
  t.equal(first.exitCode, 0);
  const journal = await world.journal();
  for (const { name, user, want, says } of cases) {
    const entry = journal.find(({ action }) => action.subject.startsWith(`${user}/`));
    t.equal(entry?.state, want, name);
    if (says !== undefined) t.match(entry?.says, says, name);
  }
  const created = ["d", "e", "f"];
  t.strictSame(Object.keys(byUser(world)), created);
  const second = await world.run();
  t.match(second.stderr.join("\n"), /of unknown end: .*ticket\/g/);
  t.strictSame(Object.keys(byUser(world)), created, "nothing is tried again at once");
  await world.pass(minutes(6));
  await world.run();
  t.strictSame(
    Object.keys(byUser(world)).toSorted(),
    cases.map(({ user }) => user),
  );
  t.equal(world.jira.issues.length, cases.length);
  t.strictSame(await world.open(), []);
  for (const { user } of cases) t.ok((await world.ladder(world.key(user).id))?.ticket, user);
});

scenario("an answer lost while the search lags: left open until the search must know it", async (t) => {
  const world = await openWorld(t, {
    users: [human("ada")],
    jira: { searchLag: minutes(3) },
    keycheck: { max_notices: 0 },
  });
  world.jira.trouble({ on: "createIssue", does: "cut", after: true });
  await world.run();
  t.match(await world.journal(), { length: 1, 0: { state: "intended" } });
  await world.pass(minutes(4));
  await world.run();
  t.match(await world.journal(), { length: 1, 0: { state: "applied" } });
  await world.run();
  t.equal(world.jira.issues.length, 1);
  t.match(await world.ladder(world.key("ada").id), {
    ticket: { key: "OPS-1", url: `${world.jira.address}/browse/OPS-1` },
  });
});

scenario("a Jira that never answers holds up neither notices nor disabling", async (t) => {
  const users = ["a", "b", "c", "d", "e", "f"];
  const world = await openWorld(t, { users: users.map((name) => human(name)), jira: {} });
  await world.tell([["f", world.key("f")]], days(20));
  world.jira.trouble({ on: "any", does: "hang", times: 1000 });
  const run = await world.run({ run: { deadline: "20s", lease_time: "10s" } });
  t.equal(run.exitCode, 0);
  t.match(
    world.slack.posts.map(({ channel }) => channel),
    users.slice(0, 5).map((name) => `D${slackIdOf(name)}`),
  );
  t.equal(world.key("f").status, "Inactive");
});

t.end();
