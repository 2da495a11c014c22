import { test } from "tap";
import type { PlannedAction } from "../../lib/act/action.ts";
import { alwaysOpen } from "../../lib/act/calendar.ts";
import { decide, judge } from "../../lib/act/decide.ts";
import type { GateName } from "../../lib/act/gate-table.ts";
import { type GateContext, gates, type JudgingContext } from "../../lib/act/gates.ts";
import { wholeCoverage } from "../../lib/core/coverage.ts";
import { days, hours, minutes } from "../../lib/core/time.ts";
import { anAction, anOpenContext } from "../support/an-intent.ts";

const base = anOpenContext();
const { now } = base;
const keyId = "AKIAIOSFODNN7EXAMPLE";

/** Bound by every gate, and allowed by all of them in `open`. */
const disable = anAction({
  ...{ kind: "disable", class: "irreversible", cap: "disables", names: ["ada", keyId], legs: [keyId] },
  telling: { deliveredAt: now - days(20), atLeast: days(14) },
});
const open: GateContext = { ...base, caps: { disables: { limit: 10, spent: 0 } } };

interface Change {
  readonly action?: Partial<PlannedAction>;
  readonly context?: Partial<JudgingContext>;
}

const pause = { reason: "incident 7", by: "bob", at: now - hours(1), until: undefined };
const exemption = { names: "ad?", reason: "vendor", owner: "bob", until: now + days(1) };
const frozen = { ...alwaysOpen, freeze: [{ first: "2026-03-01", last: "2026-03-01" }] };
const denied = { what: 'access keys of user "x"', code: "denied", reason: "not allowed", subjects: false } as const;
const gap = { missing: [denied], missingTotal: 1, subjectsMissing: false };

/** For each gate what it alone objects to. */
const objections: Readonly<Record<GateName, Change>> = {
  mode: { context: { mode: "notify" } },
  account: { context: { actOnAccounts: ["999999999999"] } },
  paused: { context: { pause } },
  calendar: { context: { calendar: frozen } },
  exempt: { context: { exemptions: [exemption] } },
  own_leg: { context: { ownLegs: new Set([keyId]) } },
  protected: { context: { protected: ["a*"] } },
  clock: { context: { clockOffset: minutes(6) } },
  grace: { action: { notBefore: now + 1 } },
  told: { action: { telling: { deliveredAt: undefined, atLeast: days(14) } } },
  coverage: { context: { coverage: gap } },
  stale_evidence: { action: { evidenceAt: now - hours(2) } },
  canary: { context: { canary: { wanted: ["eu-west-1"], seen: [] } } },
  fleet: { context: { fleet: { subjects: 100, due: 51, shareBefore: undefined } } },
  cap: { context: { caps: { disables: { limit: 10, spent: 10 } } } },
};

const ordered = Object.keys(objections);

test("what no gate objects to is permitted", async (t) => {
  const { permits, refusals } = decide([disable], open);
  t.strictSame([permits.map(({ action }) => action), refusals], [[disable], []]);
});

for (const [name, { action, context }] of Object.entries(objections)) {
  test(`without the gate ${name} something else would pass`, async (t) => {
    const actions = [{ ...disable, ...action }];
    const changed = { ...open, ...context };
    const { permits, refusals } = decide(actions, changed);
    t.strictSame([permits.length, refusals.map(({ gate }) => gate)], [0, [name]]);
    const others = gates.filter((gate) => gate.name !== name);
    t.strictSame(judge(actions, changed, others), { allowed: actions, refusals: [] });
  });
}

test("the first gate that objects is the reason, in this order", async (t) => {
  const actions = [Object.assign({ ...disable }, ...Object.values(objections).map(({ action }) => action))];
  const changed = Object.assign({ ...open }, ...Object.values(objections).map(({ context }) => context));
  const reasons = gates.map((_gate, index) => judge(actions, changed, gates.slice(index)).refusals[0]?.gate);
  t.strictSame(reasons, ordered);
  t.equal(decide(actions, changed).refusals[0]?.gate, "mode");
});

