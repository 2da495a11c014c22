import fc from "fast-check";
import type { PlannedAction } from "../../lib/act/action.ts";
import { alwaysOpen } from "../../lib/act/calendar.ts";
import { classesBoundBy } from "../../lib/act/gate-table.ts";
import type { GateContext, Pause } from "../../lib/act/gates.ts";
import { days, hours, minutes } from "../../lib/core/time.ts";
import { anAction, anOpenContext } from "../support/an-intent.ts";

/** A plan and what it is judged by. */
export interface Scene {
  readonly actions: readonly PlannedAction[];
  readonly context: GateContext;
}

const { now } = anOpenContext();

/** Mostly the first kind of value, so that some actions pass; sometimes one of the rest. */
const mostly = <Usual, Other>(usual: fc.Arbitrary<Usual>, ...others: readonly fc.Arbitrary<Other>[]) =>
  fc.oneof<(fc.Arbitrary<Usual | Other> | fc.WeightedArbitrary<Usual>)[]>(
    { weight: 15 * others.length, arbitrary: usual },
    ...others,
  );

const strange = fc.constantFrom(
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1,
  0.5,
  2 ** 53,
  -(2 ** 60),
);

/** How numbers come: as they should, or from a broken store. */
type Numbers = (usual: fc.Arbitrary<number>) => fc.Arbitrary<number>;
const soundNumbers: Numbers = (usual) => usual;
const hostileNumbers: Numbers = (usual) => fc.oneof({ weight: 12, arbitrary: usual }, strange);

const anyName = fc.constantFrom<string[]>("ada", "bob", "svc-1", "svc-2", "ci");
const anyGlob = fc.constantFrom("ada", "svc-*", "?ob", "eve");
const anyCap = fc.constantFrom("disables", "stops");
const anyClass = fc.constantFrom(...classesBoundBy("mode"), ...classesBoundBy("fleet"), ...classesBoundBy("fleet"));

const ago = (length: number) => fc.integer({ min: 0, max: length }).map((back) => now - back);

function anyAction(numbers: Numbers): fc.Arbitrary<PlannedAction> {
  return fc
    .record({
      class: anyClass,
      accountId: mostly(fc.constant("123456789012"), fc.constant("999999999999")),
      notBefore: mostly(numbers(ago(days(30))), fc.constant(now + 1)),
      evidenceAt: mostly(numbers(ago(minutes(30))), ago(hours(3))),
      names: mostly(fc.uniqueArray(anyName, { minLength: 1, maxLength: 2 }), fc.constant([])),
      legs: fc.uniqueArray(fc.constantFrom("leg-1", "leg-2", "leg-3"), { maxLength: 1 }),
      telling: mostly(
        fc.record({
          deliveredAt: mostly(numbers(ago(days(30))), fc.constant(undefined)),
          atLeast: numbers(fc.constant(days(2))),
        }),
        fc.constant(undefined),
      ),
      cap: mostly(anyCap, fc.constant(undefined), fc.constant("unheard-of")),
      isFirst: fc.boolean(),
    })
    .map(({ telling, cap, ...rest }) => ({
      ...anAction(rest),
      ...(telling === undefined ? {} : { telling }),
      ...(cap === undefined ? {} : { cap }),
    }));
}

const closed = { ...alwaysOpen, freeze: [{ first: "2026-03-01", last: "2026-03-01" }] };
export const aPause: Pause = { reason: "r", by: "b", at: now, until: undefined };
export const anExemption = { names: "svc-*", reason: "r", owner: "o", until: now + 1 };

function anyContext(numbers: Numbers): fc.Arbitrary<GateContext> {
  const count = (max: number) => numbers(fc.integer({ min: 0, max }));
  const cap = fc.record({ limit: count(6), spent: count(3) });
  return fc
    .record({
      now: numbers(fc.constant(now)),
      mode: mostly(fc.constant("commit"), fc.constantFrom("notify", "observe")),
      actOnAccounts: mostly(fc.constant(["123456789012"]), fc.constantFrom([], ["123456789012", "999999999999"])),
      pause: mostly(fc.constant(undefined), fc.constant(aPause), fc.constant({ ...aPause, until: now })),
      // Mostly none: to read a clock takes longer than all else that is judged.
      calendar: mostly(fc.constant(undefined), fc.constantFrom(alwaysOpen, closed)),
      exemptions: fc.array(
        fc.record({ ...constants(anExemption), names: anyGlob, until: numbers(fc.constantFrom(now, now + 1)) }),
        { maxLength: 2 },
      ),
      missingTotal: mostly(numbers(fc.constant(0)), fc.constant(1)),
      maxEvidenceAge: numbers(fc.constant(hours(1))),
      clockOffset: mostly(numbers(fc.constantFrom(0, -minutes(5))), fc.constantFrom(undefined, minutes(6))),
      canary: mostly(
        fc.constantFrom(undefined, { wanted: ["a", "b"], seen: ["b", "a"] }),
        fc.constantFrom({ wanted: ["a", "b"], seen: ["b"] }, { wanted: [], seen: [] }),
      ),
      ownLegs: fc.uniqueArray(fc.constantFrom("leg-1", "leg-2"), { maxLength: 1 }).map((legs) => new Set(legs)),
      protected: fc.array(anyGlob, { maxLength: 1 }),
      fleet: fc.record({
        subjects: numbers(fc.constantFrom(5, 100)),
        due: count(60),
        shareBefore: mostly(fc.constant(undefined), numbers(fc.constant(0.3))),
      }),
      overridePlan: fc.constantFrom(undefined, "0123456789ab"),
      caps: fc.record({ disables: cap, stops: cap }),
    })
    .map(({ missingTotal, ...rest }) =>
      anOpenContext({ ...rest, coverage: { missing: [], missingTotal, subjectsMissing: false } }),
    );
}

const constants = <Members extends object>(members: Members) =>
  // fc.record keeps the members of what it is given.
  Object.fromEntries(Object.entries(members).map(([key, value]) => [key, fc.constant(value)])) as {
    [Key in keyof Members]: fc.Arbitrary<Members[Key]>;
  };

const scenes = (numbers: Numbers): fc.Arbitrary<Scene> =>
  fc.record({
    actions: fc
      .array(anyAction(numbers), { minLength: 1, maxLength: 8 })
      .map((actions) => actions.map((action, index) => ({ ...action, subject: `subject ${index}` }))),
    context: anyContext(numbers),
  });

export const hostileScenes = scenes(hostileNumbers);
export const soundScenes = scenes(soundNumbers);
