import type { Instance } from "../core/ec2.ts";
import type { Millis } from "../core/time.ts";
import type { Violation } from "./assess.ts";
import type { InstanceLadder, Step } from "./ladder.ts";

/** The steps that follow the notice, each with its own delay. */
export interface StepSettings {
  /** After the owner was told; undefined: never stopped. */
  readonly stopAfter: Millis | undefined;
  /** After the stop, or after the owner was told where nothing is stopped; undefined: never terminated. */
  readonly terminateAfter: Millis | undefined;
  /** The original's switch: without it nothing is terminated. */
  readonly terminate: boolean;
}

/** What will be done to an instance whose owner does nothing. */
export function stepsOf(instance: Stoppable, settings: StepSettings): readonly Step[] {
  if (saySpared(instance) !== undefined) return [];
  const steps: Step[] = [];
  if (settings.stopAfter !== undefined) steps.push("stop");
  if (settings.terminate && settings.terminateAfter !== undefined) steps.push("terminate");
  return steps;
}

type Stoppable = Pick<Instance, "rootDeviceType" | "lifecycle">;

/**
 * Why an instance is only reported: what can't be stopped could only be terminated at once. Which Spot Instances could be,
 * those of persistent requests, DescribeInstances does not say (Stop and start Amazon EC2 instances, EC2 user guide).
 */
export function saySpared({ rootDeviceType, lifecycle }: Stoppable): string | undefined {
  if (rootDeviceType === "instance-store") return "its root device is an instance store volume";
  return lifecycle === "spot" ? "it is a Spot Instance" : undefined;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-ec2-instance-stop-start-works.html */
export const sayLoss = ({ publicAddress }: { readonly publicAddress?: string }): string =>
  `A stop loses what is in memory and on instance store volumes${
    publicAddress === undefined ? "" : `, and the public address ${publicAddress} unless it is an Elastic IP address`
  }.`;

/** One instance on its ladder. */
export interface Climb {
  readonly instance: Pick<Instance, "state">;
  readonly ladder: Pick<InstanceLadder, "told" | "announced" | "stopped">;
  readonly settings: StepSettings;
}

/** How long the owner must have known of a step: where somebody else has stopped it, as long as if this program had. */
export function waitOf(step: Step, { instance, ladder, settings }: Climb): Millis {
  const { stopAfter = 0, terminateAfter = 0 } = settings;
  if (step === "stop") return stopAfter;
  const isStoppedByUs = ladder.stopped !== undefined && instance.state !== "running";
  return isStoppedByUs ? terminateAfter : stopAfter + terminateAfter;
}

/** From when on a step may be done for one of these rules; a rule that the owner was not told of counts from `telling` on. */
export function stepFrom(
  step: Step,
  climb: Climb,
  { rules, telling }: { readonly rules: readonly Pick<Violation, "ruleHash" | "dueAt">[]; readonly telling: Millis },
): Millis {
  const { told, announced, stopped } = climb.ladder;
  const wait = waitOf(step, climb);
  const due = rules.map(({ ruleHash, dueAt }) => Math.max(dueAt, (told[ruleHash]?.[step] ?? telling) + wait));
  const rested = step === "terminate" && stopped !== undefined ? stopped.at + (climb.settings.terminateAfter ?? 0) : 0;
  // A delay that a setting has cut short since does not cut short what was said.
  return Math.max(Math.min(...due), rested, announced?.[step] ?? 0);
}
