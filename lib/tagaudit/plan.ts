import type { PlannedAction } from "../act/action.ts";
import { mayTry } from "../act/failures.ts";
import type { Instance } from "../core/ec2.ts";
import type { JsonObject } from "../core/json.ts";
import { formatInstant, type Millis } from "../core/time.ts";
import type { Finding, Violation } from "./assess.ts";
import { type InstanceLadder, ladderId, type Stage, type Step, toldOf } from "./ladder.ts";
import { hashTags } from "./recheck.ts";
import type { TagRule } from "./scheme.ts";
import { type StepSettings, saySpared, stepFrom, stepsOf, waitOf } from "./steps.ts";

/** An instance in violation, with what is remembered of it. */
export interface Candidate {
  readonly finding: Finding;
  readonly ladder: InstanceLadder;
  /** When it was read. */
  readonly readAt: Millis;
}

/** What is done at all, below the mode. */
export interface PlanSettings extends StepSettings {
  /** After the first rule's grace is over. */
  readonly notifyAfter: Millis;
  readonly notifyEvery: Millis;
  readonly sendNotices: boolean;
}

export interface Planning {
  readonly accountId: string;
  readonly mode: "notify" | "commit";
  readonly settings: PlanSettings;
  readonly rules: readonly Pick<TagRule, "hash" | "mayFlipProtection">[];
  /** How many of each step the caps still let through. */
  readonly room: Readonly<Record<Step, number>>;
  readonly now: Millis;
}

export type InstanceAction = PlannedAction<string, InstanceDetail>;

/** What every action on an instance in violation carries: all that the journal will know of it once it is gone. */
export interface InstanceDetail extends JsonObject {
  readonly region: string;
  readonly zone: string;
  readonly instanceId: string;
  readonly instanceType: string;
  readonly state: string;
  readonly launchedAt: Millis;
  /** Of the tags that it was judged by. */
  readonly tagsHash: number;
  readonly tags: { readonly [key: string]: string };
  readonly owner?: string;
  readonly publicAddress?: string;
  readonly violations: readonly ViolationDetail[];
  /** Hashes of the rules that are due. */
  readonly rules: readonly string[];
  /** Why it is only reported. */
  readonly spared?: string;
  /** Of notices: which one of the round. */
  readonly sequence?: number;
  /** Of protection: what it stands in the way of. */
  readonly step?: Step;
}

export interface ViolationDetail extends JsonObject {
  readonly tag: string;
  readonly kind: string;
  readonly says: string;
  readonly suggestion?: string;
  readonly ruleHash: string;
  readonly dueAt: Millis;
}

/** What news of a deed carries; the journal knows the rest. */
export interface NewsDetail extends JsonObject {
  readonly region: string;
  readonly instanceId: string;
  readonly stage: Exclude<Stage, "violating">;
  /** The journal's id of the deed. */
  readonly deed: string;
}

export const caps = {
  notice: "notices",
  stop: "stops",
  terminate: "terminations",
  unprotect: "unprotections",
} as const;

/** Everything that is due, whether or not gates will allow it. */
export function planActions(candidates: readonly Candidate[], planning: Planning): readonly InstanceAction[] {
  const violating = candidates.filter(({ finding }) => finding.standing === "violating");
  const notices = violating.flatMap((candidate) => planNotice(candidate, planning));
  if (planning.mode !== "commit") return notices;
  const [stops, terminations] = [planSteps("stop", violating, planning), planSteps("terminate", violating, planning)];
  // What is protected must be free of it before its step.
  return [
    ...[...planUnprotections("stop", stops, planning), ...stops],
    ...[...planUnprotections("terminate", terminations, planning), ...terminations],
    ...notices,
  ];
}

/** What was spared last waits behind the others: what is protected or changes all the time must not take every place. */
function planSteps(step: Step, candidates: readonly Candidate[], planning: Planning): readonly InstanceAction[] {
  return candidates
    .filter((candidate) => isNext(step, candidate, planning))
    .map((candidate) => ({ candidate, action: planStep(step, candidate, planning) }))
    .toSorted(
      ({ candidate: a, action: left }, { candidate: b, action: right }) =>
        sparedAt(a) - sparedAt(b) || left.notBefore - right.notBefore || (left.subject < right.subject ? -1 : 1),
    )
    .map(({ action }) => action);
}

const sparedAt = ({ ladder }: Candidate): Millis => ladder.sparedAt ?? 0;

function isNext(step: Step, { finding, ladder }: Candidate, { settings, now }: Planning): boolean {
  const steps = stepsOf(finding.instance, settings);
  if (!steps.includes(step) || !mayTry(ladder, step, now)) return false;
  const { state } = finding.instance;
  // What was stopped may be running by a look that is older than that.
  if (step === "stop") return state === "running" && ladder.stopped === undefined;
  return ladder.terminated === undefined && (state === "stopped" || (state === "running" && !steps.includes("stop")));
}

function planStep(step: Step, candidate: Candidate, planning: Planning): InstanceAction {
  const { finding, ladder } = candidate;
  const { settings, now } = planning;
  const climb = { instance: finding.instance, ladder, settings };
  const due = dueOf(finding.violations, now);
  const told = due.filter((rule) => toldOf(ladder, step, [rule]) !== undefined);
  return {
    ...describe(candidate, planning),
    ...{ kind: step, class: step === "stop" ? "reversible" : "irreversible", cap: caps[step] },
    ...{ occasion: `${ladder.round}`, decidedBy: step === "stop" ? "stop_after" : "terminate_after" },
    // Whoever was told nothing has no time that runs: that is for the gate `told` to say.
    notBefore: told.length > 0 ? stepFrom(step, climb, { rules: told, telling: now }) : firstDue(due),
    legs: [finding.instance.id],
    telling: { deliveredAt: toldOf(ladder, step, due), atLeast: waitOf(step, climb) },
  };
}

