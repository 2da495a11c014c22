import type { KeyFinding, KeyStatus } from "./assess.ts";

/** The account's keys in numbers. Statuses and ages are those of active keys: an inactive one opens nothing. */
export interface AccountSummary {
  readonly users: number;
  readonly usersWithKeys: number;
  readonly keys: number;
  readonly active: number;
  readonly inactive: number;
  readonly ok: number;
  readonly expiring: number;
  readonly expired: number;
  readonly exempt: number;
  /** Of the keys of which it is known; undefined where it is known of none. */
  readonly unused: number | undefined;
  readonly lastUseUnknown: number;
  /** As `unused`. */
  readonly quarantined: number | undefined;
  readonly twoActive: number;
  /** Users with more than two keys, which IAM's own quota and report do not foresee. */
  readonly overTwoKeys: number;
  readonly oldestAgeDays: number | undefined;
  readonly medianAgeDays: number | undefined;
  readonly p90AgeDays: number | undefined;
  /** Active keys that have not expired, of all active keys; 1 where there is none. */
  readonly complianceRatio: number;
}

export interface AccountTally {
  /** Takes one user's findings, of whom there may be none. */
  add(findings: readonly KeyFinding[]): void;
  summary(): AccountSummary;
}

export function tallyAccount(): AccountTally {
  const count = { users: 0, usersWithKeys: 0, keys: 0, exempt: 0, twoActive: 0, overTwoKeys: 0 };
  const byStatus: Record<KeyStatus, number> = { ok: 0, expiring: 0, expired: 0, disabled: 0, undated: 0 };
  const unused = tallyAnswers();
  const quarantined = tallyAnswers();
  const ages = new Map<number, number>();
  return {
    add(findings) {
      const active = findings.filter((finding) => finding.active);
      count.users += 1;
      count.keys += findings.length;
      if (findings.length > 0) count.usersWithKeys += 1;
      if (findings.length > 2) count.overTwoKeys += 1;
      if (active.length > 1) count.twoActive += 1;
      for (const finding of findings) byStatus[finding.status] += 1;
      for (const finding of active) {
        if (finding.exempt) count.exempt += 1;
        unused.add(finding.unused);
        quarantined.add(finding.quarantined);
        if (finding.ageDays !== undefined) ages.set(finding.ageDays, (ages.get(finding.ageDays) ?? 0) + 1);
      }
    },
    summary() {
      const { ok, expiring, expired, disabled: inactive } = byStatus;
      const active = count.keys - inactive;
      const ageAt = agesByRank(ages);
      return {
        ...{ ...count, active, inactive, ok, expiring, expired },
        ...{ unused: unused.total(), lastUseUnknown: unused.unknown(), quarantined: quarantined.total() },
        ...{ oldestAgeDays: ageAt(1), medianAgeDays: ageAt(0.5), p90AgeDays: ageAt(0.9) },
        complianceRatio: active === 0 ? 1 : (active - expired) / active,
      };
    },
  };
}

/** Counts yes, and keeps a no that was answered apart from a question that was not: none known is not none. */
function tallyAnswers() {
  const answers = { asked: 0, known: 0, yes: 0 };
  return {
    add(answer: boolean | undefined) {
      answers.asked += 1;
      if (answer !== undefined) answers.known += 1;
      if (answer === true) answers.yes += 1;
    },
    unknown: () => answers.asked - answers.known,
    total: () => (answers.asked > 0 && answers.known === 0 ? undefined : answers.yes),
  };
}

/** Percentiles by nearest rank, so that each is the age of a key that exists. */
function agesByRank(ages: ReadonlyMap<number, number>): (share: number) => number | undefined {
  const sorted = [...ages].toSorted(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, keys]) => sum + keys, 0);
  return (share) => {
    let seen = 0;
    return sorted.find(([, keys]) => {
      seen += keys;
      return seen >= share * total;
    })?.[0];
  };
}
