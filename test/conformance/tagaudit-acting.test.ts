import t, { type Test } from "tap";
import { days, minutes } from "../../lib/core/time.ts";
import type { InstanceSpec } from "../../lib/demo/scenario/region-specs.ts";
import { refusalsOf } from "../support/acting.ts";
import {
  type AuditWorld,
  bystanders,
  idOf,
  openAuditWorld,
  slackOf,
  tagged,
  untagged,
  watched,
} from "../support/audit-world.ts";
import type { PostedMessage } from "../support/fake-slack-workspace.ts";
import { pointsOf, statusOf } from "../support/run-executable.ts";

t.jobs = 3;
t.setTimeout(minutes(2));
/** Scenarios wait for processes rather than work: several go on at once. */
const scenario = (name: string, play: (t: Test) => Promise<void>) => t.test(name, { buffered: true }, play);

const textOf = ({ blocks }: PostedMessage): string =>
  blocks
    .flatMap(({ text, fields = [], elements = [] }) => [...(text === undefined ? [] : [text]), ...fields, ...elements])
    .map(({ text }) => text)
    .join("\n");

const postsTo = ({ slack }: AuditWorld, channel: string) => slack.posts.filter((post) => post.channel === channel);

scenario("told, stopped, told of that, terminated, told of that: each in its time, and once", async (t) => {
  const world = await openAuditWorld(t, { regions: [watched("eu-west-1", [untagged("a"), tagged("b")])] });
  const posts = () => world.slack.posts.length;

  const first = await world.run();
  t.match(pointsOf(first, "tagaudit_region"), [{ fields: { in_grace: 1, violators: 0, judged: 2 } }]);
  t.strictSame([posts(), statusOf(first).planned], [0, 0], "its clock starts when it is first seen, however old it is");

  await world.pass(minutes(6));
  const second = await world.run();
  t.equal(second.exitCode, 0);
  t.strictSame(refusalsOf(second), { told: 1 });
  const [notice] = world.slack.posts;
  t.equal(notice?.channel, `D${slackOf("ada")}`);
  const text = textOf(notice as PostedMessage);
  const dayIn = (count: number) => new Date(Date.now() + days(count)).toISOString().slice(0, 10);
  for (const part of [
    ...["Account\nacme (100000000001)", `Instance\n${idOf("a")}`, 'tag "department" is missing'],
    ...[`tagged by ${dayIn(7)}`, "may be stopped", `tagged by ${dayIn(21)}`, "can't be undone"],
    ...["aws ec2 create-tags --region eu-west-1", `stalewatch exempt add ${idOf("a")} --program tagaudit`],
  ])
    t.ok(text.includes(part), part);

  await world.pass(days(6));
  t.strictSame(refusalsOf(await world.run()), { grace: 1 });
  t.equal(posts(), 2, "reminded");
  await world.pass(days(1));
  const stopping = await world.run();
  t.strictSame(world.changed("StopInstances"), [["a"]]);
  t.equal(posts(), 2, "who is being stopped is not reminded as if nothing had happened");
  t.match(pointsOf(stopping, "tagaudit_region"), [{ fields: { stopped: 1, terminated: 0 } }]);
  const [stop] = (await world.journal()).filter(({ action }) => action.kind === "stop");
  t.match(stop, {
    ...{ state: "applied", before: { state: "running" }, after: { state: "stopping" } },
    who: /^arn:aws:sts::100000000001:assumed-role\//,
  });

  t.strictSame(refusalsOf(await world.run()), { grace: 1 });
  t.match(world.slack.posts.slice(2).map(textOf), [/was stopped/]);
  t.match(textOf(world.slack.posts[2] as PostedMessage), /stalewatch undo tagaudit\/100000000001\/stop\/\S+\/1/);
  await world.run();
  t.equal(posts(), 3, "told once of the deed");

  await world.pass(days(14) - minutes(1));
  t.strictSame(refusalsOf(await world.run()), { grace: 1 });
  await world.pass(minutes(1));
  const ending = await world.run();
  t.strictSame(world.changed("TerminateInstances"), [["a"]]);
  t.match(pointsOf(ending, "tagaudit_region"), [{ fields: { stopped: 0, terminated: 1 } }]);
  await world.run();
  await world.run();
  t.match(
    world.slack.posts.map(textOf).filter((text) => text.includes("was terminated")),
    { length: 1 },
  );
  t.strictSame(world.states("a", "b"), ["terminated", "running"]);
  t.equal(world.aws.writes().length, 2, "each once");
  t.strictSame(await world.open(), []);
  t.strictSame([world.slack.violations, world.elasticsearch.violations], [[], []]);
});

