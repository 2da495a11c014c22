import { setTimeout as wait } from "node:timers/promises";
import t, { type Test } from "tap";
import { days, minutes, seconds } from "../../lib/core/time.ts";
import type { Fault } from "../../lib/demo/call-rules.ts";
import { anInstance } from "../../lib/demo/scenario/region-builders.ts";
import { refusalsOf } from "../support/acting.ts";
import {
  auditedAccount,
  bystanders,
  endingsOf,
  goodTags,
  idOf,
  openAuditWorld,
  tagged,
  untagged,
  watched,
} from "../support/audit-world.ts";
import { pointsOf, type Run, statusOf } from "../support/run-executable.ts";

t.jobs = 3;
t.setTimeout(minutes(3));
const scenario = (name: string, play: (t: Test) => Promise<void>) => t.test(name, { buffered: true }, play);

const stopped = { state: "stopped" } as const;
const halted = (name: string) => untagged(name, stopped);

/** By region: its state, and how many break the scheme in it. */
const regionsOf = (run: Run): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    pointsOf(run, "tagaudit_region").map(({ tags, fields: { state, violators } }) => [tags.region, [state, violators]]),
  );

const broken = {
  kind: "error",
  code: "InternalError",
  status: 500,
  message: "An internal error has occurred",
} as const;

scenario(
  "a page of instances that can't be read: no action anywhere, and no clock of that region is lost",
  async (t) => {
    const fleet = { count: 1100, instance: () => anInstance({ tags: goodTags }) };
    const world = await openAuditWorld(t, {
      regions: [
        watched("eu-west-1", [untagged("a"), untagged("b", stopped)], { fleet }),
        watched("us-east-1", [untagged("c"), untagged("d", stopped)]),
      ],
    });
    await world.tell(["a", "b", "c", "d"], days(30));
    const fault: Fault = { action: "ec2:DescribeInstances", region: "eu-west-1", after: 1, ...broken };
    world.aws.organization.faults.push(fault);
    const torn = await world.run({ tagaudit: { notify_every: "1m" } });
    t.equal(torn.exitCode, 0);
    t.match(regionsOf(torn), { "eu-west-1": ["incomplete", undefined], "us-east-1": ["judged", 2] });
    t.match(statusOf(torn), {
      ok: true,
      partial: true,
      last_error: /^instances of region eu-west-1 after the first 1000/,
    });
    t.strictSame(Object.keys(refusalsOf(torn)), ["coverage"]);
    t.strictSame([world.aws.writes(), world.slack.posts, await world.journal()], [[], [], []]);
    world.aws.organization.faults.splice(0);
    await world.run({ tagaudit: { max_notices: 0 } });
    t.strictSame(world.states("a", "b", "c", "d"), ["stopped", "terminated", "stopped", "terminated"], "all were due");
  },
);

scenario("a region without its canary is judged by nobody, and nothing is stopped or terminated in any", async (t) => {
  const world = await openAuditWorld(t, {
    regions: [
      watched("eu-west-1", [untagged("a"), untagged("b", stopped)]),
      watched("eu-central-1", [untagged("c")]),
      watched("us-east-1", [untagged("d")]),
    ],
    tagaudit: { max_notices: 0 },
  });
  await world.tell(["a", "b", "c", "d"], days(30));
  const canary = world.canary("eu-central-1");
  canary.state = "running";
  const blind = await world.run();
  t.match(regionsOf(blind), {
    ...{ "eu-west-1": ["judged", 2], "us-east-1": ["judged", 1] },
    "eu-central-1": ["canary_missing", undefined],
  });
  t.strictSame(refusalsOf(blind), { coverage: 6 });
  t.strictSame(
    [world.aws.writes(), world.states("a", "b", "c", "d")],
    [[], ["running", "stopped", "running", "running"]],
  );
  canary.state = "stopped";
  await world.run();
  t.strictSame(world.states("a", "b", "c", "d"), ["stopped", "terminated", "stopped", "stopped"]);
});

