import type { Millis } from "./time.ts";

/** Auto Scaling's nouns as stages see them. */
export interface GroupMember {
  readonly instanceId: string;
  /** Its group's name. */
  readonly group: string;
  /** Such as `InService`, `Terminating:Wait` or `Warmed:Stopped`. */
  readonly lifecycle: string;
  readonly isHealthy: boolean;
  /** From scale-in. */
  readonly isProtected: boolean;
}

export interface AutoScalingGroup {
  readonly name: string;
  /** Its desired capacity. */
  readonly desired: number;
  /** Those of its warm pool excepted. */
  readonly members: readonly GroupMember[];
  /** Names of suspended processes, such as `Launch`. */
  readonly suspended: readonly string[];
  /** Present while it is being deleted. */
  readonly status: string | undefined;
  /** Instances that it takes out of service go back to its warm pool. */
  readonly reusesInstances: boolean;
  /** How long a new member counts as healthy though nobody has looked, or warms up. */
  readonly grace: Millis;
  /** The service that operates it and alone may change it (Operator.Principal); absent for one's own. */
  readonly operator: string | undefined;
}

/** A group as it is just now, with what goes on in it. */
export interface GroupLook {
  readonly group: AutoScalingGroup;
  /** Statuses of its instance refreshes of the last weeks. */
  readonly refreshes: readonly string[];
  /** Statuses of its scaling activities, those in progress among them. */
  readonly activities: readonly string[];
  /** When the last of its activities ended; undefined where it has had none in the last weeks. */
  readonly quietSince: Millis | undefined;
}