scenario(
  "a stop is undone by a person, once, and its owner has the whole time anew; a termination by nobody",
  async (t) => {
    const world = await openAuditWorld(t, {
      regions: [watched("eu-west-1", [untagged("a"), untagged("b", { state: "stopped" })])],
      tagaudit: { max_notices: 0 },
    });
    await world.tell(["a", "b"], days(30));
    await world.run();
    t.strictSame(world.states("a", "b"), ["stopped", "terminated"]);
    const idFor = (kind: string, name: string) => `tagaudit/100000000001/${kind}/eu-west-1/${idOf(name)}/1`;

    const journal = await world.stalewatch("journal", "--program", "tagaudit");
    t.match(journal, { code: 0, stdout: new RegExp(`applied +stop .*${idFor("stop", "a")}`) });
    t.match(journal.stdout, new RegExp(`applied +terminate .*${idFor("terminate", "b")}`));

    const gone = await world.stalewatch("undo", idFor("terminate", "b"));
    t.match(gone, {
      code: 3,
      stdout: "",
      stderr: /^E! stalewatch: not undone: a terminated instance can't be brought back: it is gone for good/,
    });
    const undone = await world.stalewatch("undo", idFor("stop", "a"));
    t.match(undone, {
      code: 0,
      stderr: "",
      stdout: /^undone: started again by a person. A stop loses what is in memory and on instance store volumes/,
    });
    t.match(await world.stalewatch("undo", idFor("stop", "a")), {
      code: 3,
      stderr: /it is undone already, by "\S+\/start\//,
    });
    t.strictSame(world.changed("StartInstances"), [["a"]]);
    t.match(await world.ladder("a"), { round: 2, notices: 0, told: {}, stopped: undefined });

    t.match(refusalsOf(await world.run()), { told: 1, cap: 2 }, "not stopped again before its owner is told again");
    t.strictSame(world.states("a"), ["running"]);
    t.equal(world.changed("StopInstances").length, 1);
  },
);

interface Case {
  readonly name: string;
  readonly instance: InstanceSpec;
  /** Running and left alone, if not said. */
  readonly want?: "stopped" | "terminated";
}

const stopped = { state: "stopped" } as const;
const exemptTags = (until: string) => ({ tagaudit_exempt_until: until, tagaudit_exempt_reason: "a migration" });

/** Their owner was told of each so long ago that every step would be due. */
const cases: readonly Case[] = [
  { name: "in violation and running: stopped first", instance: untagged("a1"), want: "stopped" },
  { name: "stopped for long: terminated", instance: untagged("a2", stopped), want: "terminated" },
  { name: "with all its tags", instance: tagged("a3") },
  { name: "with an empty tag", instance: untagged("a4", { tags: { department: "x", project: " " } }), want: "stopped" },
  { name: "protected from being stopped", instance: untagged("b1", { isStopProtected: true }) },
  {
    name: "protected from being terminated",
    instance: untagged("b2", { ...stopped, isTerminationProtected: true }),
    want: "stopped",
  },
  { name: "exempt by its tags", instance: untagged("c1", { tags: exemptTags("2100-01-01") }) },
  { name: "whose exemption is over", instance: untagged("c2", { tags: exemptTags("2020-01-01") }), want: "stopped" },
  { name: "exempt by command", instance: untagged("c3") },
  { name: "protected by its name in the settings", instance: untagged("c4", { tags: { Name: "db-prod" } }) },
  { name: "an own instance", instance: untagged("c5") },
  { name: "a member of an Auto Scaling group", instance: untagged("d1", { autoScalingGroup: "web" }) },
  { name: "a node of a cluster", instance: untagged("d2", { tags: { "kubernetes.io/cluster/prod": "owned" } }) },
  { name: "of a stack", instance: untagged("d3", { tags: { "aws:cloudformation:stack-name": "app" } }) },
  {
    name: "operated by a service",
    instance: untagged("d4", { operator: { principal: "eks.amazonaws.com", isHidden: true } }),
  },
  { name: "being imported", instance: untagged("d5", { conversion: "import" }) },
  { name: "that can't be stopped", instance: untagged("e1", { rootDeviceType: "instance-store" }) },
  { name: "a Spot Instance", instance: untagged("e2", { spotRequest: "one-time" }) },
];

