import { planNotice } from "./plan-notice.ts";
import { planSteps, planUnprotections } from "./plan-steps.ts";
import type { Candidate, InstanceAction, Planning } from "./planning.ts";

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
