import { days } from "../../lib/core/time.ts";
import type { Finding } from "../../lib/tagaudit/assess.ts";
import { type InstanceLadder, newLadder } from "../../lib/tagaudit/ladder.ts";
import type { Candidate, Planning, PlanSettings } from "../../lib/tagaudit/planning.ts";
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

export interface CandidateChanges {
  readonly instance?: Parameters<typeof anInstance>[0];
  readonly finding?: Partial<Finding>;
  readonly ladder?: Partial<InstanceLadder>;
}

export const candidateOf = ({ instance, finding, ladder }: CandidateChanges = {}): Candidate => {
  const found = anInstance(instance);
  return aCandidate({
    finding: violating({ instance: found, ...finding }),
    ladder: { ...aLadder(newLadder(found)), ...ladder },
  });
};

export const sayKinds = (actions: readonly { kind: string; occasion: string }[]) =>
  actions.map(({ kind, occasion }) => `${kind} ${occasion}`);

/** A kind of action that has failed once. */
export const failed = (kind: string, retryAt: number) => ({ failures: { [kind]: { count: 1, retryAt } } });
