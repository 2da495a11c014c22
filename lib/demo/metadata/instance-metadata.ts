import type { Millis } from "../../core/time.ts";
import { formatInstant, hours } from "../../core/time.ts";
import { deriveId, secretOf, sessionTokenOf } from "../identifiers.ts";
import { findAccount, type Organization, type Session } from "../state.ts";

/** What one instance is told of itself. */
export interface InstanceMetadata {
  /** The instance identity document. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** Undefined: it has no instance profile. */
  readonly role: { readonly name: string; readonly credentials: Readonly<Record<string, string>> } | undefined;
  /** `required` is version 2 alone, `optional` both, `none` a service that knows no version 2. */
  readonly tokens: "required" | "optional" | "none";
  /** How many hops a token may travel (HttpPutResponseHopLimit); 1 ends at the instance itself. */
  readonly hopLimit: number;
  /** How many the asker is away; a container's bridge is one more. */
  readonly hops: number;
  readonly isEnabled: boolean;
}

export interface InstanceSaid extends Partial<Pick<InstanceMetadata, "tokens" | "hopLimit" | "hops" | "isEnabled">> {
  readonly accountId: string;
  readonly region: string;
  readonly instanceId: string;
  /** One of the account's roles; absent: no instance profile. */
  readonly role?: string | undefined;
}

/**
 * An instance of an account of the offline AWS, with credentials of its role that this knows: a session named after the
 * instance, as EC2 names it, until six hours from `now`.
 */
export function anInstanceMetadata(organization: Organization, said: InstanceSaid, now: Millis): InstanceMetadata {
  const { accountId, region, instanceId, role, ...behaviour } = said;
  return {
    ...{ tokens: "required", hopLimit: 1, hops: 1, isEnabled: true },
    ...behaviour,
    identity: identityDocument(said, now),
    role: role === undefined ? undefined : { name: role, credentials: openSession(organization, said, now) },
  };
}

function openSession(organization: Organization, said: InstanceSaid, now: Millis): Readonly<Record<string, string>> {
  const { accountId, instanceId, role: name = "" } = said;
  const role = findAccount(organization, accountId)?.roles.find(name);
  if (role === undefined) throw new Error(`account "${accountId}" has no role "${name}"`);
  const session: Session = {
    ...{ accessKeyId: deriveId("ASIA", `${accountId} ${name} ${instanceId}`), accountId },
    ...{ roleName: name, roleId: role.id, sessionName: instanceId, expiresAt: now + hours(6) },
  };
  organization.sessions.set(session.accessKeyId, session);
  return {
    Code: "Success",
    LastUpdated: formatInstant(now),
    Type: "AWS-HMAC",
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: secretOf(session.accessKeyId),
    Token: sessionTokenOf(session.accessKeyId),
    Expiration: formatInstant(session.expiresAt),
  };
}

/** Its members and their order as EC2's (User Guide, "Instance identity documents"). */
const identityDocument = ({ accountId, region, instanceId }: InstanceSaid, now: Millis) => ({
  accountId,
  architecture: "x86_64",
  availabilityZone: `${region}a`,
  billingProducts: null,
  devpayProductCodes: null,
  marketplaceProductCodes: null,
  imageId: "ami-0abcdef1234567890",
  instanceId,
  instanceType: "t3.micro",
  kernelId: null,
  pendingTime: formatInstant(now - hours(24)),
  privateIp: "10.0.0.7",
  ramdiskId: null,
  region,
  version: "2017-09-30",
});
