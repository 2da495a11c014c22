import { mayTry } from "../act/failures.ts";
import { caps, describeTarget, firstDue } from "./plan-target.ts";
import type { Candidate, InstanceAction, Planning } from "./planning.ts";
import { stepsOf } from "./steps.ts";

/** The next notice to an instance's owner, if it is time for one. */
export function planNotice(candidate: Candidate, planning: Planning): readonly InstanceAction[] {
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
  const described = describeTarget(candidate, planning);
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