interface Case extends Change {
  readonly name: string;
  /** Absent: not refused. */
  readonly want?: string;
}

/** Not what the types allow, but what a store or a caller's mistake may bring. */
const absurd = <Value>(value: unknown): Value => value as Value;

const inLadder = (mode: GateContext["mode"], actionClass: PlannedAction["class"]): Change => ({
  action: { class: actionClass },
  context: { mode },
});
const pausedUntil = (until: number): Change => ({ context: { pause: { ...pause, until } } });
const fleet = (subjects: number, due: number, shareBefore?: number): Change => ({
  context: { fleet: { subjects, due, shareBefore } },
});
const overridden = (planHash: string, overridePlan: string | undefined): Change => ({
  context: { fleet: { subjects: 100, due: 51, shareBefore: undefined }, planHash, overridePlan },
});
const evidence = (evidenceAt: number, maxEvidenceAge = hours(1)): Change => ({
  action: { evidenceAt },
  context: { maxEvidenceAge },
});
const grace = (notBefore: number, at = now): Change => ({ action: { notBefore }, context: { now: at } });
const canary = (wanted: readonly string[], seen: readonly string[]): Change => ({
  context: { canary: { wanted, seen } },
});
const told = (deliveredAt: number | undefined, atLeast: number): Change => ({
  action: { telling: { deliveredAt, atLeast } },
});
const untold = (actionClass: PlannedAction["class"]): Change => ({
  action: { class: actionClass, telling: absurd(undefined) },
});
const uncapped = (actionClass: PlannedAction["class"]): Change => ({
  action: { class: actionClass, cap: absurd(undefined) },
});
const cap = (limit: number, spent: number, granted = 0): Change => ({
  context: { caps: { disables: { limit, spent } }, granted: new Map([["disables", granted]]) },
});

const paused = "paused since 2026-03-01T11:00:00Z";
const meant = 'override_plan "0123456789ab" would say that this is meant';
const half = (due: number, subjects: number) => `${due} of ${subjects} subjects are due, more than 50 %; ${meant}`;
const rise = (due: number, subjects: number, before: string) =>
  `${due} of ${subjects} subjects are due, over 20 points more than the ${before} % before; ${meant}`;
const impossible = (due: number, subjects: number) => `${due} of ${subjects} subjects can't be due; ${meant}`;
const spentSays = (spent: number, granted: number) =>
  `cap "disables" allows 10 in 24 h: ${spent} spent, ${granted} granted in this run`;
const noLimit = 'cap "disables" has no limit';
const tooOld = (limit: string, at = "2026-03-01T10:59:59Z") =>
  `evidence is of ${at}, older than max_evidence_age ${limit}`;
const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

