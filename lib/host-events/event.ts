import type { Millis } from "../core/time.ts";

/** From the least to the gravest. */
export const levels = ["low", "medium", "high", "critical"] as const;
export type Level = (typeof levels)[number];

/** What was said by whom: a host of itself, AWS of an API call or a command, GuardDuty of a finding. */
export type EventSource = "host" | "cloudtrail" | "ssm" | "guardduty";

export interface InstanceName {
  readonly accountId: string;
  readonly region: string;
  readonly instanceId: string;
}

/** A person has, or may have, changed an instance. */
export interface HostEvent extends InstanceName {
  /** As filters know it: `ssh`, `ssm_start_session`, ... */
  readonly name: string;
  readonly source: EventSource;
  /** The sender's own id of it, such as CloudTrail's: the same however often it is sent. */
  readonly id: string | undefined;
  /** When it happened, as far as its message says; else when that was sent. */
  readonly at: Millis;
  /** A user's name or ARN, as the message has it. Personal: it stays in the store. */
  readonly principal: string | undefined;
  /** The address that the person came from, as the message has it. */
  readonly address: string | undefined;
}

/** A connection through an EC2 Instance Connect endpoint: it names an address, and no instance. */
export interface Tunnel extends Omit<HostEvent, "instanceId"> {
  readonly endpointId: string;
  readonly privateAddress: string;
}

/** Why a message is refused. Each is counted under this name. */
export const refusalReasons = [
  /** No shape that is known. */
  "malformed",
  "too_large",
  /** Not of the accounts or regions that may be marked. */
  "unknown_account",
  "unknown_region",
  /** A sender, signature, topic or source that does not fit: somebody else made it. */
  "forged",
  /** A host's message where only forwarders may speak. */
  "host_in_forwarder_queue",
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** A notification of SNS round a message, with what its signature covers (Amazon SNS message formats). */
export interface SnsEnvelope {
  readonly topicArn: string;
  readonly messageId: string;
  readonly timestamp: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly signatureVersion: string;
  /** Base64. */
  readonly signature: string;
  readonly certificateUrl: string;
}

/** Who made a message by its own words, which prove nothing yet. `envelope`: SNS brought it, and said so. */
export type Origin =
  | { readonly by: "host"; readonly envelope: SnsEnvelope | undefined }
  | {
      readonly by: "eventbridge";
      /** Only AWS may put events whose source begins with `aws.` (PutEvents, EventBridge API reference). */
      readonly source: string;
      readonly envelope: SnsEnvelope | undefined;
    };

/** What a message says, before anybody asks whether to believe it. */
export type Reading =
  | { readonly is: "events"; readonly events: readonly [HostEvent, ...HostEvent[]]; readonly origin: Origin }
  | { readonly is: "tunnel"; readonly tunnel: Tunnel; readonly origin: Origin }
  /** Understood, and nothing to mark: a call that failed, a target that is no instance, a sample finding. */
  | { readonly is: "ignored"; readonly says: string }
  | { readonly is: "refused"; readonly reason: RefusalReason; readonly says: string };
