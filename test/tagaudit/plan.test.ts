import fc from "fast-check";
import { test } from "tap";
import { actionId } from "../../lib/act/action.ts";
import type { Instance } from "../../lib/core/ec2.ts";
import { days, hours, minutes } from "../../lib/core/time.ts";
import type { InstanceLadder } from "../../lib/tagaudit/ladder.ts";
import { planActions } from "../../lib/tagaudit/plan.ts";
import { aPlanning, type CandidateChanges, candidateOf, failed, sayKinds, told } from "../support/instance-ladders.ts";
import { now, violating } from "../support/tagaudit-records.ts";

const stopped = { at: now - days(15), id: "tagaudit/123456789012/stop/x/1" };
const quiet = { notices: 4, lastNoticeAt: now - hours(1), person: "U1" };
const once = { stopAfter: undefined, terminateAfter: 0 };
const off: CandidateChanges["instance"] = { state: "stopped" };

interface Case extends CandidateChanges {
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
