import { test } from "tap";
import { bindingOf } from "../../lib/act/gate-table.ts";
import { days, hours, minutes } from "../../lib/core/time.ts";
import { groupOf, planRecycles, recycleCap } from "../../lib/dirtycount/plan-recycle.ts";
import { aMark, aTally, now } from "../support/marks.ts";
import { aRecycleCandidate } from "../support/recycle-acting.ts";

const planning = { accountId: "123456789012", recycleAfter: hours(1), now };

const plan = (...candidates: Parameters<typeof aRecycleCandidate>[]) =>
  planRecycles(
    candidates.map((said) => aRecycleCandidate(...said)),
    planning,
  );

const groupTag = (name: string) => ({ "aws:autoscaling:groupName": name });

test("all that gates, the journal and people need of one", async (t) => {
  const verified = aTally({ firstAt: now - days(2), lastAt: now - hours(3), count: 3, names: { ssh: 2, ssm: 1 } });
  const [action, ...others] = plan(["i-1", { verified }, { tags: { Name: "web-1", ...groupTag("web") } }]);
  t.strictSame(others, []);
  t.strictSame(action, {
    ...{ program: "dirtycount", accountId: "123456789012", kind: "recycle", class: "reversible" },
    ...{ subject: "eu-west-1/i-1", occasion: "1" },
    reason: "touched by a person: ssh 2, ssm 1; level high; first 2026-02-27T12:00:00Z, last 2026-03-01T09:00:00Z",
    ...{ decidedBy: "recycle_after", notBefore: now - hours(2), evidenceAt: now, cap: recycleCap },
    ...{ names: ["i-1", "eu-west-1/i-1", "web-1", "web"], legs: ["i-1"] },
    detail: {
      ...{ region: "eu-west-1", instanceId: "i-1", group: "web", level: "high", events: 3 },
      ...{ firstAt: now - days(2), lastAt: now - hours(3) },
    },
  });
});

test("no person is named in it", async (t) => {
  const verified = aTally({ principals: ["ada-the-person"], addresses: ["198.51.100.7"] });
  t.notMatch(JSON.stringify(plan(["i-1", { verified }])), /ada-the-person|198\.51/);
});

test("events of many names are only counted", async (t) => {
  const names = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`e${at}`, 1]));
  const reasonOf = (count: number) => plan(["i-1", { verified: aTally({ names: names(count), count }) }])[0]?.reason;
  t.match(reasonOf(5), /: e0 1, e1 1, e2 1, e3 1, e4 1; level/);
  t.match(reasonOf(6), /: 6 events; level/);
});

const unplanned: readonly { name: string; candidate: Parameters<typeof aRecycleCandidate> }[] = [
  { name: "an instance of no group", candidate: ["i-1", {}, { tags: {} }] },
  ...(["pending", "stopping", "stopped", "shutting-down", "terminated"] as const).map((state) => ({
    name: `an instance that is ${state}`,
    candidate: ["i-1", {}, { state }] as Parameters<typeof aRecycleCandidate>,
  })),
  { name: "a mark that has ended", candidate: ["i-1", { endedAt: now }] },
  { name: "what was recycled", candidate: ["i-1", { recycling: { done: { at: now - 1, id: "x" } } }] },
  {
    name: "what has failed just now",
    candidate: ["i-1", { recycling: { failures: { recycle: { count: 1, retryAt: now + 1 } } } }],
  },
];

for (const { name, candidate } of unplanned) {
  test(`not planned: ${name}`, async (t) => t.strictSame(plan(candidate), []));
}

test("not planned: what nobody proven says", async (t) => {
  const { verified: _proven, ...mark } = aMark({ unverified: aTally() });
  t.strictSame(planRecycles([{ ...aRecycleCandidate("i-1"), mark }], planning), []);
  t.equal(planRecycles([{ ...aRecycleCandidate("i-1"), mark: aMark() }], planning).length, 1);
});

test("what has failed is planned again in its time, what others say beside a proven sender does not matter", async (t) => {
  const failures = { recycle: { count: 1, retryAt: now } };
  t.equal(plan(["i-1", { recycling: { failures }, unverified: aTally({ level: "critical" }) }]).length, 1);
});

test("not before a while after the last touch, for the gate to say", async (t) => {
  const [action] = plan(["i-1", { verified: aTally({ firstAt: now - days(9), lastAt: now - minutes(1) }) }]);
  t.equal(action?.notBefore, now + minutes(59));
});

test("the gravest of a group, then the oldest; one of each group before the second of any", async (t) => {
  const marked = (level: "high" | "critical" | "low", ago: number) => ({
    verified: aTally({ level, firstAt: now - hours(ago) }),
  });
  const inGroup = (name: string) => ({ tags: groupTag(name) });
  const actions = plan(
    ["i-1", marked("low", 90), inGroup("a")],
    ["i-2", marked("high", 5), inGroup("a")],
    ["i-3", marked("high", 7), inGroup("a")],
    ["i-4", marked("critical", 1), inGroup("a")],
    ["i-6", marked("low", 2), inGroup("b")],
    ["i-5", marked("low", 2), inGroup("b")],
    ["i-7", { ...marked("critical", 2), region: "us-east-1" }, { ...inGroup("a"), region: "us-east-1" }],
  );
  t.strictSame(
    actions.map(({ detail }) => detail.instanceId),
    ["i-7", "i-4", "i-5", "i-3", "i-6", "i-2", "i-1"],
  );
});

test("the order is the same whatever order it comes in", async (t) => {
  const candidates = ["i-1", "i-2", "i-3"].map((id) => aRecycleCandidate(id));
  const order = (given: typeof candidates) => planRecycles(given, planning).map(({ subject }) => subject);
  t.strictSame(order(candidates.toReversed()), order(candidates));
});

test("a group is told by AWS's own tag alone", async (t) => {
  t.equal(groupOf({ tags: new Map([["groupName", "web"]]) }), undefined);
  t.equal(groupOf({ tags: new Map(Object.entries(groupTag("web"))) }), "web");
});

test("of a class that needs commit, and that every gate of a harmful deed binds", async (t) => {
  const [action] = plan(["i-1"]);
  const gates = ["coverage", "fleet", "calendar", "cap", "exempt", "protected", "own_leg", "stale_evidence"] as const;
  for (const gate of gates) t.equal(bindingOf(gate, action?.class ?? "mark"), "always", gate);
});
