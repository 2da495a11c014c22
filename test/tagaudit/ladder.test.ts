import fc from "fast-check";
import { test } from "tap";
import { days, hours } from "../../lib/core/time.ts";
import {
  clocksOf,
  endLadder,
  followClocks,
  type InstanceLadder,
  ladderId,
  type NoticeSent,
  newLadder,
  noteNotice,
  noteSpared,
  noteStopped,
  noteTerminated,
  restartLadder,
  toldOf,
} from "../../lib/tagaudit/ladder.ts";
import { aLadder, ownerRule, told } from "../support/instance-ladders.ts";
import { aFinding, anInstance, aRule, aViolation, now, violating } from "../support/tagaudit-records.ts";

const projectRule = aRule({ tag: "project" }).hash;
const owner = aViolation();
const project = aViolation({ tag: "project", ruleHash: projectRule });
const deed = { at: now - hours(1), id: "tagaudit/123456789012/stop/eu-west-1/i-0123456789abcdef0/1" };

test("a new ladder is in its first round, and nothing was seen, said or done", async (t) => {
  t.strictSame(newLadder(anInstance()), {
    ...{ shape: 1, instanceId: "i-0123456789abcdef0", region: "eu-west-1", clocks: {} },
    ...{ round: 1, notices: 0, told: {}, said: [] },
  });
  t.equal(ladderId(aLadder()), "eu-west-1/i-0123456789abcdef0");
});

test("clocks are read by the rule's hash, and nobody's are none", async (t) => {
  t.strictSame([...clocksOf(aLadder())], [[ownerRule, now - days(3)]]);
  t.strictSame([...clocksOf(undefined)], []);
});

interface FollowCase {
  readonly name: string;
  readonly ladder: InstanceLadder | undefined;
  readonly finding: Parameters<typeof followClocks>[1];
  readonly at?: number;
  readonly want: Partial<InstanceLadder> | undefined | "same";
}

const ended = endLadder(aLadder({ round: 2 }), now - days(1));
const stoppedByUs = aLadder({ ...told(days(9)), stopped: deed });

const follows: readonly FollowCase[] = [
  { name: "an instance that keeps all rules has no ladder", ladder: undefined, finding: aFinding(), want: undefined },
  {
    name: "a first violation starts its clock",
    ladder: undefined,
    finding: violating(),
    want: { clocks: { [ownerRule]: now } },
  },
  { name: "a clock that runs is left alone", ladder: aLadder(), finding: violating(), want: "same" },
  {
    name: "another rule broken gets a clock of its own",
    ladder: aLadder(told(days(2))),
    finding: violating({ violations: [owner, project] }),
    want: { clocks: { [ownerRule]: now - days(3), [projectRule]: now }, told: told(days(2)).told ?? {} },
  },
  {
    name: "a rule that is kept again loses its clock, and what was told of it",
    ladder: aLadder({ ...told(days(2)), clocks: { [ownerRule]: 1, [projectRule]: 2 } }),
    finding: violating({ violations: [project] }),
    want: { clocks: { [projectRule]: 2 }, told: {} },
  },
  {
    name: "a rule that was changed starts anew",
    ladder: aLadder(told(days(2))),
    finding: violating({ violations: [aViolation({ ruleHash: "owner#changed" })] }),
    want: { clocks: { "owner#changed": now }, told: {} },
  },
  {
    name: "two violations of one rule share its clock",
    ladder: aLadder(),
    finding: violating({ violations: [owner, owner] }),
    want: "same",
  },
  {
    name: "an instance that keeps all rules is at its end, and its round stays",
    ladder: aLadder({ ...told(days(2)), round: 2 }),
    finding: aFinding(),
    want: { clocks: {}, told: {}, endedAt: now, round: 2 },
  },
  { name: "at its end it stays there", ladder: ended, finding: aFinding(), want: "same" },
  {
    name: "who breaks a rule again begins the next round",
    ladder: ended,
    finding: violating(),
    want: { ...newLadder(anInstance()), round: 3, clocks: { [ownerRule]: now } },
  },
  {
    name: "an exempt instance's clock runs on",
    ladder: aLadder(),
    finding: violating({ standing: "exempt" }),
    want: "same",
  },
  { name: "and one in grace", ladder: aLadder(), finding: violating({ standing: "in_grace" }), want: "same" },
  {
    name: "a member of a group has no clock",
    ladder: undefined,
    finding: violating({ standing: "grouped" }),
    want: undefined,
  },
  {
    name: "one that came into a group is at its end",
    ladder: aLadder(),
    finding: violating({ standing: "grouped" }),
    want: { clocks: {}, endedAt: now },
  },
  {
    name: "a canary has no clock",
    ladder: undefined,
    finding: violating({ standing: "canary" }),
    want: undefined,
  },
  {
    name: "stopped, and not tagged, it stays where it is",
    ladder: stoppedByUs,
    finding: violating({ instance: anInstance({ state: "stopped" }) }),
    want: "same",
  },
  {
    name: "started again by a person, its owner gets the whole time anew",
    ladder: stoppedByUs,
    finding: violating(),
    want: { ...newLadder(anInstance()), round: 2, clocks: { [ownerRule]: now - days(3) } },
  },
  {
    name: "a look that is no younger than the stop says nothing about it",
    ladder: stoppedByUs,
    finding: violating(),
    at: deed.at,
    want: "same",
  },
  {
    name: "terminated, it is at its end whatever an older look shows",
    ladder: noteTerminated(aLadder(), deed),
    finding: violating(),
    want: "same",
  },
];