const nameIn = ({ id = "" }: InstanceSpec) => id.replace(/^i-0*/, "");

scenario("which instances are stopped and terminated, and which are not", async (t) => {
  const world = await openAuditWorld(t, {
    regions: [watched("eu-west-1", [...cases.map(({ instance }) => instance), ...bystanders(20)])],
    run: { protected: "db-*" },
    tagaudit: { own_instances: [idOf("c5")], max_stops: 100, max_terminations: 100, max_notices: 100 },
  });
  const given = ["--reason", "a migration", "--owner", "ops", "--until", "2100-01-01"];
  const exempted = await world.stalewatch("exempt", "add", idOf("c3"), "--program", "tagaudit", ...given);
  t.match(exempted, { code: 0 });
  await world.tell(
    cases.map(({ instance }) => nameIn(instance)),
    days(30),
  );
  const first = await world.run();
  for (const { name, instance, want = "running" } of cases) t.strictSame(world.states(nameIn(instance)), [want], name);
  t.match(refusalsOf(first), { protected_instance: 2, exempt: 2, protected: 1, own_leg: 1 });
  t.match(pointsOf(first, "tagaudit_region"), [{ fields: { grouped: 5, exempt: 1, stopped: 3, terminated: 1 } }]);
  const toldOf = world.slack.posts.map(textOf).join("\n");
  for (const name of ["d1", "d2", "d3", "d4", "d5", "c1", "c3", "a3"]) t.notOk(toldOf.includes(idOf(name)), name);
  for (const name of ["b1", "b2", "e1", "e2"]) t.ok(toldOf.includes(idOf(name)), name);
  t.match(toldOf, /Nothing is done to it automatically, for it is a Spot Instance/);
  const second = await world.run();
  for (const { name, instance, want = "running" } of cases) t.strictSame(world.states(nameIn(instance)), [want], name);
  t.match(statusOf(second), { failed: 0 });
  t.strictSame(
    [world.changed("StopInstances").flat().toSorted(), world.changed("TerminateInstances").flat()],
    [["a1", "a4", "c2"], ["a2"]],
  );
});

scenario(
  "an owner is found by CloudTrail; without one the fallback channel is told, and nothing is stopped",
  async (t) => {
    const world = await openAuditWorld(t, {
      regions: [
        watched("eu-west-1", [
          anonymous("a", { launchedBy: "bea" }),
          anonymous("b", { launchedBy: "somebody" }),
          anonymous("c"),
          anonymous("d", { tags: { Name: "batch" }, launchedBy: "bea" }),
        ]),
      ],
      slack: { channels: [{ id: "C0OPS", name: "ops" }] },
      tagaudit: { slack_fallback_channel: "C0OPS" },
    });
    await world.run();
    await world.pass(minutes(6));
    await world.run();
    const told = (channel: string) => postsTo(world, channel).map((post) => /i-0+(\w)\b/.exec(textOf(post))?.[1]);
    t.strictSame(
      [told(`D${slackOf("bea")}`).toSorted(), told("C0OPS").toSorted()],
      [
        ["a", "d"],
        ["b", "c"],
      ],
    );
    t.match(
      textOf(postsTo(world, "C0OPS")[0] as PostedMessage),
      /Nothing is done to it automatically; you are reminded/,
    );
    for (const time of [days(7), 0, days(30), 0]) {
      await world.pass(time);
      const run = await world.run();
      t.match(refusalsOf(run), { told: 2 });
    }
    t.strictSame(world.states("a", "b", "c", "d"), ["terminated", "running", "running", "terminated"]);
    t.ok((world.aws.calls()["ec2:DescribeTags"] ?? 0) > 0, "that there are no tags is confirmed");
  },
);

