import type { Point } from "../core/point.ts";
import { formatInstant, type Millis, seconds } from "../core/time.ts";
import { boolean, float, integer, measurement, point, string } from "../measurements/declare.ts";
import type { AccountSummary } from "./account-summary.ts";
import type { KeyFinding, KeyStatus } from "./assess.ts";

const keyTags = {
  name: "IAM user name",
  status: "ok, expiring, expired; disabled for a key that is Inactive in IAM; undated for one of the root user's",
  accountAlias: "the AWS profile where one was given, else the account's alias, else its id",
  as_of: "the day judged as of, only with --at",
} as const;

const keyFields = {
  age: float("whole days since the key was created", "days"),
  expires_in_days: integer("whole days until expire_age, negative when past; absent for an Inactive key", "days"),
  last_used_days: integer("whole days since the last use; absent when never used or not known", "days"),
  active: boolean("whether IAM accepts the key"),
  unused: boolean("not used for unused_age; absent when not known"),
  quarantined: boolean("AWS's compromised-key quarantine is on the user; absent when not known"),
  exempt: boolean("an exemption names the key or its user: it is left alone"),
  status_code: integer("0 ok, 1 expiring, 2 expired, 3 disabled; absent for undated"),
} as const;

/** Tags, and `age` as a float without a suffix, are the original's: existing buckets go on. */
export const iam = measurement({
  name: "iam",
  says: "one point for every access key of every user; Telegraf's configuration renames it to aws.iam",
  tags: {
    ...keyTags,
    key: "last five characters of the access key id",
    key_slot: "1, 2 and so on by age, only where keys of one user share their last five",
  },
  fields: keyFields,
});

export const iamReport = measurement({
  name: "iam_report",
  says: "one point for every key slot of the credential report, which knows no key ids: a lower bound of each key's age",
  tags: { ...keyTags, key_slot: "1 or 2, the report's own slot" },
  fields: {
    ...keyFields,
    age: float("whole days since the key was created or last changed; absent where the report has no date", "days"),
    age_source: string("report"),
  },
});

export const keycheckAccount = measurement({
  name: "keycheck_account",
  says: "one point for every account; statuses, ages, unused and quarantined count active keys",
  tags: { account: "account id", accountAlias: keyTags.accountAlias, as_of: keyTags.as_of },
  fields: {
    partial: boolean("keys of some users could not be read: the counts are lower bounds"),
    users: integer("IAM users whose keys were read"),
    users_with_keys: integer("of these, users with any access key"),
    keys: integer("access keys"),
    active: integer("keys that IAM accepts"),
    inactive: integer("keys that are Inactive in IAM"),
    ok: integer("active keys that are neither expiring nor expired"),
    expiring: integer("active keys within warn_before of expire_age"),
    expired: integer("active keys at or past expire_age"),
    exempt: integer("active keys that are left alone because of an exemption; those expired are expired all the same"),
    unused: integer("active keys known not to be used for unused_age; absent where it is known of none"),
    last_use_unknown: integer("active keys of which the last use is not known"),
    quarantined: integer("active keys of users under AWS's compromised-key quarantine; absent when not known"),
    two_active: integer("users with two or more active keys"),
    over_two_keys: integer("users with more than two keys"),
    oldest_age_days: integer("age of the oldest active key; absent while partial", "days"),
    median_age_days: integer("median age of active keys; absent while partial", "days"),
    p90_age_days: integer("90th percentile of the ages of active keys; absent while partial", "days"),
    root_keys: integer("active access keys of the root user; absent when not known"),
    service_credentials: integer("service-specific credentials of all users; absent when not known"),
    compliance_ratio: float(
      "active keys not expired, of all active keys; 1 where there is none, absent while partial",
      "ratio",
    ),
    notified: integer("keys still in use whose owner was told; absent without state"),
    ticketed: integer("keys with an open ticket; absent without state"),
    disabled: integer("keys that keycheck disabled and that still are; absent without state"),
    rotation_days_median: integer(
      "median time from the first notice to rotation; absent without state, and where no key was rotated lately",
      "days",
    ),
    report_age_s: integer("age of the credential report; absent when there was none", "seconds"),
  },
});

export interface Printing {
  readonly accountId: string;
  /** The value of the tag `accountAlias`. */
  readonly accountTag: string;
  readonly legacyStatus: boolean;
  /** The day that was judged as of, as the points' own time; absent for now. */
  readonly asOf: Millis | undefined;
}

const statusCodes: Readonly<Record<KeyStatus, number | undefined>> = {
  ok: 0,
  expiring: 1,
  expired: 2,
  disabled: 3,
  undated: undefined,
};

export const reportKey = (finding: KeyFinding, printing: Printing): Point =>
  point(iam, {
    tags: { ...tagsOf(finding, printing), key: finding.keySuffix },
    fields: fieldsOf(finding),
    ...timeOf(printing),
  });

