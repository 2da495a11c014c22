import { test } from "tap";
import { type Coverage, wholeCoverage } from "../../lib/core/coverage.ts";
import { days, hours } from "../../lib/core/time.ts";
import type { KeyFinding } from "../../lib/keycheck/assess.ts";
import { candidateOf, followKeys } from "../../lib/keycheck/follow-keys.ts";
import { subjectOf } from "../../lib/keycheck/key-subjects.ts";
import { type Ladder, newLadder } from "../../lib/keycheck/ladder.ts";
import { aLadder } from "../support/key-ladders.ts";
import { aFinding, aKey, aPolicy, aUser, now } from "../support/keycheck-records.ts";

const [idA, idB] = ["AKIAEXAMPLEEXAM0000A", "AKIAEXAMPLEEXAM0000B"];
const found = (id: string, changes: Partial<KeyFinding> = {}): KeyFinding =>
  aFinding({ key: aKey({ id, active: changes.active ?? true }), ...changes });
const old = { ageStatus: "expired", status: "expired" } as const;
const inactive = { active: false, status: "disabled", ageStatus: "expired" } as const;

const laddersOf = (...ladders: readonly Ladder[]) => new Map(ladders.map((ladder) => [ladder.keyId, ladder]));
const ladder = (keyId: string, changes: Partial<Ladder> = {}): Ladder => aLadder({ keyId, ...changes });
const denied = (subjectsMissing: boolean): Coverage => ({
  missing: [{ what: 'access keys of user "eve"', code: "denied", reason: "AccessDenied", subjects: subjectsMissing }],
  ...{ missingTotal: 1, subjectsMissing },
});

/** Nothing is being switched. */
const still = { switching: new Set<string>() };

const stages = [
  { name: "an ok key", finding: {}, want: undefined },
  { name: "an expiring key", finding: { ageStatus: "expiring" }, want: "expiring" },
  { name: "an expired key", finding: old, want: "expired" },
  { name: "an undated key", finding: { ageStatus: "undated" }, want: undefined },
  { name: "a key under quarantine, whatever its age", finding: { ...old, quarantined: true }, want: "quarantined" },
  { name: "a young key under quarantine", finding: { quarantined: true }, want: "quarantined" },
  { name: "a key of which no quarantine is known", finding: { ...old, quarantined: undefined }, want: "expired" },
  { name: "an Inactive key", finding: inactive, want: undefined },
  { name: "an Inactive key under quarantine", finding: { ...inactive, quarantined: true }, want: undefined },
] as const;

for (const { name, finding, want } of stages) {
  test(`stage: ${name}`, async (t) => {
    t.equal(candidateOf(found(idA, finding), aUser(), new Map())?.stage, want);
    const following = followKeys(new Set(), now);
    following.see(aUser(), [found(idA, finding)]);
    t.equal(
      following.candidates(new Map(), still).length,
      want === undefined ? 0 : 1,
      "without a stage nobody speaks of it",
    );
  });
}

test("a candidate is judged by its user's policy, its use, its exemption and its ladder", async (t) => {
  const key = aKey({ id: idA, createdAt: now - days(40), lastUse: { known: true, at: now - days(2) } });
  const policy = aPolicy({ expireAge: days(30), disableAfter: days(3), mayDisable: true });
  const finding = aFinding({ ...old, key, policy, user: "eve", exempt: true });
  const known = ladder(idA, { notices: 3 });
  t.strictSame(candidateOf(finding, { listedAt: now - hours(3) }, laddersOf(known)), {
    ...{ user: "eve", key, stage: "expired", expireAge: days(30), disableAfter: days(3), mayDisable: true },
    ...{ exempt: true, lastUsedAt: now - days(2), readAt: now - hours(3), ladder: known },
  });
  t.strictSame(candidateOf(finding, aUser(), new Map())?.ladder, newLadder("eve", key));
});

const uses = [
  { name: "never used", lastUse: { known: true, at: undefined } },
  { name: "of unknown use", lastUse: { known: false } },
] as const;

for (const { name, lastUse } of uses) {
  test(`a key ${name} has no last use`, async (t) => {
    t.equal(candidateOf(aFinding({ key: aKey({ lastUse }) }), aUser(), new Map())?.lastUsedAt, undefined);
  });
}

test("a slot of the report is no candidate: nobody knows its key", async (t) => {
  const slot = aFinding({ ...old, key: undefined });
  t.equal(candidateOf(slot, aUser(), new Map()), undefined);
  const following = followKeys(new Set(), now);
  following.see(aUser(), [slot]);
  t.strictSame(following.candidates(new Map(), still), []);
});

