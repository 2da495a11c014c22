import { hashText } from "../random.ts";
import type { Instance } from "./instance.ts";

/** Where an instance is in its network, derived from its id: the same every time it is asked. */
export interface Addresses {
  readonly subnetId: string;
  readonly groupId: string;
  readonly privateAddress: string;
  readonly privateName: string;
  readonly publicAddress: string | undefined;
  readonly publicName: string | undefined;
}

/** Undefined: it is terminated, and has none. */
export function addressesOf(instance: Instance, region: string): Addresses | undefined {
  const { id, state, zone, vpcId } = instance;
  if (state === "terminated") return undefined;
  const hash = hashText(id);
  const [a, b, c] = [hash & 255, (hash >>> 8) & 255, (hash >>> 16) & 255];
  const publicAddress = hasPublicAddress(instance) ? `52.${a}.${b}.${c}` : undefined;
  return {
    subnetId: `subnet-${vpcId.slice(4, -1)}${zone.at(-1)}`,
    groupId: `sg-${vpcId.slice(4)}`,
    privateAddress: `10.${a}.${b}.${c}`,
    privateName: `ip-10-${a}-${b}-${c}.${internalDomain(region)}`,
    publicAddress,
    publicName: publicAddress && `ec2-52-${a}-${b}-${c}.${externalDomain(region)}`,
  };
}

const hasPublicAddress = ({ publicAddress, state }: Instance): boolean =>
  publicAddress === "elastic" || (publicAddress === "assigned" && (state === "running" || state === "pending"));

const internalDomain = (region: string): string =>
  region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;

const externalDomain = (region: string): string =>
  region === "us-east-1" ? "compute-1.amazonaws.com" : `${region}.compute.amazonaws.com`;
