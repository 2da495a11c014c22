import { test } from "tap";
import type { Point } from "../../lib/core/point.ts";
import { tallyAccount } from "../../lib/keycheck/account-summary.ts";
import { type Printing, reportAccount, reportKey, reportSlot, reportSlotAccount } from "../../lib/keycheck/report.ts";
import { aFinding, aKey, now } from "../support/keycheck-records.ts";

const printing: Printing = { accountId: "123456789012", accountTag: "acme-prod", legacyStatus: false, asOf: undefined };
const legacy = { ...printing, legacyStatus: true };

const expired = aFinding({ status: "expired", ageStatus: "expired", ageDays: 197, expiresInDays: -17 });
const disabled = aFinding({ active: false, status: "disabled", ageStatus: "expiring", expiresInDays: undefined });

const cases: readonly { name: string; point: Point; tags?: object; fields?: object }[] = [
  {
    name: "the original's line: four tags, the age, and an honest status",
    point: reportKey(expired, printing),
    tags: { name: "ada", key: "3X7QZ", status: "expired", accountAlias: "acme-prod", key_slot: undefined },
    fields: { age: 197, expires_in_days: -17, active: true, exempt: false, status_code: 2 },
  },
  {
    name: "an exempt key is expired all the same",
    point: reportKey({ ...expired, exempt: true }, printing),
    tags: { status: "expired" },
    fields: { exempt: true, status_code: 2 },
  },
  {
    name: "legacy_status calls an expired key disabled, and its code stays honest",
    point: reportKey(expired, legacy),
    tags: { status: "disabled" },
    fields: { status_code: 2 },
  },
  { name: "an Inactive key is disabled", point: reportKey(disabled, printing), tags: { status: "disabled" } },
  {
    name: "legacy_status judges an Inactive key by its age alone",
    point: reportKey(disabled, legacy),
    tags: { status: "expiring" },
    fields: { status_code: 3, active: false },
  },
  {
    name: "colliding keys carry a slot",
    point: reportKey(aFinding({ keySlot: 2 }), printing),
    tags: { key_slot: "2" },
  },
  {
    name: "a root key has a slot, no age and no status code",
    point: reportSlot(
      aFinding({ user: "<root_account>", keySlot: 1, status: "undated", ageStatus: "undated", ageDays: undefined }),
      printing,
    ),
    tags: { name: "<root_account>", status: "undated", key_slot: "1" },
    fields: { age: undefined, age_source: "report", status_code: undefined },
  },
];

for (const { name, point, tags = {}, fields = {} } of cases) {
  test(name, async (t) => {
    t.match(point.tags, tags);
    t.match(point.fields, fields);
    t.equal(point.time, undefined);
  });
}

test("judging as of another day dates every point", async (t) => {
  const dated = { ...printing, asOf: now };
  const summary = tallyAccount().summary();
  const facts = { rootKeys: 0, reportAge: 60_000, serviceCredentials: 0, usersMissing: false };
  for (const point of [
    reportKey(expired, dated),
    reportSlot(expired, dated),
    reportAccount(summary, facts, dated),
    reportSlotAccount(summary, facts, dated),
  ]) {
    t.equal(point.time, now, point.measurement.name);
    t.equal(point.tags.as_of, "2026-03-01", "a series of its own");
  }
});

test("an account's point holds every declared field that is known", async (t) => {
  const tally = tallyAccount();
  tally.add([expired, disabled]);
  const acting = { notified: 4, ticketed: 3, disabled: 2, rotationDaysMedian: 9 };
  const facts = { rootKeys: 1, reportAge: 60_000, serviceCredentials: 3, usersMissing: false, acting };
  const { measurement, fields, tags } = reportAccount(tally.summary(), facts, printing);
  t.match(tags, { account: "123456789012", accountAlias: "acme-prod", as_of: undefined });
  t.strictSame(Object.keys(fields).sort(), Object.keys(measurement.fields).sort());
  t.match(fields, { keys: 2, active: 1, inactive: 1, expired: 1, compliance_ratio: 0, root_keys: 1, report_age_s: 60 });
  t.match(fields, { exempt: 0, notified: 4, ticketed: 3, disabled: 2, rotation_days_median: 9 });
});

test("without state nothing is said of what was done, for none known is not none", async (t) => {
  const facts = { rootKeys: 1, reportAge: undefined, serviceCredentials: 3, usersMissing: false };
  const { fields } = reportAccount(tallyAccount().summary(), facts, printing);
  for (const name of ["notified", "ticketed", "disabled", "rotation_days_median"])
    t.equal(fields[name], undefined, name);
});

test("of a key's id no point has more than the last five", async (t) => {
  const key = aKey({ id: "AKIAEXAMPLEEXAM3X7QZ" });
  for (const { tags, fields } of [reportKey, reportSlot].map((report) => report(aFinding({ key }), printing)))
    t.notMatch(JSON.stringify({ tags, fields }), "M3X7QZ");
});

test("where users are missing no share or rank of the others passes for the account's", async (t) => {
  const tally = tallyAccount();
  tally.add([expired]);
  const facts = { rootKeys: 1, reportAge: undefined, serviceCredentials: 3, usersMissing: true };
  const { fields } = reportAccount(tally.summary(), facts, printing);
  t.match(fields, { partial: true, users: 1, expired: 1 });
  for (const name of ["compliance_ratio", "oldest_age_days", "median_age_days", "p90_age_days"])
    t.notOk(name in fields, name);
});

test("what the report can't tell is not in its account's point", async (t) => {
  const tally = tallyAccount();
  tally.add([expired]);
  const { fields } = reportSlotAccount(tally.summary(), { rootKeys: 0, reportAge: 60_000 }, printing);
  t.strictSame(fields, { users: 1, active: 1, two_active: 0, root_keys: 0, report_age_s: 60 });
});