const dueOf = (violations: readonly Violation[], now: Millis): readonly Violation[] =>
  violations.filter(({ dueAt }) => dueAt <= now);

const firstDue = (violations: readonly Violation[]): Millis => Math.min(...violations.map(({ dueAt }) => dueAt));

/** Only of instances whose step comes at once: what stays must not lose its protection. */
function planUnprotections(
  step: Step,
  actions: readonly InstanceAction[],
  { rules, room, now }: Planning,
): readonly InstanceAction[] {
  const flipping = rules.filter(({ mayFlipProtection }) => mayFlipProtection).map(({ hash }) => hash);
  return actions
    .filter(({ notBefore, telling }) => notBefore <= now && telling?.deliveredAt !== undefined)
    .slice(0, Math.max(0, room[step]))
    .filter(({ detail }) => detail.rules.some((hash) => flipping.includes(hash)))
    .map((action) => ({
      ...action,
      ...{ kind: "unprotect", class: "reversible", cap: caps.unprotect },
      occasion: `${action.occasion}-${step}`,
      detail: { ...action.detail, step },
    }));
}

function planNotice(candidate: Candidate, planning: Planning): readonly InstanceAction[] {
  const { finding, ladder } = candidate;
  const { settings, now } = planning;
  if (!settings.sendNotices || !mayTry(ladder, "notice", now) || ladder.terminated !== undefined) return [];
  // What was done is said first, and says what comes next.
  if (ladder.stopped !== undefined && !ladder.said.includes("stopped")) return [];
  // Who was told that it was stopped, and that this is all, has nothing more to hear.
  if (ladder.stopped !== undefined && !stepsOf(finding.instance, settings).includes("terminate")) return [];
  if (now - (ladder.lastNoticeAt ?? Number.NEGATIVE_INFINITY) < settings.notifyEvery) return [];
  const notBefore = firstDue(finding.violations) + settings.notifyAfter;
  if (notBefore > now) return [];
  const described = describe(candidate, planning);
  const sequence = ladder.notices + 1;
  return [
    {
      ...described,
      ...{ kind: "notice", class: "notice", cap: caps.notice, isFirst: ladder.notices === 0 },
      ...{ occasion: `${ladder.round}-${sequence}`, decidedBy: "notify_after", notBefore, legs: [] },
      detail: { ...described.detail, sequence },
    },
  ];
}

type Described = Pick<
  InstanceAction,
  "program" | "accountId" | "subject" | "reason" | "evidenceAt" | "names" | "detail"
>;

function describe({ finding, ladder, readAt }: Candidate, { accountId, now }: Planning): Described {
  const { instance, violations, owner } = finding;
  const subject = ladderId(ladder);
  const name = instance.tags.get("Name");
  const spared = saySpared(instance);
  return {
    ...{ program: "tagaudit", accountId, subject, reason: sayViolations(violations), evidenceAt: readAt },
    names: [instance.id, subject, name, owner].filter((one) => one !== undefined),
    detail: {
      ...describeInstance(instance),
      ...(owner === undefined ? {} : { owner }),
      ...(spared === undefined ? {} : { spared }),
      violations: violations.map(describeViolation),
      rules: dueOf(violations, now).map(({ ruleHash }) => ruleHash),
    },
  };
}

const describeInstance = (instance: Instance) => ({
  ...{ region: instance.region, zone: instance.zone, instanceId: instance.id, instanceType: instance.type },
  ...{ state: instance.state, launchedAt: instance.launchedAt },
  ...{ tagsHash: hashTags(instance.tags), tags: Object.fromEntries(instance.tags) },
  ...(instance.publicAddress === undefined ? {} : { publicAddress: instance.publicAddress }),
});

const describeViolation = ({ tag, kind, says, suggestion, ruleHash, dueAt }: Violation): ViolationDetail => ({
  ...{ tag, kind, says, ruleHash, dueAt },
  ...(suggestion === undefined ? {} : { suggestion }),
});

const sayViolations = (violations: readonly Violation[]): string => {
  const since = Math.min(...violations.map((violation) => violation.since));
  return `${violations.map(({ says }) => says).join("; ")}; since ${formatInstant(since)}`;
};

/** What was done to instances and not yet said; one that is terminated is in no scan any more. */
export function planNews(
  ladders: Iterable<InstanceLadder>,
  { accountId, settings, now }: Pick<Planning, "accountId" | "settings" | "now">,
): readonly PlannedAction<string, NewsDetail>[] {
  return [...ladders].flatMap((ladder) =>
    settings.sendNotices && mayTry(ladder, "news", now)
      ? newsOf(ladder).map(({ stage, at, id }) => ({
          ...({ program: "tagaudit", accountId, kind: "news", class: "notice", subject: ladderId(ladder) } as const),
          ...{ occasion: `${ladder.round}-${stage}`, cap: caps.notice },
          ...{ reason: `the instance was ${stage}`, decidedBy: `${stage === "stopped" ? "stop" : "terminate"}_after` },
          ...{ notBefore: at, evidenceAt: now, names: [ladder.instanceId, ladderId(ladder)], legs: [] },
          detail: { region: ladder.region, instanceId: ladder.instanceId, stage, deed: id },
        }))
      : [],
  );
}

function newsOf({ stopped, terminated, endedAt, said }: InstanceLadder) {
  if (terminated !== undefined)
    return said.includes("terminated") ? [] : [{ stage: "terminated", ...terminated } as const];
  if (stopped === undefined || endedAt !== undefined || said.includes("stopped")) return [];
  return [{ stage: "stopped", ...stopped } as const];
}
