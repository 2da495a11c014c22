import type { Coverage } from "../core/coverage.ts";
import type { Millis } from "../core/time.ts";
import type { KeyFinding } from "./assess.ts";
import { haveKey, haveUser } from "./key-subjects.ts";
import { followKey, type KeyNow, type Ladder, newLadder, type Stage } from "./ladder.ts";
import type { Candidate } from "./plan.ts";
import type { UserRecord } from "./records.ts";

interface Seen {
  readonly finding: KeyFinding;
  readonly user: UserRecord;
}

/** The keys that something may be due for, and the fleet that they are part of; memory follows the former. */
export interface Following {
  see(user: UserRecord, findings: readonly KeyFinding[]): void;
  /** A ladder that was there when the scan began, held against what it has seen; of what it could not see it stays as it is. */
  follow(ladder: Ladder, sight: Sight): Ladder;
  /** With the ladders as they are now. */
  candidates(ladders: ReadonlyMap<string, Ladder>, sight: Pick<Sight, "switching">): readonly Candidate[];
  fleet(): Fleet;
}

/** How far a scan is to be believed. */
export interface Sight {
  readonly coverage: Coverage;
  /** Subjects of keys that are being switched on or off, or whose switching is not settled: who did what shows later. */
  readonly switching: ReadonlySet<string>;
}

export interface Fleet {
  /** Keys in use. */
  readonly subjects: number;
  /** Of these, keys old enough to be disabled, of users whose keys may be. */
  readonly due: number;
}

/** `watched` are the keys that keycheck has spoken about before. */
export function followKeys(watched: ReadonlySet<string>, now: Millis): Following {
  const seen = new Map<string, Seen>();
  const fleet = { subjects: 0, due: 0 };
  const keyNow = (ladder: Ladder, { coverage, switching }: Sight): KeyNow | "unknown" => {
    if (haveKey(switching, { id: ladder.keyId })) return "unknown";
    const found = seen.get(ladder.keyId);
    if (found !== undefined) return { active: found.finding.active, confirmedAt: found.user.confirmedAt };
    return watched.has(ladder.keyId) && !coverage.subjectsMissing ? undefined : "unknown";
  };
  return {
    see(user, findings) {
      for (const finding of findings) {
        const { key, active, ageStatus, policy } = finding;
        if (active) fleet.subjects += 1;
        if (active && ageStatus === "expired" && policy.mayDisable) fleet.due += 1;
        if (key !== undefined && (watched.has(key.id) || stageOf(finding) !== undefined))
          seen.set(key.id, { finding, user });
      }
    },
    follow(ladder, sight) {
      const key = keyNow(ladder, sight);
      return key === "unknown" ? ladder : followKey(ladder, key, now);
    },
    candidates(ladders, { switching }) {
      const gone = [...ladders.values()]
        .filter(({ keyId }) => !seen.has(keyId))
        .map((ladder) => goneCandidate(ladder, now));
      const present = [...seen.values()].flatMap(({ finding, user }) => candidateOf(finding, user, ladders) ?? []);
      // Nor is the user's other key to be lost meanwhile.
      return [...present, ...gone].filter(({ user, key }) => !haveKey(switching, key) && !haveUser(switching, user));
    },
    fleet: () => fleet,
  };
}

export function candidateOf(
  finding: KeyFinding,
  { listedAt }: Pick<UserRecord, "listedAt">,
  ladders: ReadonlyMap<string, Ladder>,
): Candidate | undefined {
  const { user, key, policy, exempt } = finding;
  if (key === undefined) return undefined;
  return {
    ...{ user, key, stage: stageOf(finding), readAt: listedAt, ladder: ladders.get(key.id) ?? newLadder(user, key) },
    ...{ expireAge: policy.expireAge, disableAfter: policy.disableAfter, mayDisable: policy.mayDisable },
    exempt,
    lastUsedAt: key.lastUse.known ? key.lastUse.at : undefined,
  };
}

/** A key that is gone may have left an open ticket. */
const goneCandidate = (ladder: Ladder, now: Millis): Candidate => ({
  ...{ user: ladder.user, key: { id: ladder.keyId, createdAt: ladder.createdAt, active: false } },
  ...{ stage: undefined, expireAge: 0, disableAfter: 0, mayDisable: false, exempt: false, lastUsedAt: undefined },
  ...{ readAt: now, ladder },
});

function stageOf({ active, quarantined, ageStatus }: KeyFinding): Stage | undefined {
  if (!active) return undefined;
  if (quarantined === true) return "quarantined";
  return ageStatus === "expired" || ageStatus === "expiring" ? ageStatus : undefined;
}
