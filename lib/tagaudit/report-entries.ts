import type { Millis } from "../core/time.ts";
import type { Finding } from "./assess.ts";
import type { ReportEntry } from "./daily-report.ts";
import { type InstanceLadder, toldOf } from "./ladder.ts";
import { type StepSettings, stepFrom, stepsOf } from "./steps.ts";

interface Entering {
  /** As it is remembered. */
  readonly ladder: InstanceLadder;
  readonly settings: StepSettings;
  /** Whether anything may be stopped or terminated. */
  readonly isCommit: boolean;
  readonly now: Millis;
}

/** One instance in violation, for the daily report. */
export function reportEntry({ instance, owner, violations }: Finding, entering: Entering): ReportEntry {
  return {
    ...{ region: instance.region, instanceId: instance.id, name: instance.tags.get("Name"), owner },
    violations: violations.map(({ tag, says, suggestion }) => ({ tag, says, suggestion })),
    since: Math.min(...violations.map(({ since }) => since)),
    nextStep: nextStep({ instance, violations }, entering),
  };
}

/** A step's time runs from when its owner was told of it. */
function nextStep(
  { instance, violations }: Pick<Finding, "instance" | "violations">,
  { ladder, settings, isCommit, now }: Entering,
): ReportEntry["nextStep"] {
  const [step] = stepsOf(instance, settings).filter((one) => one !== "stop" || instance.state === "running");
  if (!isCommit || step === undefined) return { kind: "none", at: undefined };
  const told = violations.filter((rule) => toldOf(ladder, step, [rule]) !== undefined);
  const at =
    told.length === 0 ? undefined : stepFrom(step, { instance, ladder, settings }, { rules: told, telling: now });
  return { kind: step, at };
}
