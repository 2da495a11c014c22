import { test } from "tap";
import { days, hours } from "../../lib/core/time.ts";
import type { InstanceLadder } from "../../lib/tagaudit/ladder.ts";
import { planActions } from "../../lib/tagaudit/plan.ts";
import type { Candidate } from "../../lib/tagaudit/planning.ts";
import {
  aPlanning,
  type CandidateChanges,
  candidateOf,
  ownerRule,
  sayKinds,
  told,
} from "../support/instance-ladders.ts";
import { aRule, aViolation, now } from "../support/tagaudit-records.ts";

const stopped = { at: now - days(15), id: "tagaudit/123456789012/stop/x/1" };
const quiet = { notices: 4, lastNoticeAt: now - hours(1), person: "U1" };
const off: CandidateChanges["instance"] = { state: "stopped" };

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

const named = (id: string, changes: CandidateChanges = {}): Candidate =>
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

interface FlipCase extends CandidateChanges {
  readonly name: string;
  readonly planning?: Parameters<typeof aPlanning>[0];
  readonly rules?: readonly (typeof flipping)[];
  readonly want: readonly string[];
}

const flipping = aRule({ mayFlipProtection: true });
const flips: CandidateChanges["finding"] = { violations: [aViolation({ ruleHash: flipping.hash })] };
const flipTold = {
  told: { [flipping.hash]: { stop: now - days(30), terminate: now - days(30) } },
  ...quiet,
};

const flipCases: readonly FlipCase[] = [
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
