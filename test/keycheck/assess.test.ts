import { test } from "tap";
import { days } from "../../lib/core/time.ts";
import { assessSlots, assessUser, type Judging, type KeyFinding } from "../../lib/keycheck/assess.ts";
import type { KeyRecord } from "../../lib/keycheck/records.ts";
import { aKey, anExemption, aPolicy, aRow, aSlot, at, aUser, now } from "../support/keycheck-records.ts";

const judging: Judging = { policy: aPolicy(), exemptions: [], now };

interface Case {
  readonly name: string;
  readonly key: Partial<KeyRecord>;
  readonly want: Partial<KeyFinding>;
}

const aged = (age: number) => ({ createdAt: now - age });
const usedAgo = (age: number) => ({ lastUse: { known: true, at: now - age } }) as const;
const neverUsed = { lastUse: { known: true, at: undefined } } as const;

const cases: readonly Case[] = [
  { name: "a new key is ok", key: aged(0), want: { status: "ok", ageDays: 0, expiresInDays: 180 } },
  { name: "a millisecond before its first day is over it is of no age", key: aged(days(1) - 1), want: { ageDays: 0 } },
  { name: "a key made while the scan runs is of no age", key: aged(-1), want: { status: "ok", ageDays: 0 } },
  { name: "a key used while the scan runs was used today", key: usedAgo(-1), want: { lastUsedDays: 0, unused: false } },
  { name: "a day old", key: aged(days(1)), want: { ageDays: 1, expiresInDays: 179 } },
  { name: "a millisecond before warn_before it is ok", key: aged(days(165) - 1), want: { status: "ok" } },
  { name: "from warn_before on it is expiring", key: aged(days(165)), want: { status: "expiring", expiresInDays: 15 } },
  {
    name: "a millisecond before expire_age it is expiring",
    key: aged(days(180) - 1),
    want: { status: "expiring", ageDays: 179, expiresInDays: 0 },
  },
  { name: "at expire_age it is expired", key: aged(days(180)), want: { status: "expired", expiresInDays: 0 } },
  { name: "past expire_age the days count down", key: aged(days(180) + 1), want: { expiresInDays: -1 } },
  {
    name: "an Inactive key is disabled however old, and has nothing to expire",
    key: { ...aged(days(900)), active: false },
    want: { status: "disabled", ageStatus: "expired", ageDays: 900, expiresInDays: undefined, active: false },
  },
  {
    name: "an Inactive key is disabled however young",
    key: { ...aged(0), active: false },
    want: { status: "disabled", ageStatus: "ok" },
  },
  { name: "a use not known says nothing", key: {}, want: { lastUsedDays: undefined, unused: undefined } },
  { name: "a key used yesterday is in use", key: usedAgo(days(1)), want: { lastUsedDays: 1, unused: false } },
  { name: "a millisecond before unused_age it is in use", key: usedAgo(days(45) - 1), want: { unused: false } },
  { name: "from unused_age on it is unused", key: usedAgo(days(45)), want: { lastUsedDays: 45, unused: true } },
  {
    name: "a key never used is unused once it is old enough",
    key: { ...aged(days(45)), ...neverUsed },
    want: { lastUsedDays: undefined, unused: true },
  },
  { name: "a new key never used is not unused yet", key: { ...aged(days(44)), ...neverUsed }, want: { unused: false } },
];

for (const { name, key, want } of cases) {
  test(name, async (t) => {
    const [finding] = assessUser(aUser({ keys: [aKey(key)] }), judging);
    t.match(finding, want);
    for (const [field, value] of Object.entries(want)) {
      if (value === undefined) t.equal(finding?.[field as keyof KeyFinding], undefined);
    }
  });
}

test("the age is the same wherever the process runs", async (t) => {
  const created = at("2026-01-01T23:30:00Z");
  const judged = at("2026-01-02T23:29:59Z");
  const zone = process.env.TZ;
  t.teardown(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });
  for (const TZ of ["Pacific/Auckland", "UTC", "America/Los_Angeles"]) {
    process.env.TZ = TZ;
    const [finding] = assessUser(aUser({ keys: [aKey({ createdAt: created })] }), { ...judging, now: judged });
    t.equal(finding?.ageDays, 0, TZ);
  }
});

test("a finding has the key, and of its id the last five for print", async (t) => {
  const key = aKey({ id: "AKIAEXAMPLEEXAM3X7QZ" });
  const [finding] = assessUser(aUser({ keys: [key] }), judging);
  t.equal(finding?.key, key);
  t.equal(finding?.keySuffix, "3X7QZ");
});

