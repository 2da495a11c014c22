import type { Instance as SdkInstance } from "@aws-sdk/client-ec2";
import type { Instance, InstanceState } from "../../core/ec2.ts";
import { OpsError } from "../../core/errors.ts";
import { parseInstant } from "../../core/time.ts";
import { present } from "./present.ts";

/** An instance as its answer has it: texts, any of which may be absent or empty. */
export interface InstanceFields {
  readonly instanceId?: string | undefined;
  readonly state?: string | undefined;
  readonly instanceType?: string | undefined;
  readonly launchTime?: string | undefined;
  readonly zone?: string | undefined;
  readonly vpcId?: string | undefined;
  readonly publicAddress?: string | undefined;
  readonly lifecycle?: string | undefined;
  readonly spotRequestId?: string | undefined;
  readonly rootDeviceType?: string | undefined;
  readonly managed?: string | undefined;
  readonly principal?: string | undefined;
  readonly tags: Map<string, string>;
}

/** The fields of what the SDK has read. */
export const fieldsOf = (instance: SdkInstance): InstanceFields => ({
  instanceId: instance.InstanceId,
  state: instance.State?.Name,
  instanceType: instance.InstanceType,
  launchTime: instance.LaunchTime?.toISOString(),
  zone: instance.Placement?.AvailabilityZone,
  vpcId: instance.VpcId,
  publicAddress: instance.PublicIpAddress,
  lifecycle: instance.InstanceLifecycle,
  spotRequestId: instance.SpotInstanceRequestId,
  rootDeviceType: instance.RootDeviceType,
  managed: instance.Operator?.Managed === true ? "true" : undefined,
  principal: instance.Operator?.Principal,
  tags: new Map(
    (instance.Tags ?? []).flatMap(({ Key, Value = "" }) => (Key === undefined ? [] : [[Key, Value] as const])),
  ),
});

export interface Provenance {
  /** The call that answered it. */
  readonly action: string;
  readonly region: string;
}

/** @throws OpsError where a member that is judged by is missing or unheard of */
export function asInstance(fields: InstanceFields, { action, region }: Provenance): Instance {
  const id = present(action, "instanceId", filled(fields.instanceId));
  const required = (name: Exclude<keyof InstanceFields, "tags">): string =>
    present(action, `${name} of "${id}"`, filled(fields[name]));
  const known = <Value>(name: "state" | "rootDeviceType" | "launchTime", read: (text: string) => Value | undefined) => {
    const text = required(name);
    const value = read(text);
    if (value === undefined) throw new OpsError("other", `${action}: "${id}" has the unknown ${name} "${text}"`);
    return value;
  };
  return {
    ...{ id, region, zone: required("zone"), type: required("instanceType"), tags: fields.tags },
    state: known("state", (text) => states.find((state) => state === text)),
    launchedAt: known("launchTime", parseInstant),
    rootDeviceType: known("rootDeviceType", (text) => rootDeviceTypes.find((type) => type === text)),
    vpcId: filled(fields.vpcId),
    lifecycle: filled(fields.lifecycle),
    spotRequestId: filled(fields.spotRequestId),
    operator: filled(fields.principal) ?? (fields.managed === "true" ? "an unnamed service" : undefined),
    publicAddress: filled(fields.publicAddress),
  };
}

const states: readonly InstanceState[] = ["pending", "running", "shutting-down", "terminated", "stopping", "stopped"];
const rootDeviceTypes: readonly Instance["rootDeviceType"][] = ["ebs", "instance-store"];

const filled = (text: string | undefined): string | undefined => (text === "" ? undefined : text);