/** Of nobody whom its tags name. */
const anonymous = (name: string, { tags = {}, ...said }: Partial<InstanceSpec> = {}): InstanceSpec => ({
  // CloudTrail remembers 90 days.
  ...untagged(name, { ageDays: 30, ...said }),
  tags,
});

interface Bar {
  readonly name: string;
  readonly run?: Readonly<Record<string, unknown>>;
  readonly tagaudit?: Readonly<Record<string, unknown>>;
  readonly argv?: readonly string[];
  /** A notice and a stop are due, unless said otherwise. */
  readonly refused: Readonly<Record<string, number>>;
  readonly told?: number;
  readonly warns?: RegExp;
}

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

const bars: readonly Bar[] = [
  { name: "mode observe", run: { mode: "observe" }, refused: {} },
  { name: "no mode", run: { mode: undefined }, tagaudit: { terminate: false }, refused: {} },
  { name: "act_on_accounts with another account", run: { act_on_accounts: ["200000000002"] }, refused: { account: 2 } },
  {
    name: "a calendar that is frozen today",
    run: { calendar: { freeze: [`${dayOf(Date.now())}..${dayOf(Date.now() + days(1))}`] } },
    refused: { calendar: 2 },
  },
  {
    name: "an exemption",
    tagaudit: { exemptions: [{ user: "ada", reason: "a migration", owner: "ops", until: "2100-01-01" }] },
    refused: { exempt: 2 },
  },
  {
    name: "stop and terminate = false",
    tagaudit: { stop: false, terminate: false, max_notices: 0 },
    refused: { cap: 1 },
  },
  { name: "mode notify, which tells", run: { mode: "notify" }, refused: {}, told: 1 },
  {
    name: "the original's -k without a mode, which tells",
    run: { mode: undefined },
    tagaudit: { terminate: undefined },
    argv: ["-k"],
    ...{ refused: {}, told: 1 },
    warns: /^W! tagaudit: .*-k: sets mode to notify, in which nothing is terminated; for that give mode commit/m,
  },
];

scenario("what keeps an instance as it is, though it is due", async (t) => {
  const world = await openAuditWorld(t, {
    regions: [watched("eu-west-1", [untagged("a")])],
    tagaudit: { notify_every: "1m" },
  });
  await world.tell(["a"], days(30));
  for (const { name, run = {}, tagaudit = {}, argv = [], refused, told = 0, warns } of bars) {
    const before = world.slack.posts.length;
    const barred = await world.run({ run, tagaudit, argv });
    t.equal(barred.exitCode, 0, name);
    t.strictSame(refusalsOf(barred), refused, name);
    t.equal(world.slack.posts.length - before, told, name);
    if (warns !== undefined) t.match(barred.stderr.join("\n"), warns, name);
    if (told > 0) await world.pass(minutes(2));
  }
  t.match(await world.stalewatch("pause", "--program", "tagaudit", "--reason", "an incident"), { code: 0 });
  t.match(refusalsOf(await world.run()), { paused: 2 }, "the kill switch");
  t.match(await world.stalewatch("resume", "--program", "tagaudit"), { code: 0 });
  t.strictSame([world.aws.writes(), world.states("a")], [[], ["running"]]);
  await world.run();
  t.strictSame(world.states("a"), ["stopped"], "it was due all the time");
});

const many = Array.from({ length: 40 }, (_, at) => `d${at.toString(16).padStart(2, "0")}`);

