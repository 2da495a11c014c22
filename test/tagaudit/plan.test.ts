import fc from "fast-check";
import { test } from "tap";
import { actionId } from "../../lib/act/action.ts";
import type { Instance } from "../../lib/core/ec2.ts";
import { days, hours, minutes } from "../../lib/core/time.ts";
import type { Finding } from "../../lib/tagaudit/assess.ts";
import { type InstanceLadder, newLadder } from "../../lib/tagaudit/ladder.ts";
import { type Candidate, planActions, planNews } from "../../lib/tagaudit/plan.ts";
import { hashTags } from "../../lib/tagaudit/recheck.ts";
import { aCandidate, aLadder, aPlanning, ownerRule, someSettings, told } from "../support/instance-ladders.ts";
import { anInstance, aRule, aViolation, now, violating } from "../support/tagaudit-records.ts";

interface Changes {
  readonly instance?: Parameters<typeof anInstance>[0];
  readonly finding?: Partial<Finding>;
  readonly ladder?: Partial<InstanceLadder>;
}

const candidateOf = ({ instance, finding, ladder }: Changes = {}): Candidate => {
  const found = anInstance(instance);
  return aCandidate({
    finding: violating({ instance: found, ...finding }),
    ladder: { ...aLadder(newLadder(found)), ...ladder },
  });
};

const sayKinds = (actions: readonly { kind: string; occasion: string }[]) =>
  actions.map(({ kind, occasion }) => `${kind} ${occasion}`);

const stopped = { at: now - days(15), id: "tagaudit/123456789012/stop/x/1" };
const quiet = { notices: 4, lastNoticeAt: now - hours(1), person: "U1" };
const failed = (kind: string, retryAt: number) => ({ failures: { [kind]: { count: 1, retryAt } } });
const once = { stopAfter: undefined, terminateAfter: 0 };
const off: Changes["instance"] = { state: "stopped" };

interface Case extends Changes {
  readonly name: string;
  readonly planning?: Parameters<typeof aPlanning>[0];
  readonly want: readonly string[];
}

const cases: readonly Case[] = [
  { name: "a new violator: stopped, where its owner was told, and told", want: ["stop 1", "notice 1-1"] },
  { name: "notify does no more than tell", planning: { mode: "notify" }, want: ["notice 1-1"] },
  { name: "one in grace", finding: { standing: "in_grace" }, want: [] },
  { name: "one that is exempt", finding: { standing: "exempt" }, want: [] },
  { name: "a member of a group", finding: { standing: "grouped" }, want: [] },
  { name: "a canary", finding: { standing: "canary" }, want: [] },
  { name: "one that complies", finding: { standing: "compliant", violations: [] }, want: [] },
  { name: "a Spot Instance is only reported", instance: { lifecycle: "spot" }, want: ["notice 1-1"] },
  {
    name: "and one of instance store, at the end of its ladder, too",
    instance: { rootDeviceType: "instance-store" },
    ladder: { ...quiet, stopped },
    planning: { settings: once },
    want: [],
  },
  { name: "stopped already, it comes to be terminated", instance: off, ladder: quiet, want: ["terminate 1"] },
  { name: "stopped by us, too", instance: off, ladder: { ...quiet, stopped }, want: ["terminate 1"] },
  {
    name: "but where nothing is terminated, nothing",
    instance: off,
    ladder: { ...quiet, stopped },
    planning: { settings: { terminate: false } },
    want: [],
  },
  { name: "stopped by us, and running by an older look", ladder: { ...quiet, stopped }, want: [] },
  { name: "a ladder of one step", ladder: quiet, planning: { settings: once }, want: ["terminate 1"] },
  {
    name: "of one step, and stopped",
    instance: off,
    ladder: quiet,
    planning: { settings: once },
    want: ["terminate 1"],
  },
  { name: "what is on its way is left alone", instance: { state: "stopping" }, ladder: quiet, want: [] },
  {
    name: "terminated by us, and there by an older look",
    instance: off,
    ladder: { ...quiet, stopped, terminated: stopped },
    want: [],
  },
  { name: "in another round it begins anew", ladder: { round: 3 }, want: ["stop 3", "notice 3-1"] },
  { name: "a stop that failed waits", ladder: { ...quiet, ...failed("stop", now + 1) }, want: [] },
  { name: "and is tried again", ladder: { ...quiet, ...failed("stop", now) }, want: ["stop 1"] },
  {
    name: "a termination that failed waits",
    instance: off,
    ladder: { ...quiet, ...failed("terminate", now + 1) },
    want: [],
  },
  { name: "a notice that failed waits", ladder: failed("notice", now + 1), want: ["stop 1"] },
  {
    name: "a millisecond before notify_every nothing is said",
    ladder: { notices: 4, lastNoticeAt: now - days(1) + 1 },
    want: ["stop 1"],
  },
  {
    name: "from notify_every on the next one",
    ladder: { notices: 4, lastNoticeAt: now - days(1) },
    want: ["stop 1", "notice 1-5"],
  },
  { name: "nobody is told where nobody can be", planning: { settings: { sendNotices: false } }, want: ["stop 1"] },
  { name: "notify_after is not over", planning: { settings: { notifyAfter: days(1) + 1 } }, want: ["stop 1"] },
  { name: "notify_after is over", planning: { settings: { notifyAfter: days(1) } }, want: ["stop 1", "notice 1-1"] },
  {
    name: "stopped by us for good, its owner has nothing more to hear",
    instance: off,
    ladder: { stopped },
    planning: { settings: { terminate: false } },
    want: [],
  },
  {
    name: "stopped by us on the way to the end, they have",
    instance: off,
    ladder: { stopped, said: ["stopped"] },
    want: ["terminate 1", "notice 1-1"],
  },
  {
    name: "that it was stopped is said first",
    instance: off,
    ladder: { stopped },
    want: ["terminate 1"],
  },
];