test("a key is judged by its user's policy, and the finding says by which", async (t) => {
  const policy = aPolicy({ expireAge: days(20), warnBefore: days(5), unusedAge: days(3) });
  const keys = [
    aKey({ ...aged(days(20)), ...usedAgo(days(3)) }),
    aKey({ ...aged(days(15)), ...usedAgo(days(3) - 1) }),
    aKey(aged(days(15) - 1)),
  ];
  const findings = assessUser(aUser({ keys }), { ...judging, policy });
  t.match(findings, [
    { status: "expired", expiresInDays: 0, unused: true, policy },
    { status: "expiring", expiresInDays: 5, unused: false, policy },
    { status: "ok", policy },
  ]);
});

const exemptionCases = [
  { name: "nobody's word exempts nobody", exemptions: [], want: [false, false] },
  { name: "a user's name exempts each of its keys", exemptions: [anExemption()], want: [true, true] },
  { name: "a key's id exempts that key alone", exemptions: [anExemption({ names: "AKIA*2" })], want: [false, true] },
  { name: "an exemption of others", exemptions: [anExemption({ names: "adam" })], want: [false, false] },
  { name: "up to its end it counts", exemptions: [anExemption({ until: now + 1 })], want: [true, true] },
  { name: "at its end it is over", exemptions: [anExemption({ until: now })], want: [false, false] },
] as const;

for (const { name, exemptions, want } of exemptionCases) {
  test(`exempt: ${name}`, async (t) => {
    const keys = [aKey({ id: "AKIA1", ...aged(days(200)) }), aKey({ id: "AKIA2", ...aged(days(200)) })];
    const findings = assessUser(aUser({ keys }), { ...judging, exemptions });
    t.strictSame(
      findings.map(({ exempt, status }) => [exempt, status]),
      want.map((exempt) => [exempt, "expired"]),
    );
  });
}

test("two keys with equal last five are told apart by age", async (t) => {
  const younger = aKey({ id: "AKIAAAAAAAAAAAA3X7QZ", createdAt: now - days(1) });
  const older = aKey({ id: "AKIABBBBBBBBBBB3X7QZ", createdAt: now - days(2) });
  const other = aKey({ id: "AKIACCCCCCCCCCC00000" });
  const slots = assessUser(aUser({ keys: [younger, older, other] }), judging).map(({ keySlot }) => keySlot);
  t.strictSame(slots, [2, 1, undefined]);
});

test("two keys with equal last five and one creation date are told apart by id, in either order", async (t) => {
  const keys = [aKey({ id: "AKIABBBBBBBBBBB3X7QZ" }), aKey({ id: "AKIAAAAAAAAAAAA3X7QZ" })];
  const slots = (of: KeyRecord[]) => assessUser(aUser({ keys: of }), judging).map(({ keySlot }) => keySlot);
  t.strictSame(slots(keys), [2, 1]);
  t.strictSame(slots(keys.toReversed()), [1, 2]);
});

test("quarantine is the user's, so every key's", async (t) => {
  const findings = assessUser(aUser({ keys: [aKey(), aKey({ id: "AKIAOTHER" })], quarantined: true }), judging);
  t.strictSame(
    findings.map(({ quarantined }) => quarantined),
    [true, true],
  );
});

const slotCases = [
  { name: "empty slots are no keys", slots: [aSlot(), aSlot()], want: [] },
  {
    name: "an active slot is judged by when it was created or changed",
    slots: [aSlot({ active: true, lastRotatedAt: now - days(180), lastUsedAt: now - days(2) }), aSlot()],
    want: [{ keySlot: 1, status: "expired", ageDays: 180, lastUsedDays: 2, unused: false }],
  },
  {
    name: "an inactive slot with a date is a disabled key",
    slots: [aSlot(), aSlot({ lastRotatedAt: now - days(3) })],
    want: [{ keySlot: 2, status: "disabled", ageDays: 3 }],
  },
  {
    name: "a root key has no date, so neither age nor expiry",
    slots: [aSlot({ active: true }), aSlot()],
    want: [{ keySlot: 1, status: "undated", ageDays: undefined, expiresInDays: undefined, unused: undefined }],
  },
] as const;

for (const { name, slots, want } of slotCases) {
  test(`report: ${name}`, async (t) => {
    const findings = assessSlots(aRow({ slots }), judging);
    t.equal(findings.length, want.length);
    t.match(findings, want);
  });
}

test("report: a slot is exempt by its user's name, for it has no key id", async (t) => {
  const row = aRow({ slots: [aSlot({ active: true }), aSlot()] });
  const exemptBy = (names: string) => assessSlots(row, { ...judging, exemptions: [anExemption({ names })] });
  t.match(exemptBy("a?a"), [{ exempt: true, key: undefined }]);
  t.match(exemptBy("AKIA*"), [{ exempt: false }]);
});
