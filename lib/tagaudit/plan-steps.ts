import { mayTry } from "../act/failures.ts";
import type { Millis } from "../core/time.ts";
import { type Step, toldOf } from "./ladder.ts";
import { caps, describeTarget, dueOf, firstDue } from "./plan-target.ts";
import type { Candidate, InstanceAction, Planning } from "./planning.ts";
import { stepFrom, stepsOf, waitOf } from "./steps.ts";

/** What was spared last waits behind the others: what is protected or changes all the time must not take every place. */
export function planSteps(step: Step, candidates: readonly Candidate[], planning: Planning): readonly InstanceAction[] {
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
    ...describeTarget(candidate, planning),
    ...{ kind: step, class: step === "stop" ? "reversible" : "irreversible", cap: caps[step] },
    ...{ occasion: `${ladder.round}`, decidedBy: step === "stop" ? "stop_after" : "terminate_after" },
    // Whoever was told nothing has no time that runs: that is for the gate `told` to say.
    notBefore: told.length > 0 ? stepFrom(step, climb, { rules: told, telling: now }) : firstDue(due),
    legs: [finding.instance.id],
    telling: { deliveredAt: toldOf(ladder, step, due), atLeast: waitOf(step, climb) },
  };
}

/** Only of instances whose step comes at once: what stays must not lose its protection. */
export function planUnprotections(
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
