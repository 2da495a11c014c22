import { type Coverage, formatMissing } from "../core/coverage.ts";
import { matchesName } from "../core/glob.ts";
import { type Millis, minutes } from "../core/time.ts";
import { formatDuration } from "../settings/duration.ts";
import type { PlannedAction } from "./action.ts";
import { type Calendar, closedBecause } from "./calendar.ts";
import { type Exemption, findExemption } from "./exemptions.ts";
import { bindingOf, type GateName, neededMode } from "./gate-table.ts";
import { quote, sayInstant } from "./wording.ts";

/** Whoever pulled the kill switch, and why. */
export interface Pause {
  readonly reason: string;
  readonly by: string;
  readonly at: Millis;
  readonly until: Millis | undefined;
}

/** All that gates judge by; plain data, gathered before. */
export interface GateContext {
  readonly now: Millis;
  /** AWS's clock less ours, by its last answer; undefined where it has said nothing. */
  readonly clockOffset: Millis | undefined;
  readonly mode: "observe" | "notify" | "commit";
  /** The account that STS answered. */
  readonly accountId: string;
  /** The setting act_on_accounts. */
  readonly actOnAccounts: readonly string[];
  readonly pause: Pause | undefined;
  /** Undefined: always open. */
  readonly calendar: Calendar | undefined;
  readonly exemptions: readonly Exemption[];
  readonly coverage: Coverage;
  readonly maxEvidenceAge: Millis;
  /** Undefined where the program has none. */
  readonly canary: Canary | undefined;
  readonly ownLegs: ReadonlySet<string>;
  /** Globs of the setting `protected`. */
  readonly protected: readonly string[];
  readonly fleet: {
    readonly subjects: number;
    readonly due: number;
    /** Share of subjects due in the last complete run; absent before the first. */
    readonly shareBefore: number | undefined;
  };
  readonly planHash: string;
  /** The setting override_plan. */
  readonly overridePlan: string | undefined;
  /** By the action's `cap`: how many are allowed in 24 h, and how many of them are spent. */
  readonly caps: Readonly<Record<string, { readonly limit: number; readonly spent: number }>>;
}

/** What a scan must have come across, each where it is known to be: one that shows none of them shows something else. */
export interface Canary {
  /** Where it was looked for, such as regions. */
  readonly wanted: readonly string[];
  readonly seen: readonly string[];
}

/** With what the decision at hand has let through already, by cap. */
export interface JudgingContext extends GateContext {
  readonly granted: ReadonlyMap<string, number>;
}

/** Says why it refuses, or undefined. */
type Refuse = (action: PlannedAction, context: JudgingContext) => string | undefined;

export interface Gate {
  readonly name: GateName;
  readonly refuses: Refuse;
}

/*
 * Every comparison below is one that a missing or absurd number fails, and a failed one refuses: NaN is neither more
 * nor less than anything.
 */

const ladder = ["observe", "notify", "commit"] as const;

const refuseMode: Refuse = (action, { mode }) => {
  const needed = ladder.indexOf(neededMode[action.class]);
  if (needed === -1) return `no mode allows actions of class ${quote(action.class)}`;
  if (ladder.indexOf(mode) >= needed) return undefined;
  return `mode is ${quote(mode)}, and ${action.kind} needs ${quote(neededMode[action.class])}`;
};

const refuseAccount: Refuse = (action, { accountId, actOnAccounts }) => {
  if (action.accountId !== accountId)
    return `planned for account ${quote(action.accountId)}, and STS answers ${quote(accountId)}`;
  return actOnAccounts.includes(accountId) ? undefined : `act_on_accounts lacks ${quote(accountId)}`;
};

const refusePaused: Refuse = (_action, { pause, now }) => {
  if (pause === undefined || (pause.until !== undefined && pause.until <= now)) return undefined;
  const end = pause.until === undefined ? "" : ` until ${sayInstant(pause.until)}`;
  return `paused since ${sayInstant(pause.at)}${end} by ${quote(pause.by)}: ${quote(pause.reason)}`;
};

const refuseCalendar: Refuse = (_action, { calendar, now }) =>
  calendar === undefined ? undefined : closedBecause(calendar, now);

const refuseExempt: Refuse = ({ names }, { exemptions, now }) => {
  if (names.length === 0) return "has no name that exemptions could be matched with";
  const exemption = findExemption(exemptions, names, now);
  if (exemption === undefined) return undefined;
  const { names: glob, until, owner, reason } = exemption;
  return `exemption ${quote(glob)} until ${sayInstant(until)} by ${quote(owner)}: ${quote(reason)}`;
};

const refuseOwnLeg: Refuse = ({ legs }, { ownLegs }) => {
  // Not which: a whole access key id is never printed.
  return legs.some((leg) => ownLegs.has(leg))
    ? "would cut off credentials that this process or a configured profile uses"
    : undefined;
};

const refuseProtected: Refuse = ({ names }, { protected: globs }) => {
  const glob = globs.find((one) => names.some((name) => matchesName(one, name)));
  return glob === undefined ? undefined : `protected has ${quote(glob)}`;
};

/** Keys and notices are dated by other machines, and how old they are is told by ours. */
const mostOffset = minutes(5);

const refuseClock: Refuse = (_action, { clockOffset }) => {
  if (clockOffset === undefined || Math.abs(clockOffset) <= mostOffset) return undefined;
  const length = formatDuration(Math.round(Math.abs(clockOffset) / minutes(1)) * minutes(1));
  return `this machine's clock is ${length} ${clockOffset > 0 ? "behind" : "ahead of"} AWS's`;
};

