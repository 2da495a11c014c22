import type { Millis } from "../../core/time.ts";

/** Its members are the instances tagged `aws:autoscaling:groupName` with its name. */
export interface AutoScalingGroup {
  readonly name: string;
  readonly createdAt: Millis;
  readonly tags: ReadonlyMap<string, string>;
  /** Undefined: as many as it has members. */
  desired: number | undefined;
  /** Its health check grace period. */
  graceMs: Millis;
  /** How long a replacement is pending; 0: until it is next looked at. */
  launchMs: Millis;
  /** Names of processes, such as `Launch`. */
  readonly suspended: Set<string>;
  /** Ids of members that are protected from scale-in. */
  readonly shielded: Set<string>;
  readonly unhealthy: Set<string>;
  /** By id: what a member is whatever its state, such as `Standby` or `Warmed:Stopped`. */
  readonly lifecycles: Map<string, string>;
  warmPool: { readonly takesBack: boolean } | undefined;
  /** Such as `Delete in progress`. */
  status: string | undefined;
  readonly refreshes: InstanceRefresh[];
  readonly activities: Activity[];
}

export interface InstanceRefresh {
  readonly id: string;
  status: string;
  readonly startedAt: Millis;
}

export interface Activity {
  readonly id: string;
  readonly description: string;
  readonly cause: string;
  readonly startedAt: Millis;
  readonly endsAt: Millis;
}

export const newGroup = (
  said: Pick<AutoScalingGroup, "name" | "createdAt" | "tags" | "launchMs">,
): AutoScalingGroup => ({
  ...{ desired: undefined, graceMs: 0, warmPool: undefined, status: undefined, refreshes: [], activities: [] },
  ...{ suspended: new Set(), shielded: new Set(), unhealthy: new Set(), lifecycles: new Map() },
  ...said,
});
