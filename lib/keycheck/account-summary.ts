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
  readonly unused: number;
  readonly quarantined: number;
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
  const count = { users: 0, usersWithKeys: 0, keys: 0, inactive: 0, unused: 0, quarantined: 0 };
  const byStatus: Record<KeyStatus, number> = { ok: 0, expiring: 0, expired: 0, disabled: 0, undated: 0 };
  const shape = { twoActive: 0, overTwoKeys: 0 };
  const ages = new Map<number, number>();
  return {
    add(findings) {
      const active = findings.filter((finding) => finding.active);
      count.users += 1;
      if (findings.length > 0) count.usersWithKeys += 1;
      if (findings.length > 2) shape.overTwoKeys += 1;
      if (active.length > 1) shape.twoActive += 1;
      count.keys += findings.length;
      count.inactive += findings.length - active.length;
      for (const finding of findings) byStatus[finding.status] += 1;
      for (const finding of active) {
        if (finding.ageDays !== undefined) ages.set(finding.ageDays, (ages.get(finding.ageDays) ?? 0) + 1);
        if (finding.unused === true) count.unused += 1;
        if (finding.quarantined === true) count.quarantined += 1;
      }
    },
    summary() {
      const active = count.keys - count.inactive;
      const { ok, expiring, expired } = byStatus;
      const rank = agesByRank(ages);
      return {
        ...count,
        ...shape,
        active,
        ok,
        expiring,
        expired,
        oldestAgeDays: rank(1),
        medianAgeDays: rank(0.5),
        p90AgeDays: rank(0.9),
        complianceRatio: active === 0 ? 1 : (active - expired) / active,
      };
    },
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
