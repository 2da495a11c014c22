import type { Millis } from "../core/time.ts";
import type { AutoScalingGroup } from "./autoscaling/group.ts";
import type { TrailEvent } from "./cloudtrail/event.ts";
import type { Directory } from "./directory.ts";
import type { ConversionTask } from "./ec2/conversion-task.ts";
import type { Inventory } from "./ec2/inventory.ts";
import type { Queue } from "./sqs/queue.ts";

export type OptInStatus = "opt-in-not-required" | "opted-in" | "not-opted-in";

/** What one account has in one region. */
export interface Region {
  readonly name: string;
  optInStatus: OptInStatus;
  readonly instances: Inventory;
  readonly autoScalingGroups: AutoScalingGroup[];
  readonly conversionTasks: ConversionTask[];
  /** What CloudTrail tells beside the launches that instances themselves remember. */
  readonly trail: TrailEvent[];
  readonly queues: Directory<Queue>;
  /** How long instances are stopping, shutting down or pending; 0: until they are next looked at. */
  transitionMs: Millis;
}

export const isEnabled = ({ optInStatus }: Region): boolean => optInStatus !== "not-opted-in";