for (const { name, planning, want, ...changes } of cases) {
  test(`planned: ${name}`, async (t) => {
    t.strictSame(sayKinds(planActions([candidateOf(changes)], aPlanning(planning))), want);
  });
}

test("a stop says what it is about, by what, and when its owner was told", async (t) => {
  const instance = { tags: { Name: "web-1", created_by: "ada" }, publicAddress: "203.0.113.7" };
  const violations = [
    aViolation({ suggestion: 'rename "ownr" to "owner"' }),
    aViolation({ tag: "project", ruleHash: "project#1", says: 'tag "project" is empty', dueAt: now + 1 }),
  ];
  const ladder = told(days(8));
  const [action] = planActions([candidateOf({ instance, finding: { owner: "ada", violations }, ladder })], aPlanning());
  t.strictSame(action, {
    ...{ program: "tagaudit", accountId: "123456789012", kind: "stop", class: "reversible", cap: "stops" },
    ...{ subject: "eu-west-1/i-0123456789abcdef0", occasion: "1", decidedBy: "stop_after", evidenceAt: now },
    reason: 'tag "owner" is missing; tag "project" is empty; since 2026-02-26T12:00:00Z',
    names: ["i-0123456789abcdef0", "eu-west-1/i-0123456789abcdef0", "web-1", "ada"],
    legs: ["i-0123456789abcdef0"],
    notBefore: now - days(1),
    telling: { deliveredAt: now - days(8), atLeast: days(7) },
    detail: {
      ...{ region: "eu-west-1", zone: "eu-west-1a", instanceId: "i-0123456789abcdef0", instanceType: "m5.large" },
      ...{ state: "running", launchedAt: now - days(10), publicAddress: "203.0.113.7", owner: "ada" },
      ...{ tags: instance.tags, tagsHash: hashTags(new Map(Object.entries(instance.tags))) },
      violations: violations.map(({ tag, kind, says, suggestion, ruleHash, dueAt }) => ({
        ...{ tag, kind, says, ruleHash, dueAt },
        ...(suggestion === undefined ? {} : { suggestion }),
      })),
      rules: [ownerRule],
    },
  });
  t.equal(action && actionId(action), "tagaudit/123456789012/stop/eu-west-1/i-0123456789abcdef0/1");
});

