import type { AutoScalingGroup, GroupLook, GroupMember } from "../core/auto-scaling.ts";
import type { Millis } from "../core/time.ts";
import { formatDuration } from "../settings/duration.ts";

/** Why a member of a group is left alone: the name under which it is counted, and what people read. */
export interface RecycleRefusal {
  readonly gate: string;
  readonly says: string;
}

const refuse = (gate: string, says: string): RecycleRefusal => ({ gate, says });

/** What of the instance itself stands in the way. */
export function refuseMember({ lifecycle, isProtected }: GroupMember): RecycleRefusal | undefined {
  if (isWarm(lifecycle)) return refuse("warm_pool", `it is in its group's warm pool: ${lifecycle}`);
  if (lifecycle !== inService) return refuse("not_in_service", `it is ${lifecycle} in its group`);
  // AWS would terminate it all the same (Use instance scale-in protection, Amazon EC2 Auto Scaling user guide).
  return isProtected ? refuse("scale_in_protected", "it is protected from scale-in") : undefined;
}

/** What of a group stands in the way of any of its members, as long as it does. */
export function refuseGroup(look: GroupLook, now: Millis): RecycleRefusal | undefined {
  const { group, refreshes } = look;
  const name = JSON.stringify(group.name);
  if (group.operator !== undefined)
    return refuse("managed_group", `group ${name} is operated by ${JSON.stringify(group.operator)}`);
  if (group.reusesInstances) return refuse("warm_pool", `group ${name} takes instances back into its warm pool`);
  const [suspended] = neededProcesses.filter((process) => group.suspended.includes(process));
  if (suspended !== undefined) return refuse("process_suspended", `group ${name} has ${suspended} suspended`);
  const refresh = refreshes.find((status) => !endedRefreshes.includes(status));
  if (refresh !== undefined) return refuse("instance_refresh", `group ${name} has an instance refresh: ${refresh}`);
  const broken = sayBroken(look);
  if (broken !== undefined) return refuse("group_not_whole", `group ${name} ${broken}`);
  if (look.quietSince !== undefined && now - look.quietSince < group.grace)
    return refuse("group_settling", `group ${name} gives new instances ${formatDuration(group.grace)} of grace`);
  return group.desired < leastMembers
    ? refuse("group_too_small", `group ${name} has ${group.desired} healthy in service, and needs ${leastMembers}`)
    : undefined;
}

const inService = "InService";

/** Another one does the work while the replacement starts. */
const leastMembers = 2;

/**
 * Without Launch nothing takes the instance's place, without AddToLoadBalancer nothing is sent there, and without
 * HealthCheck nobody knows whether it works. Without Terminate, whoever suspended it wants nothing terminated. The others
 * have no part in it: AZRebalance and ReplaceUnhealthy only call Launch and Terminate for reasons of their own (How
 * suspended processes affect other processes, Amazon EC2 Auto Scaling user guide).
 */
const neededProcesses = ["Launch", "Terminate", "AddToLoadBalancer", "HealthCheck"] as const;

/** Any other goes on, such as `Baking`, or is one that comes yet (InstanceRefresh, API reference). */
const endedRefreshes = ["Successful", "Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed"];

/** Any other goes on (Activity, API reference). */
const endedActivities = ["Successful", "Failed", "Cancelled"];

/** What keeps a group from being whole: until it is, nothing more is taken from it. */
function sayBroken({ group, activities }: GroupLook): string | undefined {
  if (group.status !== undefined) return `is being deleted: ${group.status}`;
  const changing = group.members.find(({ lifecycle }) => !isAtRest(lifecycle));
  if (changing !== undefined) return `has ${changing.instanceId} ${changing.lifecycle}`;
  const healthy = countHealthy(group);
  if (healthy !== group.desired) return `has ${healthy} healthy in service of ${group.desired} desired`;
  const activity = activities.find((status) => !endedActivities.includes(status));
  return activity === undefined ? undefined : `has a scaling activity: ${activity}`;
}

export const countHealthy = ({ members }: Pick<AutoScalingGroup, "members">): number =>
  members.filter(({ lifecycle, isHealthy }) => lifecycle === inService && isHealthy).length;

/** Retained ones may stay for weeks, and count for nothing (Manage retained instances, Amazon EC2 Auto Scaling user guide). */
const isAtRest = (lifecycle: string): boolean =>
  lifecycle === inService || lifecycle === "Standby" || lifecycle === retained || isWarm(lifecycle);

const retained = "Terminating:Retained";

const isWarm = (lifecycle: string): boolean => lifecycle.startsWith("Warmed:");

/** On its way out of the group, or out of it: from there no way leads back into service. */
export const isLeaving = (lifecycle: string): boolean => lifecycle.startsWith("Terminat");