interface FollowCase {
  readonly name: string;
  readonly seen: readonly KeyFinding[];
  readonly watched?: readonly string[];
  readonly ladder?: Partial<Ladder>;
  readonly coverage?: Coverage;
  readonly confirmedAt?: number;
  readonly switching?: readonly string[];
  readonly want: "same" | "ended" | "restarted";
}

const followCases: readonly FollowCase[] = [
  { name: "a key in use goes on", seen: [found(idA)], want: "same" },
  { name: "a key not found is at its end", seen: [found(idB)], want: "ended" },
  { name: "not where keys are missing: it may be one of those", seen: [], coverage: denied(true), want: "same" },
  { name: "what else is missing hides no key", seen: [], coverage: denied(false), want: "ended" },
  {
    name: "one that another run came to know meanwhile may not have been looked for",
    seen: [],
    watched: [],
    want: "same",
  },
  { name: "an Inactive key that it knows of is seen", seen: [found(idA, inactive)], want: "ended" },
  {
    name: "a key that keycheck has disabled stays on its ladder",
    seen: [found(idA, inactive)],
    ladder: { disabled: { at: now - hours(1), id: "x" } },
    want: "same",
  },
  {
    name: "Active by a look from before its disabling",
    seen: [found(idA, old)],
    ladder: { disabled: { at: now - hours(1), id: "x" } },
    confirmedAt: now - hours(1),
    want: "same",
  },
  {
    name: "Active by a look from after its disabling",
    seen: [found(idA, old)],
    ladder: { disabled: { at: now - hours(1), id: "x" } },
    want: "restarted",
  },
  {
    name: "Inactive while another process may have disabled it: nobody knows yet whose doing that is",
    ...{ seen: [found(idA, inactive)], switching: [subjectOf("ada", { id: idA })], want: "same" },
  },
  {
    name: "gone while another process may have disabled it",
    ...{ seen: [], switching: [subjectOf("ada", { id: idA })], want: "same" },
  },
  {
    name: "Inactive while another key of the user is switched",
    ...{ seen: [found(idA, inactive)], switching: [subjectOf("ada", { id: idB })], want: "ended" },
  },
];

for (const {
  name,
  seen,
  watched = [idA],
  ladder: changes,
  coverage = wholeCoverage,
  confirmedAt = now,
  switching = [],
  want,
} of followCases) {
  test(`follow: ${name}`, async (t) => {
    const before = ladder(idA, changes);
    const following = followKeys(new Set(watched), now);
    following.see(aUser({ confirmedAt }), seen);
    const after = following.follow(before, { coverage, switching: new Set(switching) });
    if (want === "same") t.equal(after, before, "the very same, which nobody has to store");
    if (want === "ended") t.match(after, { endedAt: now, round: 1 });
    if (want === "restarted") t.match(after, { round: 2, restartedAt: confirmedAt });
  });
}

test("a key that is gone is a candidate for no more than an end", async (t) => {
  const following = followKeys(new Set([idA, idB]), now);
  following.see(aUser(), [found(idB)]);
  const known = laddersOf(ladder(idA, { user: "eve", endedAt: now }), ladder(idB));
  const [present, gone, ...others] = following.candidates(known, still);
  t.match(present, { key: { id: idB, active: true }, stage: undefined });
  t.match(gone, {
    user: "eve",
    key: { id: idA, active: false },
    mayDisable: false,
    readAt: now,
    ladder: known.get(idA),
  });
  t.equal(gone?.stage, undefined);
  t.strictSame(others, []);
});

test("a key that is being switched is no candidate, nor is its user's other one", async (t) => {
  const following = followKeys(new Set([idA, idB]), now);
  following.see(aUser(), [found(idA, old), found(idB, old)]);
  following.see(aUser({ name: "eve" }), [found("AKIAEXAMPLEEXAM0000C", { ...old, user: "eve" })]);
  const users = (...switching: readonly string[]) =>
    following.candidates(new Map(), { switching: new Set(switching) }).map(({ user }) => user);
  t.strictSame(users(), ["ada", "ada", "eve"]);
  t.strictSame(users(subjectOf("ada", { id: idA })), ["eve"]);
  t.strictSame(users(subjectOf("as it was called", { id: idA })), ["ada", "eve"]);
});

test("a fleet is the keys in use, and due are those expired that may be disabled", async (t) => {
  const following = followKeys(new Set(), now);
  const mayDisable = { policy: aPolicy({ mayDisable: true }) };
  following.see(aUser(), [
    found("1", { ...old, ...mayDisable }),
    found("2", { ...old, ...mayDisable, quarantined: true, exempt: true }),
    found("3", old),
    found("4", { ageStatus: "expiring", ...mayDisable }),
    found("5", { ...inactive, ...mayDisable }),
  ]);
  following.see(aUser({ name: "eve" }), []);
  t.strictSame(following.fleet(), { subjects: 4, due: 2 });
});
