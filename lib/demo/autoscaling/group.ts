import type { Millis } from "../../core/time.ts";

/** Its members are the instances tagged `aws:autoscaling:groupName` with its name. */
export interface AutoScalingGroup {
  readonly name: string;
  readonly createdAt: Millis;
  readonly tags: ReadonlyMap<string, string>;
}