for (const { name, ladder, finding, at = now, want } of follows) {
  test(`clocks: ${name}`, async (t) => {
    const followed = followClocks(ladder, finding, at);
    if (want === "same") return void t.equal(followed, ladder);
    if (want === undefined) return void t.equal(followed, undefined);
    t.match(followed, want);
    t.strictSame(Object.keys(followed?.clocks ?? {}).sort(), Object.keys(want.clocks ?? {}).sort());
    t.strictSame(followed?.told, want.told ?? {});
    t.equal(followClocks(followed, finding, at + days(1)), followed, "looked at again it says the same");
  });
}

const sent = (changes: Partial<NoticeSent> = {}): NoticeSent => ({
  ...{ at: now, sequence: 2, stage: "violating", person: "U1", rules: [ownerRule] },
  announces: { stop: now + days(7), terminate: now + days(21) },
  ...changes,
});

const before = told(days(2));
const then = now - days(2);
const both = { [ownerRule]: { stop: now, terminate: now } };

const notices: readonly {
  readonly name: string;
  readonly ladder?: Partial<InstanceLadder>;
  readonly notice?: Partial<NoticeSent>;
  readonly want: Partial<Record<keyof InstanceLadder, unknown>>;
}[] = [
  {
    name: "the first one that reaches its owner starts the time of each step",
    notice: { sequence: 1 },
    want: { notices: 1, lastNoticeAt: now, person: "U1", told: both, announced: sent().announces, said: [] },
  },
  {
    name: "one to the fallback channel starts none",
    notice: { person: undefined },
    want: { notices: 2, lastNoticeAt: now, person: undefined, told: {}, announced: undefined },
  },
  {
    name: "a reminder does not start it anew, and says from when on last",
    ladder: before,
    want: { notices: 2, lastNoticeAt: now, told: before.told, announced: sent().announces },
  },
  {
    name: "another owner gets the whole time",
    ladder: before,
    notice: { person: "U2" },
    want: { person: "U2", told: both },
  },
  {
    name: "a rule that is named for the first time has a time of its own",
    ladder: before,
    notice: { rules: [ownerRule, projectRule] },
    want: { told: { ...before.told, [projectRule]: { stop: now, terminate: now } } },
  },
  {
    name: "a step that it no longer speaks of has no time any more",
    ladder: before,
    notice: { announces: { stop: now } },
    want: { told: { [ownerRule]: { stop: then } }, announced: { stop: now } },
  },
  {
    name: "one that says that nothing will be done stops every time",
    ladder: before,
    notice: { announces: {} },
    want: { person: "U1", told: { [ownerRule]: {} }, announced: {} },
  },
  {
    name: "an older one that is recorded late changes no time",
    ladder: before,
    notice: { at: then - 1, sequence: 1, person: "U2" },
    want: { notices: 1, lastNoticeAt: then, person: "U1", told: before.told },
  },
  {
    name: "news of a deed is no warning of one",
    notice: { sequence: undefined, stage: "stopped", rules: [], announces: {} },
    want: { said: ["stopped"], notices: 0, person: undefined, told: {}, lastNoticeAt: now },
  },
  {
    name: "what was said is noted once",
    ladder: { said: ["stopped"] },
    notice: { sequence: undefined, stage: "stopped" },
    want: { said: ["stopped"] },
  },
  {
    name: "one that went out makes up for those that failed, of notices alone",
    ladder: { failures: { notice: { count: 3, retryAt: now }, news: { count: 1, retryAt: now } } },
    want: { failures: { notice: undefined, news: { count: 1, retryAt: now } } },
  },
  {
    name: "and news for news",
    ladder: { failures: { notice: { count: 3, retryAt: now }, news: { count: 1, retryAt: now } } },
    notice: { sequence: undefined, stage: "terminated" },
    want: { failures: { notice: { count: 3, retryAt: now }, news: undefined } },
  },
];

