import type { Millis } from "./time.ts";

/** EC2's nouns as stages see them, times in epoch milliseconds. */
export type InstanceState = "pending" | "running" | "shutting-down" | "terminated" | "stopping" | "stopped";

export interface Instance {
  readonly id: string;
  readonly region: string;
  /** The availability zone, such as `eu-west-1a`. */
  readonly zone: string;
  readonly state: InstanceState;
  /** Such as `m5.large`. */
  readonly type: string;
  /** Of its last start: stopping and starting sets it anew. */
  readonly launchedAt: Millis;
  /** By key, spelled as AWS has them. */
  readonly tags: ReadonlyMap<string, string>;
  readonly vpcId: string | undefined;
  /** `spot`, `scheduled`, `capacity-block` or what comes yet; absent for on-demand. */
  readonly lifecycle: string | undefined;
  readonly spotRequestId: string | undefined;
  readonly rootDeviceType: "ebs" | "instance-store";
  /** The service that operates it and alone may change it (Operator.Principal); absent for one's own. */
  readonly operator: string | undefined;
  /** A public IPv4 address, which a stop gives up unless it is an Elastic IP. */
  readonly publicAddress: string | undefined;
}