export const reportSlot = (finding: KeyFinding, printing: Printing): Point =>
  point(iamReport, {
    tags: tagsOf(finding, printing),
    fields: { ...fieldsOf(finding), age_source: "report" },
    ...timeOf(printing),
  });

/** What the keys themselves do not tell; a member is absent where it could not be read. */
export interface AccountFacts {
  readonly rootKeys: number | undefined;
  readonly reportAge: Millis | undefined;
}

export interface WholeAccountFacts extends AccountFacts {
  readonly serviceCredentials: number | undefined;
  /** The keys of some users could not be read: shares and ranks of the rest would pass for the account's. */
  readonly usersMissing: boolean;
  /** Absent where nothing is remembered of what was done. */
  readonly acting?: ActingSummary | undefined;
}

/** What came of acting on keys, in this run and those before. */
export interface ActingSummary {
  /** Keys still in use whose owner was provably told. */
  readonly notified: number;
  /** Keys with an open ticket. */
  readonly ticketed: number;
  /** Keys disabled by keycheck, and still so. */
  readonly disabled: number;
  /** From the first notice to rotation, in whole days; undefined where no key was rotated lately. */
  readonly rotationDaysMedian: number | undefined;
}

export const reportAccount = (summary: AccountSummary, facts: WholeAccountFacts, printing: Printing): Point =>
  point(keycheckAccount, {
    tags: accountTags(printing),
    fields: {
      users: summary.users,
      users_with_keys: summary.usersWithKeys,
      keys: summary.keys,
      active: summary.active,
      inactive: summary.inactive,
      ok: summary.ok,
      expiring: summary.expiring,
      expired: summary.expired,
      exempt: summary.exempt,
      unused: summary.unused,
      last_use_unknown: summary.lastUseUnknown,
      quarantined: summary.quarantined,
      two_active: summary.twoActive,
      over_two_keys: summary.overTwoKeys,
      ...(facts.usersMissing ? {} : shares(summary)),
      partial: facts.usersMissing,
      root_keys: facts.rootKeys,
      service_credentials: facts.serviceCredentials,
      notified: facts.acting?.notified,
      ticketed: facts.acting?.ticketed,
      disabled: facts.acting?.disabled,
      rotation_days_median: facts.acting?.rotationDaysMedian,
      report_age_s: inSeconds(facts.reportAge),
    },
    ...timeOf(printing),
  });

/** Only what the report can tell: it hides inactive keys without a date, and every key's true age. */
export const reportSlotAccount = (summary: AccountSummary, facts: AccountFacts, printing: Printing): Point =>
  point(keycheckAccount, {
    tags: accountTags(printing),
    fields: {
      users: summary.users,
      active: summary.active,
      two_active: summary.twoActive,
      root_keys: facts.rootKeys,
      report_age_s: inSeconds(facts.reportAge),
    },
    ...timeOf(printing),
  });

const shares = (summary: AccountSummary) => ({
  oldest_age_days: summary.oldestAgeDays,
  median_age_days: summary.medianAgeDays,
  p90_age_days: summary.p90AgeDays,
  compliance_ratio: summary.complianceRatio,
});

const inSeconds = (age: Millis | undefined): number | undefined =>
  age === undefined ? undefined : Math.floor(age / seconds(1));

const accountTags = ({ accountId, accountTag, asOf }: Printing) => ({
  ...{ account: accountId, accountAlias: accountTag, as_of: formatDay(asOf) },
});

/** A forecast is a series of its own: under the same tags, the last value of every key would be the forecast's. */
const formatDay = (asOf: Millis | undefined): string | undefined =>
  asOf === undefined ? undefined : formatInstant(asOf).slice(0, 10);

const tagsOf = (finding: KeyFinding, { accountTag, legacyStatus, asOf }: Printing) => ({
  name: finding.user,
  key_slot: finding.keySlot?.toString(),
  status: legacyStatus ? legacyStatusOf(finding) : finding.status,
  accountAlias: accountTag,
  as_of: formatDay(asOf),
});

/** The original knew no Inactive keys and called expired ones `disabled`. */
const legacyStatusOf = ({ ageStatus }: KeyFinding): KeyStatus => (ageStatus === "expired" ? "disabled" : ageStatus);

const fieldsOf = (finding: KeyFinding) => ({
  age: finding.ageDays,
  expires_in_days: finding.expiresInDays,
  last_used_days: finding.lastUsedDays,
  active: finding.active,
  unused: finding.unused,
  quarantined: finding.quarantined,
  exempt: finding.exempt,
  status_code: statusCodes[finding.status],
});

const timeOf = ({ asOf }: Printing) => (asOf === undefined ? {} : { time: asOf });