for (const { name, ladder, notice, want } of notices) {
  test(`notice: ${name}`, async (t) => {
    const noted = noteNotice(aLadder(ladder), sent(notice));
    for (const [member, value] of Object.entries(want))
      t.strictSame(noted[member as keyof InstanceLadder], value, member);
    t.strictSame(noteNotice(noted, sent(notice)), noted, "recorded again it changes nothing");
  });
}

test("a step was told of when the first of its rules was", async (t) => {
  const ladder = aLadder({ told: { [ownerRule]: { stop: now }, [projectRule]: { stop: then, terminate: now } } });
  t.equal(toldOf(ladder, "stop", [owner, project]), then);
  t.equal(toldOf(ladder, "stop", [owner]), now);
  t.equal(toldOf(ladder, "terminate", [owner]), undefined);
  t.equal(toldOf(ladder, "stop", []), undefined);
});

test("a deed makes up for what failed of its kind, and a termination ends the ladder", async (t) => {
  const failed = { count: 2, retryAt: now };
  const ladder = aLadder({ failures: { stop: failed, terminate: failed } });
  t.strictSame(noteStopped(ladder, deed), {
    ...{ ...ladder, stopped: deed },
    failures: { stop: undefined, terminate: failed },
  });
  t.strictSame(noteTerminated(ladder, deed), {
    ...{ ...ladder, terminated: deed, clocks: {}, told: {}, endedAt: deed.at },
    failures: { stop: failed, terminate: undefined },
  });
});

test("a new round knows the clocks and nothing else", async (t) => {
  const ladder = noteSpared(aLadder({ ...told(days(9)), said: ["stopped"], stopped: deed }), now);
  t.equal(ladder.sparedAt, now);
  t.strictSame(restartLadder(ladder), { ...newLadder(anInstance()), clocks: ladder.clocks, round: 2 });
});

test("whatever is seen in whatever order, a clock starts once per violation and never lies in the future", async (t) => {
  const seen = fc.subarray([owner, project]);
  fc.assert(
    fc.property(fc.array(seen, { minLength: 1, maxLength: 12 }), (runs) => {
      let ladder: InstanceLadder | undefined;
      const since = new Map<string, number>();
      for (const [run, violations] of runs.entries()) {
        const at = now + hours(run);
        ladder = followClocks(
          ladder,
          violating({ violations, standing: violations.length > 0 ? "violating" : "compliant" }),
          at,
        );
        for (const hash of [ownerRule, projectRule]) {
          if (!violations.some(({ ruleHash }) => ruleHash === hash)) since.delete(hash);
          else if (!since.has(hash)) since.set(hash, at);
        }
        t.strictSame(Object.fromEntries(clocksOf(ladder)), Object.fromEntries(since));
      }
    }),
    { numRuns: 60 },
  );
});
