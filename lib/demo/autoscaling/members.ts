import type { Instance } from "../ec2/instance.ts";
import { findVisible } from "../ec2/requested-instances.ts";
import type { Answer, Call } from "../operation.ts";
import { regionOf } from "../requested-region.ts";
import type { AutoScalingGroup } from "./group.ts";

export interface Member {
  readonly instance: Instance;
  readonly group: AutoScalingGroup;
}

/** Undefined: no such instance, an ended one, or one of no group. */
export function findMember(call: Call, instanceId: string): Member | undefined {
  const region = regionOf(call);
  const instance = findVisible(region, instanceId, call);
  if (instance === undefined || instance.state === "terminated") return undefined;
  const name = instance.tags.get("aws:autoscaling:groupName");
  const group = region.autoScalingGroups.find((one) => one.name === name);
  return group && { instance, group };
}

export const describeMember = ({ instance }: Member): Answer => ({
  InstanceId: instance.id,
  InstanceType: instance.type,
  AvailabilityZone: instance.zone,
  LifecycleState: instance.state === "running" ? "InService" : "Terminating",
  HealthStatus: "HEALTHY",
  ProtectedFromScaleIn: false,
});
