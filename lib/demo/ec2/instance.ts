import type { Millis } from "../../core/time.ts";

export type InstanceState = "pending" | "running" | "shutting-down" | "terminated" | "stopping" | "stopped";

export interface Instance {
  readonly id: string;
  /** Shared by what one RunInstances launched. */
  readonly reservationId: string;
  readonly zone: string;
  readonly type: string;
  readonly vpcId: string;
  state: InstanceState;
  /** Where a state on the way leads, and when it gets there. */
  arrival: { readonly state: InstanceState; readonly at: Millis } | undefined;
  /** Of its first start, which EC2 does not tell and CloudTrail does. */
  readonly createdAt: Millis;
  /** Of its last start. */
  launchedAt: Millis;
  /** When somebody last stopped or terminated it. */
  haltedAt: Millis | undefined;
  readonly tags: Map<string, string>;
  readonly spotRequest: "one-time" | "persistent" | undefined;
  readonly rootDeviceType: "ebs" | "instance-store";
  readonly operator: Operator | undefined;
  /** An assigned address is given up by a stop, an Elastic IP stays. */
  readonly publicAddress: "none" | "assigned" | "elastic";
  isTerminationProtected: boolean;
  isStopProtected: boolean;
  /** An IAM user's name, or `role/session`; undefined: CloudTrail does not tell. */
  readonly launchedBy: string | undefined;
}

/** A service that runs the instance and alone may change it. */
export interface Operator {
  /** Such as `eks.amazonaws.com`. */
  readonly principal: string;
  /** Shown only to who asks with IncludeManagedResources. */
  readonly isHidden: boolean;
}