const refuseCoverage: Refuse = (_action, { coverage }) => {
  const { missing, missingTotal, subjectsMissing } = coverage;
  if (missingTotal === 0 && missing.length === 0 && !subjectsMissing) return undefined;
  return `scan is incomplete: ${formatMissing(coverage) ?? `${missingTotal} missing`}`;
};

/** How far the clock of whoever dated the evidence may run ahead of ours. */
const clockSkew = minutes(1);

const refuseStaleEvidence: Refuse = ({ evidenceAt }, { now, maxEvidenceAge }) => {
  const age = now - evidenceAt;
  if (age < -clockSkew) return `evidence is of ${sayInstant(evidenceAt)}, which is yet to come`;
  if (age <= maxEvidenceAge && Number.isFinite(maxEvidenceAge)) return undefined;
  return `evidence is of ${sayInstant(evidenceAt)}, older than max_evidence_age ${formatDuration(maxEvidenceAge)}`;
};

const refuseCanary: Refuse = (_action, { canary }) => missCanary(canary);

/** Why a scan can't be trusted to have seen what is there; undefined: it can, or the program has no canary. */
export function missCanary(canary: Canary | undefined): string | undefined {
  if (canary === undefined) return undefined;
  const unseen = canary.wanted.filter((place) => !canary.seen.includes(place));
  if (canary.wanted.length > 0 && unseen.length === 0) return undefined;
  return unseen.length === 0 ? "no canary was looked for" : `canary was not seen in ${unseen.map(quote).join(", ")}`;
}

/** Fewer subjects say nothing by their share. */
const leastFleet = 20;
const mostShare = 0.5;
const mostRise = 0.2;
/** 23/60 - 11/60 comes out as a little more than 0.2. */
const rounding = 1e-9;

const refuseFleet: Refuse = (_action, context) => doubtFleet(context);

/** Most of a fleet due at once is a broken read or a typing error, until somebody says that it is neither. */
export function doubtFleet({
  fleet,
  planHash,
  overridePlan,
}: Pick<GateContext, "fleet" | "planHash" | "overridePlan">): string | undefined {
  const doubt = doubtShare(fleet);
  if (doubt === undefined || (Boolean(planHash) && overridePlan === planHash)) return undefined;
  return `${doubt}; override_plan ${quote(planHash)} would say that this is meant`;
}

function doubtShare({ subjects, due, shareBefore }: GateContext["fleet"]): string | undefined {
  if (!isCount(subjects) || !isCount(due) || due > subjects) return `${due} of ${subjects} subjects can't be due`;
  if (subjects < leastFleet) return undefined;
  const share = due / subjects;
  if (share > mostShare) return `${due} of ${subjects} subjects are due, more than 50 %`;
  if (shareBefore === undefined || (shareBefore <= 1 && share - shareBefore <= mostRise + rounding)) return undefined;
  return `${due} of ${subjects} subjects are due, over 20 points more than the ${sayPercent(shareBefore)} % before`;
}

const sayPercent = (share: number): string => (share * 100).toFixed(1);

const isCount = (value: number | undefined): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const refuseGrace: Refuse = ({ notBefore, decidedBy }, { now }) => {
  if (now >= notBefore && Number.isFinite(now) && Number.isFinite(notBefore)) return undefined;
  return `not before ${sayInstant(notBefore)}, by ${decidedBy}`;
};

const refuseTold: Refuse = ({ class: actionClass, telling, decidedBy }, { now }) => {
  if (telling === undefined)
    return bindingOf("told", actionClass) === "always" ? "names nobody who was told before" : undefined;
  const { deliveredAt, atLeast } = telling;
  if (deliveredAt === undefined) return "no notice is proven to have reached its owner";
  if (atLeast >= 0 && Number.isFinite(deliveredAt) && now - deliveredAt >= atLeast) return undefined;
  return `owner was told at ${sayInstant(deliveredAt)}, less than ${formatDuration(atLeast)} ago, by ${decidedBy}`;
};

const refuseCap: Refuse = ({ class: actionClass, cap }, { caps, granted }) => {
  if (cap === undefined) return bindingOf("cap", actionClass) === "always" ? "names no cap to count it" : undefined;
  const { limit, spent } = caps[cap] ?? {};
  if (!isCount(limit) || !isCount(spent)) return `cap ${quote(cap)} has no limit`;
  const now = granted.get(cap) ?? 0;
  if (spent + now < limit) return undefined;
  return `cap ${quote(cap)} allows ${limit} in 24 h: ${spent} spent, ${now} granted in this run`;
};

/**
 * In the order in which they are asked: whose word weighs most comes first. That it is not time yet is said before what
 * is amiss with the evidence, which nobody gathers anew before that time.
 */
export const gates: readonly Gate[] = [
  { name: "mode", refuses: refuseMode },
  { name: "account", refuses: refuseAccount },
  { name: "paused", refuses: refusePaused },
  { name: "calendar", refuses: refuseCalendar },
  { name: "exempt", refuses: refuseExempt },
  { name: "own_leg", refuses: refuseOwnLeg },
  { name: "protected", refuses: refuseProtected },
  { name: "clock", refuses: refuseClock },
  { name: "grace", refuses: refuseGrace },
  { name: "told", refuses: refuseTold },
  { name: "coverage", refuses: refuseCoverage },
  { name: "stale_evidence", refuses: refuseStaleEvidence },
  { name: "canary", refuses: refuseCanary },
  { name: "fleet", refuses: refuseFleet },
  { name: "cap", refuses: refuseCap },
];
