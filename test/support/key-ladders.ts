import { days } from "../../lib/core/time.ts";
import { type Ladder, type LadderTicket, newLadder } from "../../lib/keycheck/ladder.ts";
import type { Candidate, KeyDetail, Planning, PlanSettings } from "../../lib/keycheck/plan.ts";
import { aListedKey, now } from "./keycheck-records.ts";

/** Of a key 200 days old. */
export const aLadder = (changes: Partial<Ladder> = {}): Ladder => ({
  ...newLadder("ada", aListedKey({ createdAt: now - days(200) })),
  ...changes,
});

export const aTicket = (changes: Partial<LadderTicket> = {}): LadderTicket => ({
  ...{ key: "OPS-1", url: "https://jira.example/browse/OPS-1", stage: "expired", isDone: false },
  ...{ checkedAt: now - days(1), opened: 1 },
  ...changes,
});

/** An expired key in use, of whose owner's kind keys may be disabled. */
export function aCandidate(changes: Partial<Candidate> = {}): Candidate {
  const { user = "ada", key = aListedKey({ createdAt: now - days(200) }) } = changes;
  return {
    ...{ user, key, stage: "expired", expireAge: days(180), disableAfter: days(14), mayDisable: true, exempt: false },
    ...{ lastUsedAt: undefined, readAt: now, ladder: newLadder(user, key) },
    ...changes,
  };
}

interface PlanningChanges extends Partial<Omit<Planning, "settings">> {
  readonly settings?: Partial<PlanSettings>;
}

/** Commit, with every switch on. */
export const aPlanning = ({ settings, ...changes }: PlanningChanges = {}): Planning => ({
  ...{ accountId: "123456789012", mode: "commit", now },
  settings: {
    ...{ notifyEvery: days(1), sendSlack: true, createJira: true, disableKey: true, jiraReopen: "reopen" },
    ...settings,
  },
  ...changes,
});

export const aDetail = (changes: Partial<KeyDetail> = {}): KeyDetail => ({
  ...{ user: "ada", keyId: "AKIAEXAMPLEEXAM3X7QZ", createdAt: now - days(200), expiresAt: now - days(20) },
  ...{ stage: "expired", disableAfter: days(14) },
  ...changes,
});
