import type { Instance, InstanceState } from "../ec2/instance.ts";
import type { OptInStatus } from "../region.ts";

export interface RegionSpec {
  readonly name: string;
  readonly optInStatus: OptInStatus;
  readonly instances: readonly InstanceSpec[];
  /** Many more, made when they are asked for. */
  readonly fleet: FleetSpec | undefined;
  /** Those that instances name beside. */
  readonly autoScalingGroups: readonly AutoScalingGroupSpec[];
  readonly events: readonly TrailEventSpec[];
  readonly queues: readonly QueueSpec[];
  readonly transitionMs: number;
}

export interface FleetSpec {
  readonly count: number;
  /** The same for the same index. */
  readonly instance: (index: number) => InstanceSpec;
}

export interface InstanceSpec {
  /** Derived if undefined. */
  readonly id: string | undefined;
  /** Of the instances with the same name, one RunInstances; its own if undefined. */
  readonly reservation: string | undefined;
  /** The zone's letter. */
  readonly zone: string;
  readonly type: string;
  readonly state: InstanceState;
  /** Since its last start. */
  readonly ageDays: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly vpcId: string | undefined;
  readonly spotRequest: Instance["spotRequest"];
  readonly rootDeviceType: Instance["rootDeviceType"];
  readonly operator: Instance["operator"];
  readonly publicAddress: Instance["publicAddress"];
  readonly isTerminationProtected: boolean;
  readonly isStopProtected: boolean;
  /** An IAM user's name, or `role/session`: who launched it, as CloudTrail tells for 90 days. */
  readonly launchedBy: string | undefined;
  /** Makes it a member, by the tag that AWS gives members. */
  readonly autoScalingGroup: string | undefined;
  /** It is just being imported from, or exported to, another hypervisor. */
  readonly conversion: "import" | "export" | undefined;
}

export interface AutoScalingGroupSpec {
  readonly name: string;
  readonly ageDays: number;
  readonly tags: Readonly<Record<string, string>>;
  /** How long a replacement is pending. */
  readonly launchMs: number;
}

export interface TrailEventSpec {
  readonly name: string;
  readonly source: string;
  readonly ageDays: number;
  readonly by: string;
  readonly resources: readonly { readonly type: string; readonly name: string }[];
}

export interface QueueSpec {
  /** One that ends in `.fifo` is a FIFO queue. */
  readonly name: string;
  readonly visibilitySeconds: number;
  /** How long a receive waits that says nothing about it. */
  readonly waitSeconds: number;
  readonly delaySeconds: number;
  /** The dead-letter queue has to be another one of the region. */
  readonly redrive: { readonly maxReceives: number; readonly deadLetterQueue: string } | undefined;
  readonly deduplicatesByContent: boolean;
  /** Ids of accounts that may use it beside its own; `*`: all. */
  readonly sharedWith: readonly string[];
  readonly messages: readonly MessageSpec[];
}

export interface MessageSpec {
  readonly body: string;
  /** As SQS tells of it: `AROA...:i-...` for an instance's role. */
  readonly senderId: string;
  readonly ageDays: number;
  readonly group: string | undefined;
  /** How often it was delivered before. */
  readonly receiveCount: number;
}