test("an instance that is only reported says why", async (t) => {
  const [action] = planActions([candidateOf({ instance: { lifecycle: "spot" } })], aPlanning());
  t.match(action, { kind: "notice", detail: { spared: "it is a Spot Instance" } });
});

const tellings = [
  {
    name: "nobody was told: the gate that asks for it says so",
    changes: {},
    want: { notBefore: now - days(1), telling: { deliveredAt: undefined, atLeast: days(7) } },
  },
  {
    name: "told of another rule only",
    changes: { ladder: { person: "U1", told: { another: { stop: now - days(99), terminate: now - days(99) } } } },
    want: { notBefore: now - days(1), telling: { deliveredAt: undefined, atLeast: days(7) } },
  },
  {
    name: "told, but not of a stop",
    changes: { ladder: { person: "U1", told: { [ownerRule]: { terminate: now - days(99) } } } },
    want: { notBefore: now - days(1), telling: { deliveredAt: undefined, atLeast: days(7) } },
  },
  {
    name: "told, and the time is not over",
    changes: { ladder: told(days(6)) },
    want: { notBefore: now + days(1), telling: { deliveredAt: now - days(6), atLeast: days(7) } },
  },
  {
    name: "told of a later time than the setting has by now",
    changes: { ladder: { ...told(days(8)), announced: { stop: now + 1 } } },
    want: { notBefore: now + 1, telling: { deliveredAt: now - days(8), atLeast: days(7) } },
  },
  {
    name: "a rule that is not due counts for nothing",
    changes: {
      ladder: told(days(8)),
      finding: { violations: [aViolation({ ruleHash: "b" }), aViolation({ dueAt: now + 1 })] },
    },
    want: { notBefore: now - days(1), telling: { deliveredAt: undefined, atLeast: days(7) } },
  },
  {
    name: "what we have stopped waits from then on",
    changes: { instance: off, ladder: { ...told(days(40)), stopped: { ...stopped, at: now - days(13) } } },
    want: {
      ...{ kind: "terminate", class: "irreversible", cap: "terminations", decidedBy: "terminate_after" },
      notBefore: now + days(1),
      telling: { deliveredAt: now - days(40), atLeast: days(14) },
    },
  },
] as const;

for (const { name, changes, want } of tellings) {
  test(`told: ${name}`, async (t) => t.match(planActions([candidateOf(changes)], aPlanning())[0], want));
}

test("a notice cuts nothing off, and says which one of the round it is", async (t) => {
  const planned = planActions([candidateOf({ ladder: { notices: 0 } })], aPlanning({ mode: "notify" }));
  t.match(planned, [
    {
      ...{ kind: "notice", class: "notice", cap: "notices", isFirst: true, legs: [], decidedBy: "notify_after" },
      detail: { sequence: 1 },
    },
  ]);
  t.notOk("telling" in (planned[0] ?? {}));
  const [reminder] = planActions(
    [candidateOf({ ladder: { notices: 2, lastNoticeAt: 0 } })],
    aPlanning({ mode: "notify" }),
  );
  t.match(reminder, { isFirst: false, occasion: "1-3", detail: { sequence: 3 } });
});

const named = (id: string, changes: Changes = {}): Candidate =>
  candidateOf({ ...changes, instance: { id, ...changes.instance } });
const idsOf = (actions: readonly { kind: string; subject: string }[], kind: string) =>
  actions.filter((action) => action.kind === kind).map(({ subject }) => subject.split("/")[1]);

test("what is due first goes first, and what was spared last waits behind all others", async (t) => {
  const ladder = (ago: number, changes: Partial<InstanceLadder> = {}) => ({ ladder: { ...told(ago), ...changes } });
  const candidates = [
    named("i-spared", ladder(days(30), { sparedAt: now - hours(1) })),
    named("i-spared-before", ladder(days(30), { sparedAt: now - hours(2) })),
    named("i-late", { ...ladder(days(9)), finding: { violations: [aViolation({ dueAt: now - hours(1) })] } }),
    named("i-b", ladder(days(9))),
    named("i-a", ladder(days(9))),
  ];
  t.strictSame(idsOf(planActions(candidates, aPlanning()), "stop"), [
    "i-a",
    "i-b",
    "i-late",
    "i-spared-before",
    "i-spared",
  ]);
});

