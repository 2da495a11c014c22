import { days } from "../../lib/core/time.ts";
import { type InstanceLadder, newLadder } from "../../lib/tagaudit/ladder.ts";
import type { Candidate, Planning, PlanSettings } from "../../lib/tagaudit/plan.ts";
import { anInstance, aRule, now, violating } from "./tagaudit-records.ts";

export const ownerRule = aRule().hash;

/** Of an instance that lacks the tag `owner`, and whose owner nobody has told. */
export const aLadder = (changes: Partial<InstanceLadder> = {}): InstanceLadder => ({
  ...newLadder(anInstance()),
  clocks: { [ownerRule]: now - days(3) },
  ...changes,
});

/** What its owner was told so long ago. */
export const told = (ago: number): Partial<InstanceLadder> => ({
  ...{ notices: 1, lastNoticeAt: now - ago, person: "U1" },
  told: { [ownerRule]: { stop: now - ago, terminate: now - ago } },
});

export function aCandidate({ ladder, ...changes }: Partial<Candidate> = {}): Candidate {
  const { finding = violating() } = changes;
  return { finding, readAt: now, ladder: ladder ?? aLadder(newLadder(finding.instance)), ...changes };
}

export const someSettings = (changes: Partial<PlanSettings> = {}): PlanSettings => ({
  ...{ notifyAfter: 0, notifyEvery: days(1), stopAfter: days(7), terminateAfter: days(14), terminate: true },
  sendNotices: true,
  ...changes,
});

interface PlanningChanges extends Partial<Omit<Planning, "settings">> {
  readonly settings?: Partial<PlanSettings>;
}

/** Commit, with every step. */
export const aPlanning = ({ settings = {}, ...changes }: PlanningChanges = {}): Planning => ({
  ...{ accountId: "123456789012", mode: "commit", now, rules: [aRule()], room: { stop: 5, terminate: 5 } },
  settings: someSettings(settings),
  ...changes,
});