const cases: Readonly<Record<GateName, readonly Case[]>> = {
  mode: [
    {
      name: "observe allows no notice",
      ...inLadder("observe", "notice"),
      want: 'mode is "observe", and disable needs "notify"',
    },
    { name: "notify allows a notice", ...inLadder("notify", "notice") },
    { name: "commit allows a notice", ...inLadder("commit", "notice") },
    {
      name: "notify allows no mark",
      ...inLadder("notify", "mark"),
      want: 'mode is "notify", and disable needs "commit"',
    },
    {
      name: "notify allows no change",
      ...inLadder("notify", "reversible"),
      want: 'mode is "notify", and disable needs "commit"',
    },
    { name: "commit allows a change", ...inLadder("commit", "reversible") },
    {
      name: "an unknown mode allows nothing",
      ...inLadder(absurd("all"), "notice"),
      want: 'mode is "all", and disable needs "notify"',
    },
    {
      name: "an unknown class is allowed by none",
      ...inLadder("commit", absurd("toString")),
      want: 'no mode allows actions of class "toString"',
    },
  ],
  account: [
    { name: "an account that is named" },
    { name: "no account is named", context: { actOnAccounts: [] }, want: 'act_on_accounts lacks "123456789012"' },
    {
      name: "an action planned for an account that is named, with credentials of another",
      context: { accountId: "999999999999" },
      want: 'planned for account "123456789012", and STS answers "999999999999"',
    },
    {
      name: "an action planned for another account that is named, too",
      action: { accountId: "999999999999" },
      context: { actOnAccounts: ["123456789012", "999999999999"] },
      want: 'planned for account "999999999999", and STS answers "123456789012"',
    },
  ],
  paused: [
    { name: "nobody pulled the switch" },
    { name: "a pause without an end", context: { pause }, want: `${paused} by "bob": "incident 7"` },
    {
      name: "a pause's last moment",
      ...pausedUntil(now + 1),
      want: `${paused} until 2026-03-01T12:00:00Z by "bob": "incident 7"`,
    },
    { name: "a pause is over", ...pausedUntil(now) },
    {
      name: "a pause whose end can't be told",
      ...pausedUntil(nan),
      want: `${paused} until an unknown time by "bob": "incident 7"`,
    },
  ],
  calendar: [
    { name: "no calendar is always open" },
    { name: "an open calendar", context: { calendar: alwaysOpen } },
    {
      name: "a closed calendar",
      context: { calendar: frozen },
      want: "calendar is frozen on 2026-03-01, and it is 2026-03-01 in UTC",
    },
  ],
  exempt: [
    {
      name: "an exemption",
      context: { exemptions: [exemption] },
      want: 'exemption "ad?" until 2026-03-02T12:00:00Z by "bob": "vendor"',
    },
    { name: "an exemption of another", context: { exemptions: [{ ...exemption, names: "eve" }] } },
    { name: "an exemption that has ended", context: { exemptions: [{ ...exemption, until: now }] } },
    { name: "what has no name", action: { names: [] }, want: "has no name that exemptions could be matched with" },
  ],
  own_leg: [
    { name: "another's legs", context: { ownLegs: new Set(["AKIAI44QH8DHBEXAMPLE"]) } },
    { name: "nobody's legs", action: { legs: [] }, context: { ownLegs: new Set([keyId]) } },
    {
      name: "the second of two legs",
      action: { legs: ["arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/b"] },
      context: { ownLegs: new Set(["arn:aws:iam::123456789012:role/b"]) },
      want: "would cut off credentials that this process or a configured profile uses",
    },
  ],
  protected: [
    { name: "no glob matches", context: { protected: ["eve", "ad"] } },
    { name: "a glob in other letters", context: { protected: ["Ad?"] }, want: 'protected has "Ad?"' },
    {
      name: "the second glob matches the second name",
      context: { protected: ["eve", "AKIA*"] },
      want: 'protected has "AKIA*"',
    },
  ],
  clock: [
    { name: "a clock that AWS has said nothing of", context: { clockOffset: undefined } },
    { name: "a clock five minutes ahead", context: { clockOffset: -minutes(5) } },
    { name: "a clock five minutes behind", context: { clockOffset: minutes(5) } },
    {
      name: "a clock further ahead",
      context: { clockOffset: -minutes(5) - 1 },
      want: "this machine's clock is 5m ahead of AWS's",
    },
    {
      name: "a clock days behind",
      context: { clockOffset: days(15) + 1 },
      want: "this machine's clock is 15d behind AWS's",
    },
    {
      name: "a clock that can't be told",
      context: { clockOffset: nan },
      want: "this machine's clock is NaNms ahead of AWS's",
    },
  ],
  coverage: [
    { name: "nothing is missing" },
    {
      name: "something is missing",
      context: { coverage: gap },
      want: 'scan is incomplete: access keys of user "x": not allowed',
    },
    {
      name: "more is missing than is said",
      context: { coverage: { ...wholeCoverage, missingTotal: 2 } },
      want: "scan is incomplete: 2 missing",
    },
    {
      name: "what is missing was not counted",
      context: { coverage: { ...gap, missingTotal: 0 } },
      want: 'scan is incomplete: access keys of user "x": not allowed',
    },
    {
      name: "subjects are missing",
      context: { coverage: { ...wholeCoverage, subjectsMissing: true } },
      want: "scan is incomplete: 0 missing",
    },
    {
      name: "a count that is none",
      context: { coverage: { ...wholeCoverage, missingTotal: nan } },
      want: "scan is incomplete: NaN missing",
    },
  ],
  stale_evidence: [
    { name: "evidence just fresh enough", ...evidence(now - hours(1)) },
    { name: "evidence a moment too old", ...evidence(now - hours(1) - 1), want: tooOld("1h") },
    { name: "a clock a minute ahead", ...evidence(now + minutes(1)) },
    {
      name: "a clock further ahead",
      ...evidence(now + minutes(1) + 1),
      want: "evidence is of 2026-03-01T12:01:00Z, which is yet to come",
    },
    { name: "evidence of no time", ...evidence(nan), want: tooOld("1h", "an unknown time") },
    { name: "a limit that is none", ...evidence(now, nan), want: tooOld("NaNms", "2026-03-01T12:00:00Z") },
    { name: "a limit without end", ...evidence(now, infinity), want: tooOld("Infinityms", "2026-03-01T12:00:00Z") },
  ],
  canary: [
    { name: "a program without a canary", context: { canary: undefined } },
    { name: "a canary seen wherever it was wanted", ...canary(["eu-west-1", "us-east-1"], ["us-east-1", "eu-west-1"]) },
    {
      name: "a canary not seen in one of three regions",
      ...canary(["eu-west-1", "us-east-1", "us-west-2"], ["eu-west-1", "us-west-2"]),
      want: 'canary was not seen in "us-east-1"',
    },
    {
      name: "a canary seen nowhere",
      ...canary(["eu-west-1", "us-east-1"], []),
      want: 'canary was not seen in "eu-west-1", "us-east-1"',
    },
    {
      name: "a canary seen elsewhere",
      ...canary(["eu-west-1"], ["us-east-1"]),
      want: 'canary was not seen in "eu-west-1"',
    },
    { name: "a canary wanted nowhere", ...canary([], ["eu-west-1"]), want: "no canary was looked for" },
  ],
  fleet: [
    { name: "half of a fleet", ...fleet(20, 10) },
    { name: "more than half of a fleet", ...fleet(20, 11), want: half(11, 20) },
    { name: "all of fewer than a fleet", ...fleet(19, 19) },
    { name: "half and one more of an odd fleet", ...fleet(1001, 501), want: half(501, 1001) },
    { name: "a rise of 20 points", ...fleet(100, 30, 0.1) },
    { name: "a rise of 20 points that rounding makes a little more", ...fleet(60, 23, 11 / 60) },
    { name: "a rise of a little more", ...fleet(1000, 301, 0.1), want: rise(301, 1000, "10.0") },
    { name: "a rise from nothing", ...fleet(100, 21, 0), want: rise(21, 100, "0.0") },
    { name: "a fall", ...fleet(100, 10, 0.9) },
    { name: "a rise of fewer than a fleet", ...fleet(19, 9, 0) },
    { name: "a share before that is none", ...fleet(100, 10, nan), want: rise(10, 100, "NaN") },
    { name: "a share before beyond all", ...fleet(100, 10, 10), want: rise(10, 100, "1000.0") },
    { name: "a share before below nothing", ...fleet(100, 10, -1), want: rise(10, 100, "-100.0") },
    { name: "more due than there are", ...fleet(5, 6), want: impossible(6, 5) },
    { name: "fewer due than none", ...fleet(5, -1), want: impossible(-1, 5) },
    { name: "an unknown number due", ...fleet(100, nan), want: impossible(nan, 100) },
    { name: "an unknown number of subjects", ...fleet(nan, 0), want: impossible(0, nan) },
    { name: "this very plan is meant", ...overridden("0123456789ab", "0123456789ab") },
    { name: "another plan was meant", ...overridden("0123456789ab", "ba9876543210"), want: half(51, 100) },
    { name: "a part of the plan's hash", ...overridden("0123456789ab", "0123"), want: half(51, 100) },
    { name: "no hash means no plan", ...overridden("", ""), want: half(51, 100).replace("0123456789ab", "") },
  ],
  grace: [
    { name: "the moment that grace ends", ...grace(now) },
    { name: "a moment before", ...grace(now + 1), want: "not before 2026-03-01T12:00:00Z, by expire_age" },
    { name: "a grace of no end", ...grace(nan), want: "not before an unknown time, by expire_age" },
    { name: "a grace that never began", ...grace(-infinity), want: "not before an unknown time, by expire_age" },
    { name: "no time at all", ...grace(now, nan), want: "not before 2026-03-01T12:00:00Z, by expire_age" },
    { name: "the end of all time", ...grace(now, infinity), want: "not before 2026-03-01T12:00:00Z, by expire_age" },
  ],
  told: [
    { name: "told just long enough ago", ...told(now - days(14), days(14)) },
    {
      name: "told a moment too late",
      ...told(now - days(14) + 1, days(14)),
      want: "owner was told at 2026-02-15T12:00:00Z, less than 14d ago, by expire_age",
    },
    { name: "not told", ...told(undefined, 0), want: "no notice is proven to have reached its owner" },
    {
      name: "told at no time",
      ...told(nan, 0),
      want: "owner was told at an unknown time, less than 0s ago, by expire_age",
    },
    {
      name: "told before all time",
      ...told(-infinity, 0),
      want: "owner was told at an unknown time, less than 0s ago, by expire_age",
    },
    {
      name: "to be told in the future",
      ...told(now + 1, 0),
      want: "owner was told at 2026-03-01T12:00:00Z, less than 0s ago, by expire_age",
    },
    {
      name: "told any time from now on",
      ...told(now + 1, -days(1)),
      want: "owner was told at 2026-03-01T12:00:00Z, less than -1d ago, by expire_age",
    },
    { name: "a change whose kind tells nobody", ...untold("reversible") },
    {
      name: "what can't be undone tells somebody",
      ...untold("irreversible"),
      want: "names nobody who was told before",
    },
  ],
  cap: [
    { name: "the last one", ...cap(10, 9) },
    { name: "one too many", ...cap(10, 10), want: spentSays(10, 0) },
    { name: "more than the limit spent", ...cap(10, 11), want: spentSays(11, 0) },
    { name: "the last one of this run", ...cap(10, 5, 4) },
    { name: "one too many in this run", ...cap(10, 5, 5), want: spentSays(5, 5) },
    { name: "another cap's grants", context: { ...cap(10, 9).context, granted: new Map([["notices", 5]]) } },
    { name: "a limit of no number", ...cap(nan, 0), want: noLimit },
    { name: "a limit of all numbers", ...cap(infinity, 0), want: noLimit },
    { name: "a limit of a half", ...cap(0.5, 0), want: noLimit },
    { name: "an unknown spending", ...cap(10, nan), want: noLimit },
    { name: "a negative spending", ...cap(10, -1), want: noLimit },
    { name: "a cap that nobody set", context: { caps: {} }, want: noLimit },
    {
      name: "a cap named like what every object has",
      action: { cap: "toString" },
      context: { caps: {} },
      want: 'cap "toString" has no limit',
    },
    { name: "a notice without a cap", ...uncapped("notice") },
    { name: "a change without a cap", ...uncapped("reversible"), want: "names no cap to count it" },
  ],
};

for (const [gate, rows] of Object.entries(cases)) {
  for (const { name, action, context, want } of rows) {
    test(`${gate}: ${name} ${want === undefined ? "passes" : "is refused"}`, async (t) => {
      const judging = { ...open, granted: new Map(), ...context };
      const says = gates.find((one) => one.name === gate)?.refuses({ ...disable, ...action }, judging);
      t.equal(says, want);
    });
  }
}
