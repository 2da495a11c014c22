import { test } from "tap";
import { type AccountSummary, tallyAccount } from "../../lib/keycheck/account-summary.ts";
import type { KeyFinding } from "../../lib/keycheck/assess.ts";
import { aFinding } from "../support/keycheck-records.ts";

const disabled = aFinding({ active: false, status: "disabled" });
const expired = aFinding({ status: "expired", ageDays: 200 });

const cases: readonly { name: string; users: readonly KeyFinding[][]; want: Partial<AccountSummary> }[] = [
  {
    name: "an account without users complies",
    users: [],
    want: { users: 0, keys: 0, complianceRatio: 1, oldestAgeDays: undefined, medianAgeDays: undefined },
  },
  {
    name: "a user without keys is still a user",
    users: [[]],
    want: { users: 1, usersWithKeys: 0, complianceRatio: 1 },
  },
  {
    name: "each status is counted",
    users: [[aFinding()], [aFinding({ status: "expiring" })], [expired], [disabled]],
    want: { users: 4, usersWithKeys: 4, keys: 4, active: 3, inactive: 1, ok: 1, expiring: 1, expired: 1 },
  },
  {
    name: "expiring keys comply, expired ones do not, inactive ones are not asked",
    users: [[aFinding()], [aFinding({ status: "expiring" })], [expired], [expired], [disabled]],
    want: { complianceRatio: 0.5 },
  },
  {
    name: "two active keys of one user",
    users: [
      [aFinding(), aFinding()],
      [aFinding(), disabled],
    ],
    want: { twoActive: 1, overTwoKeys: 0 },
  },
  {
    name: "an exempt key is expired all the same, and an Inactive one needs no exemption",
    users: [[{ ...expired, exempt: true }], [{ ...disabled, exempt: true }], [aFinding()]],
    want: { exempt: 1, expired: 1, complianceRatio: 0.5 },
  },
  { name: "a third key", users: [[aFinding(), disabled, disabled]], want: { twoActive: 0, overTwoKeys: 1 } },
  {
    name: "unused and quarantined keys count while they are active",
    users: [[aFinding({ unused: true, quarantined: true })], [{ ...disabled, unused: true, quarantined: true }]],
    want: { unused: 1, quarantined: 1 },
  },
  {
    name: "of keys whose use is known of some, those are counted",
    users: [[aFinding({ unused: true }), aFinding({ unused: undefined })]],
    want: { unused: 1, quarantined: undefined },
  },
  {
    name: "none known is not none",
    users: [[aFinding({ unused: undefined, quarantined: undefined })]],
    want: { unused: undefined, quarantined: undefined },
  },
  {
    name: "known not to be is none",
    users: [[aFinding({ unused: false, quarantined: false })]],
    want: { unused: 0, quarantined: 0 },
  },
  {
    name: "an account of inactive keys has none of either",
    users: [[disabled]],
    want: { unused: 0, quarantined: 0, complianceRatio: 1 },
  },
  {
    name: "ages are those of active keys, by nearest rank",
    users: [
      [{ ...disabled, ageDays: 999 }],
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((ageDays) => [aFinding({ ageDays })]),
    ],
    want: { oldestAgeDays: 10, medianAgeDays: 5, p90AgeDays: 9 },
  },
  {
    name: "a key without a date has no age to rank",
    users: [[aFinding({ status: "undated", ageDays: undefined })]],
    want: { active: 1, oldestAgeDays: undefined },
  },
];

for (const { name, users, want } of cases) {
  test(name, async (t) => {
    const tally = tallyAccount();
    for (const findings of users) tally.add(findings);
    const summary: Record<string, unknown> = { ...tally.summary() };
    for (const [field, value] of Object.entries(want)) t.equal(summary[field], value, field);
  });
}
