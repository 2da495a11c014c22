import { test } from "tap";
import { days, hours } from "../../lib/core/time.ts";
import { type Climb, sayLoss, saySpared, stepFrom, stepsOf, waitOf } from "../../lib/tagaudit/steps.ts";
import { aLadder, ownerRule, someSettings } from "../support/instance-ladders.ts";
import { anInstance, now } from "../support/tagaudit-records.ts";

const choices = [
  { name: "each step that has a delay", settings: {}, want: ["stop", "terminate"] },
  { name: "without the switch nothing is terminated", settings: { terminate: false }, want: ["stop"] },
  { name: "without its delay nothing is terminated", settings: { terminateAfter: undefined }, want: ["stop"] },
  { name: "without its delay nothing is stopped", settings: { stopAfter: undefined }, want: ["terminate"] },
  { name: "at once is a delay", settings: { stopAfter: undefined, terminateAfter: 0 }, want: ["terminate"] },
  { name: "nothing is done", settings: { stopAfter: undefined, terminate: false }, want: [] },
] as const;

for (const { name, settings, want } of choices) {
  test(`steps: ${name}`, async (t) => t.strictSame(stepsOf(anInstance(), someSettings(settings)), want));
}

const spared = [
  { name: "an EBS root on demand", instance: {}, want: undefined },
  { name: "scheduled", instance: { lifecycle: "scheduled" }, want: undefined },
  {
    name: "an instance store root",
    instance: { rootDeviceType: "instance-store" },
    want: "its root device is an instance store volume",
  },
  { name: "a Spot Instance", instance: { lifecycle: "spot", spotRequestId: "sir-1" }, want: "it is a Spot Instance" },
] as const;

for (const { name, instance, want } of spared) {
  test(`what can't be stopped is only reported: ${name}`, async (t) => {
    t.equal(saySpared(anInstance(instance)), want);
    t.equal(stepsOf(anInstance(instance), someSettings()).length, want === undefined ? 2 : 0);
  });
}

test("a stop loses the public address where there is one", async (t) => {
  t.equal(sayLoss({}), "A stop loses what is in memory and on instance store volumes.");
  t.equal(
    sayLoss({ publicAddress: "203.0.113.7" }),
    "A stop loses what is in memory and on instance store volumes, and the public address 203.0.113.7 unless it is an Elastic IP address.",
  );
});

const stopped = { at: now - days(2), id: "x" };

interface Place {
  readonly state?: "running" | "stopped";
  readonly ladder?: Partial<Climb["ladder"]>;
  readonly settings?: Parameters<typeof someSettings>[0];
}

const climb = ({ state = "running", ladder, settings }: Place): Climb => ({
  instance: anInstance({ state }),
  ladder: aLadder(ladder),
  settings: someSettings(settings),
});

const waits = [
  { name: "a stop waits its own delay", step: "stop", place: {}, want: days(7) },
  {
    name: "a termination of what was stopped waits its own",
    step: "terminate",
    place: { state: "stopped", ladder: { stopped } },
    want: days(14),
  },
  { name: "of what runs, both", step: "terminate", place: {}, want: days(21) },
  { name: "of what somebody else has stopped, both", step: "terminate", place: { state: "stopped" }, want: days(21) },
  {
    name: "of what somebody has started again, both",
    step: "terminate",
    place: { ladder: { stopped } },
    want: days(21),
  },
  {
    name: "of what is never stopped, its own",
    step: "terminate",
    place: { settings: { stopAfter: undefined } },
    want: days(14),
  },
  {
    name: "of what is never terminated nothing is said",
    step: "terminate",
    place: { settings: { terminateAfter: undefined } },
    want: days(7),
  },
] as const;

for (const { name, step, place, want } of waits) {
  test(`wait: ${name}`, async (t) => t.equal(waitOf(step, climb(place)), want));
}

const due = (dueAt: number, ruleHash = ownerRule) => ({ ruleHash, dueAt });
const told = (at: number) => ({ told: { [ownerRule]: { stop: at, terminate: at } } });

const times = [
  { name: "told now, from now", step: "stop", place: {}, rules: [due(now - days(1))], want: now + days(7) },
  {
    name: "told before, from then",
    step: "stop",
    place: { ladder: told(now - days(3)) },
    rules: [due(now - days(5))],
    want: now + days(4),
  },
  {
    name: "never before it is due",
    step: "stop",
    place: { ladder: told(now - days(9)) },
    rules: [due(now + days(1))],
    want: now + days(1),
  },
  {
    name: "the first rule decides",
    step: "stop",
    place: { ladder: told(now - days(3)) },
    rules: [due(now, "untold"), due(now)],
    want: now + days(4),
  },
  {
    name: "not before it was said to be",
    step: "stop",
    place: { ladder: { ...told(now - days(3)), announced: { stop: now + days(6) } } },
    rules: [due(now)],
    want: now + days(6),
  },
  {
    name: "a termination not before the stop is old enough",
    step: "terminate",
    place: { state: "stopped", ladder: { ...told(now - days(30)), stopped } },
    rules: [due(now - days(40))],
    want: stopped.at + days(14),
  },
  {
    name: "a stop by somebody else counts from the telling",
    step: "terminate",
    place: { state: "stopped", ladder: told(now - days(20)) },
    rules: [due(now - days(40))],
    want: now + days(1),
  },
  {
    name: "where nothing is ever terminated the stop adds nothing",
    step: "terminate",
    place: { state: "stopped", ladder: { ...told(now - hours(1)), stopped }, settings: { terminateAfter: undefined } },
    rules: [due(now - days(40))],
    want: now - hours(1),
  },
] as const;

for (const { name, step, place, rules, want } of times) {
  test(`from when on: ${name}`, async (t) => t.equal(stepFrom(step, climb(place), { rules, telling: now }), want));
}
