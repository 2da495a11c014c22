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

/** What only a warm pool has is no member of the group yet. */
export const isWarm = (member: Member): boolean => lifecycleOf(member).startsWith("Warmed:");

export function lifecycleOf({ instance, group }: Member): string {
  const said = group.lifecycles.get(instance.id);
  // What EC2 is about to end no other state can be told of.
  if (said !== undefined && instance.state !== "shutting-down") return said;
  if (instance.state === "pending") return "Pending";
  return instance.state === "running" ? "InService" : "Terminating";
}

export const isHealthy = ({ instance, group }: Member): boolean => !group.unhealthy.has(instance.id);

export const describeMember = (member: Member): Answer => {
  const { instance, group } = member;
  return {
    InstanceId: instance.id,
    InstanceType: instance.type,
    AvailabilityZone: instance.zone,
    LifecycleState: lifecycleOf(member),
    HealthStatus: isHealthy(member) ? "Healthy" : "Unhealthy",
    ProtectedFromScaleIn: group.shielded.has(instance.id),
  };
};

/** One walk through the region for all these groups. */
export function listMembers(
  call: Call,
  groups: readonly AutoScalingGroup[],
): ReadonlyMap<AutoScalingGroup, readonly Member[]> {
  const members = new Map(groups.map((group) => [group, [] as Member[]]));
  if (groups.length === 0) return members;
  for (const id of regionOf(call).instances.ids()) {
    const member = findMember(call, id);
    if (member !== undefined && !isWarm(member)) members.get(member.group)?.push(member);
  }
  return members;
}

/** Those that count for the desired capacity. */
export const countCapacity = (members: readonly Member[]): number =>
  members.filter((member) => !/^(?:Terminat|Standby|Detach)/.test(lifecycleOf(member))).length;
