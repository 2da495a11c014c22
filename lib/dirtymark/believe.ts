import { matchesGlob } from "../core/glob.ts";
import type { Millis } from "../core/time.ts";
import type { Reading, RefusalReason, SnsEnvelope } from "../host-events/event.ts";
import { quoteForeign } from "../host-events/foreign-json.ts";

/** A queue is for hosts that speak of themselves, or for forwarders that speak of all; never for both. */
export type QueueKind = "hosts" | "forwarders";

/** What says that something happened: of the other readings there is nothing to believe. */
export type Statement = Extract<Reading, { readonly is: "events" | "tunnel" }>;

/** What an account's instance profiles say of a role. */
export type RoleEvidence =
  /** It is an instance profile's, and `onlyEc2` can assume it. */
  | { readonly is: "found"; readonly onlyEc2: boolean }
  /** No instance profile of the account has a role of that id. */
  | { readonly is: "unknown" }
  /** Passing: another try may go better. */
  | { readonly is: "unread"; readonly says: string; readonly isPassing: boolean };

export type SignatureEvidence =
  | { readonly is: "valid" }
  | { readonly is: "invalid"; readonly says: string }
  | { readonly is: "unread"; readonly says: string };

export interface Claim {
  readonly queue: QueueKind;
  /** Whom the queue names as the message's sender. */
  readonly senderId: string | undefined;
  readonly statement: Statement;
  readonly known: Known;
  /** What has been found out so far. */
  readonly role?: RoleEvidence;
  readonly signature?: SignatureEvidence;
}

/** Globs; none: any that is well formed. Of topics none is none. */
export interface Known {
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** ARNs of the SNS topics that forward. */
  readonly topics: readonly string[];
}

export type Belief =
  | { readonly is: "verified" }
  /** Recorded, and counted apart. */
  | { readonly is: "unverified"; readonly says: string }
  | { readonly is: "refused"; readonly reason: RefusalReason; readonly says: string }
  /** What would tell can't be had at the moment: the message waits. */
  | { readonly is: "unsure"; readonly says: string }
  /** Not to be said before this is found out. */
  | {
      readonly is: "asking";
      readonly about: "role";
      readonly accountId: string;
      readonly roleId: string;
      readonly sentAt: Millis;
    }
  | { readonly is: "asking"; readonly about: "signature"; readonly envelope: SnsEnvelope };

/** Whether a message may say what it says. What needs no call comes first: nobody makes us ask AWS of strange accounts. */
export function believe(claim: Claim): Belief {
  const { queue, statement, known } = claim;
  const { accountId, region } = statement.is === "tunnel" ? statement.tunnel : statement.events[0];
  if (!isKnown(known.accounts, accountId)) return refuse("unknown_account", `account ${accountId} is not to be marked`);
  if (!isKnown(known.regions, region)) return refuse("unknown_region", `region ${region} is not to be marked`);
  return queue === "hosts" ? believeHost(claim, accountId) : believeForwarder(claim);
}

const isKnown = (globs: readonly string[], name: string): boolean =>
  globs.length === 0 || globs.some((glob) => matchesGlob(glob, name));

/**
 * Of a role SQS names its id and the session (ReceiveMessage, `SenderId`, SQS API reference). For an instance's role EC2 has
 * opened that under the instance's id.
 */
const roleSession = /^(AROA[A-Z0-9]{12,124}):(.+)$/;
const instanceSession = /^i-[0-9a-f]+$/;

function readInstance(senderId: string): { readonly roleId: string; readonly instanceId: string } | undefined {
  const [, roleId, session] = roleSession.exec(senderId) ?? [];
  if (roleId === undefined || session === undefined || !instanceSession.test(session)) return undefined;
  return { roleId, instanceId: session };
}

function believeHost({ senderId = "", statement, role }: Claim, accountId: string): Belief {
  if (statement.is === "tunnel" || statement.origin.by !== "host")
    return refuse("forged", "a forwarder's message in the queue of hosts");
  const sender = readInstance(senderId);
  if (sender === undefined) return doubt(`the sender ${quoteForeign(senderId)} is no instance`);
  const stranger = statement.events.find(({ instanceId }) => instanceId !== sender.instanceId);
  if (stranger !== undefined)
    return refuse("forged", `instance ${sender.instanceId} speaks for ${stranger.instanceId}`);
  const [{ at: sentAt }] = statement.events;
  if (role === undefined) return { is: "asking", about: "role", accountId, roleId: sender.roleId, sentAt };
  return believeRole(role, `role ${sender.roleId}`);
}

function believeRole(role: RoleEvidence, name: string): Belief {
  if (role.is === "unread") return role.isPassing ? { is: "unsure", says: role.says } : doubt(role.says);
  if (role.is === "unknown") return doubt(`${name} is of no instance profile of the account`);
  return role.onlyEc2 ? verified : doubt(`${name} trusts others than EC2`);
}

/** Only AWS puts events whose source begins so, but for partners, whose all begin with `aws.partner/`. */
const isOfAws = (source: string): boolean => source.startsWith("aws.") && !source.startsWith("aws.partner/");

/** Whom a queue's policy lets send, it proves; where that says too little, an instance at least is no forwarder. */
function believeForwarder({ senderId = "", statement, known, signature }: Claim): Belief {
  const { origin } = statement;
  if (origin.by === "host") return refuse("host_in_forwarder_queue", "a host's message in the queue of forwarders");
  const sender = readInstance(senderId);
  if (sender !== undefined) return refuse("forged", `instance ${sender.instanceId} speaks for AWS`);
  if (!isOfAws(origin.source)) return refuse("forged", `the source ${quoteForeign(origin.source)} is not of AWS`);
  const { envelope } = origin;
  if (envelope === undefined) return verified;
  if (!known.topics.some((glob) => matchesGlob(glob, envelope.topicArn)))
    return refuse("forged", `the topic ${quoteForeign(envelope.topicArn)} is no forwarder`);
  if (signature === undefined) return { is: "asking", about: "signature", envelope };
  if (signature.is === "unread") return { is: "unsure", says: signature.says };
  return signature.is === "valid" ? verified : refuse("forged", signature.says);
}

const verified: Belief = { is: "verified" };
const doubt = (says: string): Belief => ({ is: "unverified", says });
const refuse = (reason: RefusalReason, says: string): Belief => ({ is: "refused", reason, says });