scenario("of 40 due no more than the caps let through, and not the same again", async (t) => {
  const world = await openAuditWorld(t, {
    regions: [watched("eu-west-1", [...many.map((name) => untagged(name)), ...bystanders(60)])],
    tagaudit: { max_share: "5%", max_notices: 0 },
  });
  await world.tell(many, days(30));
  const first = await world.run();
  t.match(statusOf(first), { applied: 5 });
  t.match(refusalsOf(first), { cap: 75 });
  await world.run();
  t.equal(world.changed("StopInstances").flat().length, 5, "in 24 hours");
  await world.pass(days(1));
  await world.run();
  const ids = world.changed("StopInstances").flat();
  t.strictSame([ids.length, new Set(ids).size], [10, 10]);
  await world.pass(days(1));
  const share = await world.run({ tagaudit: { max_stops: 100, max_share: "3%" } });
  t.match(statusOf(share), { applied: 3 });
});

const fleet = Array.from({ length: 30 }, (_, at) => `f${at.toString(16).padStart(2, "0")}`);
const adas = (name: string) => tagged(name, { ageDays: 400, tags: { created_by: "ada" } });

scenario(
  "a typing error that would condemn everything: refused by the gate fleet, until somebody means it",
  async (t) => {
    const world = await openAuditWorld(t, {
      regions: [watched("eu-west-1", fleet.map(adas))],
      scheme: { tags: { created_by: null, departement: null } },
      tagaudit: { max_notices: 0 },
    });
    await world.tell(fleet, days(30));
    const doubted = await world.run();
    t.match(pointsOf(doubted, "tagaudit_region"), [{ fields: { state: "canary_broken", judged: 0 } }]);
    t.match(doubted.stderr[0], /canary of region eu-west-1: it breaks the scheme: tag "departement" is missing; "dep/);
    world.canary("eu-west-1").tags.set("departement", "platform");
    const run = await world.run();
    t.match(pointsOf(run, "tagaudit_region"), [{ fields: { judged: 30, violators: 30 } }]);
    t.match(refusalsOf(run), { fleet: 30 });
    const warning = run.stderr.find((line) => line.startsWith("W!"));
    t.match(warning, /stop: refused by fleet: 30 of 30 subjects are due, more than 50 %; override_plan "[0-9a-f]{12}"/);
    t.match(refusalsOf(await world.run({ argv: ["--override-plan", "aaaaaaaaaaaa"] })), { fleet: 30 }, "another plan");
    t.strictSame(world.aws.writes(), []);
    const hash = /override_plan "(\w+)"/.exec(warning ?? "")?.[1];
    const meant = await world.run({ argv: ["--override-plan", hash ?? ""] });
    t.match(statusOf(meant), { applied: 5 }, "whoever means it is still held by the caps");
  },
);

scenario("a new required tag: clocks start now for everybody, and then the gate fleet doubts it", async (t) => {
  const world = await openAuditWorld(t, {
    regions: [watched("eu-west-1", fleet.map(adas), { canary: { cost_center: "1" } })],
    tagaudit: { tags: ["created_by", "department"], stop_after: "0m", terminate_after: "0m", max_notices: 100 },
  });
  const more = { tagaudit: { tags: ["created_by", "department", "cost_center"] } };
  t.match(pointsOf(await world.run(), "tagaudit_region"), [{ fields: { violators: 0, in_grace: 0 } }]);
  const first = await world.run(more);
  t.match(pointsOf(first, "tagaudit_region"), [{ fields: { violators: 0, in_grace: 30, oldest_violation_s: 0 } }]);
  await world.pass(minutes(4));
  t.match(pointsOf(await world.run(more), "tagaudit_region"), [{ fields: { violators: 0, in_grace: 30 } }]);
  t.strictSame(world.slack.posts, []);
  await world.pass(minutes(2));
  await world.run(more);
  t.equal(world.slack.posts.length, 30, "told, once each");
  t.match(refusalsOf(await world.run(more)), { fleet: 30 });
  t.strictSame(world.aws.writes(), []);
});

t.end();