scenario("an instance that is tagged, or started again, between scan and act is spared", async (t) => {
  const world = await openAuditWorld(t, {
    regions: [watched("eu-west-1", [untagged("a"), untagged("b"), ...["c", "d", "e"].map(halted)])],
    aws: { faults: [{ action: "ec2:DescribeInstances", kind: "slow", ms: 700, times: 1 }] },
    tagaudit: { max_notices: 0 },
  });
  await world.tell(["a", "b", "c", "d", "e"], days(30));
  const { child, ended } = world.start();
  child.stdin.end();
  // The scan's answer is made when it is asked for, and arrives later.
  await waitUntil(() => world.aws.calls()["ec2:DescribeInstances"] === 1);
  for (const name of ["a", "c"])
    for (const [key, value] of Object.entries(goodTags)) world.instance(name).tags.set(key, value);
  Object.assign(world.instance("e"), { state: "running", launchedAt: Date.now() });
  const run = await ended;
  t.match(refusalsOf(run), { changed: 3 });
  const said = run.stderr.join("\n");
  t.match(said, /stop eu-west-1\/i-0+a: refused by changed: its tags have changed since it was judged/);
  t.match(said, /terminate eu-west-1\/i-0+e: refused by changed: it was launched again since it was judged/);
  t.strictSame(world.states("a", "b", "c", "d", "e"), ["running", "stopped", "stopped", "terminated", "running"]);
  t.match(await world.ladder("a"), { sparedAt: Number });
  const next = await world.run();
  t.match(pointsOf(next, "tagaudit_region"), [{ fields: { fixed: 2 } }]);
  t.match(await world.ladder("a"), { clocks: {}, endedAt: Number });
});

scenario("an instance that is just being started is neither judged nor forgotten", async (t) => {
  const world = await openAuditWorld(t, { regions: [watched("eu-west-1", [untagged("a"), tagged("b")])] });
  await world.tell(["a"], days(30));
  const before = await world.ladder("a");
  for (const state of ["pending", "stopping"] as const) {
    world.instance("a").state = state;
    const run = await world.run();
    t.match(pointsOf(run, "tagaudit_region"), [{ fields: { instances: 3, judged: 1, violators: 0, fixed: 0 } }], state);
    t.match(statusOf(run), { planned: 0 }, state);
    t.strictSame(await world.ladder("a"), before, state);
  }
  world.instance("a").state = "running";
  await world.run();
  t.strictSame(world.states("a"), ["stopped"]);
});

const waitUntil = async (isSo: () => boolean): Promise<void> => {
  for (let waited = 0; !isSo() && waited < seconds(20); waited += 5) await wait(5);
};

scenario(
  "protection is a stop sign, but for rules that say it may be taken off, with its old value journaled",
  async (t) => {
    const shielded = { isTerminationProtected: true, isStopProtected: true };
    const world = await openAuditWorld(t, {
      regions: [
        watched("eu-west-1", [
          untagged("a", shielded),
          untagged("b", { ...stopped, ...shielded }),
          untagged("c", { ...shielded, tags: { department: "x" } }),
          untagged("d", { ...stopped, ...shielded, tags: { department: "x" } }),
        ]),
      ],
      scheme: { tags: { created_by: null, project: null, department: { flip_protection: true } } },
      tagaudit: { max_notices: 0 },
    });
    await world.tell(["a", "b", "c", "d"], days(30));
    const run = await world.run();
    t.strictSame(world.states("a", "b", "c", "d"), ["stopped", "terminated", "running", "stopped"]);
    t.match(refusalsOf(run), { protected_instance: 2 });
    t.strictSame(await endingsOf(world), [
      ...["stop a 1: applied", "terminate b 1: applied"],
      ...["unprotect a 1-stop: applied", "unprotect b 1-terminate: applied"],
    ]);
    const taken = (await world.journal()).filter(({ action }) => action.kind === "unprotect");
    t.match(taken, [
      { before: { fromStop: true, fromTermination: true }, after: { isProtected: false } },
      { before: { fromStop: true, fromTermination: true }, after: { isProtected: false } },
    ]);
    const { isStopProtected, isTerminationProtected } = world.instance("a");
    t.strictSame([isStopProtected, isTerminationProtected], [false, true], "of what stands in the way alone");
    const undone = await world.stalewatch(
      "undo",
      `tagaudit/${auditedAccount}/unprotect/${taken[0]?.action.subject}/1-stop`,
    );
    t.match(undone, { code: 0, stdout: /^undone: protected again by a person/ });
    t.equal(world.instance("a").isStopProtected, true);
  },
);

const many = Array.from({ length: 1001 }, (_, at) => `d${at.toString(16).padStart(3, "0")}`);