const flipping = aRule({ mayFlipProtection: true });
const flips: Changes["finding"] = { violations: [aViolation({ ruleHash: flipping.hash })] };
const flipTold = {
  told: { [flipping.hash]: { stop: now - days(30), terminate: now - days(30) } },
  ...quiet,
};

const flipCases: readonly (Case & { readonly rules?: readonly (typeof flipping)[] })[] = [
  {
    name: "where the rule lets it, before its step",
    finding: flips,
    ladder: flipTold,
    want: ["unprotect 1-stop", "stop 1"],
  },
  {
    name: "and before a termination",
    instance: off,
    finding: flips,
    ladder: flipTold,
    want: ["unprotect 1-terminate", "terminate 1"],
  },
  { name: "never where no rule lets it", finding: flips, ladder: flipTold, rules: [], want: ["stop 1"] },
  { name: "not before its owner was told", finding: flips, ladder: quiet, want: ["stop 1"] },
  {
    name: "nor before the time is over",
    finding: flips,
    ladder: { ...flipTold, announced: { stop: now + 1 } },
    want: ["stop 1"],
  },
  {
    name: "nor where the cap lets no step through",
    finding: flips,
    ladder: flipTold,
    planning: { room: { stop: 0, terminate: 5 } },
    want: ["stop 1"],
  },
  {
    name: "nor where it was used up by more",
    finding: flips,
    ladder: flipTold,
    planning: { room: { stop: -1, terminate: 5 } },
    want: ["stop 1"],
  },
  {
    name: "nor for a rule that is not due",
    finding: { violations: [aViolation(), aViolation({ ruleHash: flipping.hash, dueAt: now + 1 })] },
    ladder: { ...told(days(30)), ...quiet },
    want: ["stop 1"],
  },
];

for (const { name, planning, want, rules = [flipping], ...changes } of flipCases) {
  test(`protection is taken off ${name}`, async (t) => {
    const planned = planActions([candidateOf(changes)], aPlanning({ rules, ...planning }));
    t.strictSame(sayKinds(planned), want);
  });
}

test("taking protection off is reversible, has a cap of its own, and names its step", async (t) => {
  const [action] = planActions([candidateOf({ finding: flips, ladder: flipTold })], aPlanning({ rules: [flipping] }));
  t.match(action, { kind: "unprotect", class: "reversible", cap: "unprotections", detail: { step: "stop" } });
  t.match(action?.telling, { deliveredAt: now - days(30), atLeast: days(7) });
});

test("no more lose their protection than have a place under the cap", async (t) => {
  const candidates = ["i-c", "i-b", "i-a"].map((id) => named(id, { finding: flips, ladder: flipTold }));
  const planned = planActions(candidates, aPlanning({ rules: [flipping], room: { stop: 2, terminate: 5 } }));
  t.strictSame(idsOf(planned, "unprotect"), ["i-a", "i-b"]);
  t.strictSame(idsOf(planned, "stop"), ["i-a", "i-b", "i-c"]);
});

const newsCases = [
  { name: "nothing was done", ladder: {}, want: [] },
  { name: "a stop", ladder: { stopped }, want: ["news 1-stopped"] },
  { name: "and once", ladder: { stopped, said: ["stopped"] }, want: [] },
  { name: "not of what complies by now", ladder: { stopped, endedAt: now }, want: [] },
  { name: "a termination", ladder: { stopped, terminated: stopped, endedAt: now }, want: ["news 1-terminated"] },
  { name: "and once", ladder: { terminated: stopped, said: ["stopped", "terminated"] }, want: [] },
  { name: "in another round", ladder: { round: 2, stopped }, want: ["news 2-stopped"] },
  { name: "what failed waits", ladder: { stopped, ...failed("news", now + 1) }, want: [] },
  { name: "and is tried again", ladder: { stopped, ...failed("news", now) }, want: ["news 1-stopped"] },
] as const;

const planningNews = (sendNotices = true) => ({
  accountId: "123456789012",
  settings: someSettings({ sendNotices }),
  now,
});