scenario("1,001 due instances of one zone: in batches, and every one ends in a named state", async (t) => {
  const fleet = { count: 1100, instance: () => anInstance({ tags: goodTags }) };
  const world = await openAuditWorld(t, {
    regions: [
      watched(
        "eu-west-1",
        many.map((name) => untagged(name, stopped)),
        { fleet },
      ),
    ],
    run: { deadline: "45s", log_level: "info" },
    tagaudit: { max_terminations: 2000, max_notices: 0 },
  });
  await world.tell(many, days(30));
  const endedOf = async () => (await endingsOf(world)).filter((end) => end.endsWith(" 1: applied")).length;
  // As many runs as this machine needs: what a run has no time for is the next one's.
  for (let runs = 0; runs < 6 && (await endedOf()) < many.length; runs += 1) t.equal((await world.run()).exitCode, 0);
  const calls = world.changed("TerminateInstances");
  t.ok(Math.max(...calls.map(({ length }) => length)) <= 50, "some at a time");
  t.ok(world.slack.calls.length < 100, "their one owner is not asked for again and again");
  t.strictSame([await endedOf(), calls.flat().length, new Set(calls.flat()).size], [1001, 1001, 1001], "each once");
  t.strictSame(new Set(world.states(...many)), new Set(["terminated"]));
  t.strictSame(await world.open(), []);
});

const terminate = "ec2:TerminateInstances";
/** The deed itself, and not the look whether it is permitted. */
const deed = { action: terminate, parameters: { DryRun: "" } } as const;

scenario(
  "killed between a termination and its outcome: the next run records it, and nothing is done twice",
  async (t) => {
    const world = await openAuditWorld(t, {
      regions: [
        watched("eu-west-1", [untagged("a", stopped), untagged("b", { ...stopped, zone: "b" }), untagged("c")]),
      ],
      aws: { faults: [{ ...deed, kind: "hang", times: 1 }] },
      tagaudit: { max_notices: 0, max_stops: 0 },
    });
    await world.tell(["a", "b", "c"], days(30));
    const { child, ended } = world.start();
    child.stdin.end();
    await waitUntil(() => world.changed("TerminateInstances").length > 0);
    child.kill("SIGKILL");
    t.equal((await ended).exitCode, undefined);
    t.strictSame(await endingsOf(world), ["terminate a 1: intended"]);
    t.strictSame(await world.open(), [`tagaudit/${auditedAccount}/terminate/eu-west-1/${idOf("a")}/1`]);
    await world.run();
    t.match(await world.journal(), [
      { state: "applied", attempt: 1, wasInterrupted: true, before: { state: "stopped" } },
      { state: "applied", attempt: 1 },
    ]);
    t.strictSame(world.changed("TerminateInstances"), [["a"], ["b"]]);
    t.match(await world.ladder("a"), { terminated: Object, endedAt: Number });
    t.strictSame(await world.open(), []);
    await world.run({ tagaudit: { max_notices: 25 } });
    await world.run({ tagaudit: { max_notices: 25 } });
    const news = world.slack.posts.filter(({ text }) => text.includes("was terminated"));
    t.equal(news.length, 2, "its owner is told, once of each");
  },
);

scenario("a termination whose answer is lost, and one that AWS refuses: what is true is journaled", async (t) => {
  const world = await openAuditWorld(t, {
    regions: [watched("eu-west-1", [untagged("a", stopped), untagged("b", { ...stopped, zone: "b" }), tagged("c")])],
    aws: {
      faults: [
        { ...deed, kind: "cut", times: 1 },
        { ...deed, ...broken, times: 1 },
      ],
    },
    tagaudit: { max_notices: 0 },
  });
  await world.tell(["a", "b"], days(30));
  const run = await world.run();
  t.match(statusOf(run), { applied: 1, failed: 1 });
  t.strictSame(await endingsOf(world), ["terminate a 1: applied", "terminate b 1: failed"]);
  t.equal((await world.run()).calls[terminate], undefined, "not at once again");
  await world.pass(minutes(6));
  await world.run();
  t.strictSame(world.states("a", "b"), ["terminated", "terminated"]);
  t.strictSame(world.changed("TerminateInstances"), [["a"], ["b"]]);
});

scenario("two processes at once do nothing twice", async (t) => {
  const names = Array.from({ length: 20 }, (_, at) => `d${at.toString(16).padStart(2, "0")}`);
  const world = await openAuditWorld(t, {
    regions: [watched("eu-west-1", [...names.map((name) => untagged(name)), ...bystanders(30)])],
    tagaudit: { max_stops: 10, notify_every: "1m" },
  });
  await world.tell(names, days(30));
  const runs = await Promise.all([world.run(), world.run(), world.run()]);
  t.strictSame(
    runs.map(({ exitCode }) => exitCode),
    [0, 0, 0],
  );
  const ids = world.changed("StopInstances").flat();
  t.strictSame([ids.length, new Set(ids).size], [10, 10], "the cap is theirs together");
  const told = world.slack.posts.map(({ text }) => text);
  t.equal(new Set(told).size, told.length, "and nobody is told twice");
  t.strictSame(await world.open(), []);
});

t.end();