for (const { name, ladder, want } of newsCases) {
  test(`news: ${name}`, async (t) => {
    t.strictSame(sayKinds(planNews([aLadder(ladder as Partial<InstanceLadder>)], planningNews())), want);
  });
}

test("news names the deed, whose entry in the journal tells the rest", async (t) => {
  const [action] = planNews([aLadder({ stopped })], planningNews());
  t.match(action, {
    ...{ program: "tagaudit", class: "notice", cap: "notices", subject: "eu-west-1/i-0123456789abcdef0" },
    ...{ reason: "the instance was stopped", decidedBy: "stop_after", notBefore: stopped.at, legs: [] },
    detail: { region: "eu-west-1", instanceId: "i-0123456789abcdef0", stage: "stopped", deed: stopped.id },
  });
  t.match(planNews([aLadder({ terminated: stopped })], planningNews()), [{ decidedBy: "terminate_after" }]);
  t.strictSame(planNews([aLadder({ stopped })], planningNews(false)), [], "where nobody is told, there is none");
});

const anyLadder: fc.Arbitrary<Partial<InstanceLadder>> = fc.record(
  {
    round: fc.constantFrom(1, 2),
    notices: fc.nat(3),
    lastNoticeAt: fc.constantFrom(now - hours(1), now - days(2)),
    told: fc.constantFrom({}, told(days(3)).told ?? {}, told(days(30)).told ?? {}),
    stopped: fc.constant(stopped),
    terminated: fc.constant(stopped),
    sparedAt: fc.constant(now - minutes(5)),
  },
  { requiredKeys: [] },
);
const anyInstance: fc.Arbitrary<Partial<Omit<Instance, "tags">>> = fc.record({
  id: fc.constantFrom("i-1", "i-2", "i-3"),
  region: fc.constantFrom("eu-west-1", "us-east-1"),
  state: fc.constantFrom("running", "stopped", "stopping", "pending"),
  lifecycle: fc.constantFrom(undefined, undefined, "spot"),
  rootDeviceType: fc.constantFrom("ebs", "ebs", "instance-store"),
});
const anyStanding = fc.oneof(
  { weight: 5, arbitrary: fc.constant("violating" as const) },
  fc.constantFrom("exempt", "grouped", "canary", "in_grace", "compliant" as const),
);

test("whatever is found and remembered, only violators that can be stopped are acted on, each in one way and by one id", async (t) => {
  const kinds = new Set<string>();
  const candidates = fc.uniqueArray(fc.tuple(anyInstance, anyLadder, anyStanding), {
    selector: ([{ id, region }]) => `${region}/${id}`,
    maxLength: 6,
  });
  const settings = fc.record({
    stopAfter: fc.constantFrom(undefined, 0, days(7)),
    terminateAfter: fc.constantFrom(undefined, 0, days(14)),
    terminate: fc.boolean(),
  });
  fc.assert(
    fc.property(candidates, settings, (made, chosen) => {
      const found = made.map(([instance, ladder, standing]) =>
        candidateOf({ instance, ladder, finding: { standing } }),
      );
      const actions = planActions(found, aPlanning({ settings: chosen }));
      const ids = actions.map(actionId);
      if (new Set(ids).size !== ids.length) throw new Error("two actions of one id");
      for (const { kind, subject } of actions) {
        kinds.add(kind);
        const candidate = found.find(({ finding: { instance } }) => `${instance.region}/${instance.id}` === subject);
        const { instance, standing } = candidate?.finding ?? violating();
        if (standing !== "violating") throw new Error(`${kind} of ${standing}`);
        if (kind === "notice") continue;
        if (instance.lifecycle === "spot" || instance.rootDeviceType !== "ebs") throw new Error("not to be stopped");
        if (kind === "terminate" && (!chosen.terminate || chosen.terminateAfter === undefined)) throw new Error("kept");
        if (kind === "stop" && chosen.stopAfter === undefined) throw new Error("not to be stopped");
        if (actions.filter((one) => one.subject === subject && one.kind !== "notice").length > 1)
          throw new Error("twice");
      }
    }),
    { numRuns: 500 },
  );
  t.strictSame([...kinds].sort(), ["notice", "stop", "terminate"]);
});
