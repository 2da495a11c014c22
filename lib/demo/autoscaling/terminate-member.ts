import { createHash } from "node:crypto";
import { formatInstant } from "../../core/time.ts";
import { AwsError, validationError } from "../aws-error.ts";
import type { Instance } from "../ec2/instance.ts";
import { depart } from "../ec2/instance-state.ts";
import type { Answer, Call, Operation } from "../operation.ts";
import { readFlag, requireText } from "../parameters.ts";
import { regionOf } from "../requested-region.ts";
import { describeActivity } from "./activities.ts";
import type { Activity } from "./group.ts";
import { countCapacity, findMember, isWarm, lifecycleOf, listMembers, type Member } from "./members.ts";
import { groupArn } from "./requested-group.ts";

/**
 * Whatever protection the instance has: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-protection.html.
 * What AWS does while the group's process Terminate is suspended is not published; here it terminates.
 */
export const terminateInstanceInAutoScalingGroup: Operation = {
  action: "TerminateInstanceInAutoScalingGroup",
  resource: (call) => groupArn(call, findMember(call, String(call.parameters.InstanceId))?.group.name ?? "*"),
  isWrite: true,
  answer(call) {
    // Both are required.
    requireText(call.parameters, "ShouldDecrementDesiredCapacity");
    const member = requestedMember(call);
    return { Activity: terminate(call, member, readFlag(call.parameters, "ShouldDecrementDesiredCapacity")) };
  },
};

function requestedMember(call: Call): Member {
  const id = requireText(call.parameters, "InstanceId");
  const member = findMember(call, id);
  if (member === undefined)
    throw validationError(`Instance Id not found - No managed instance found for instance ID ${id}`);
  if (isWarm(member)) throw validationError(`The instance ${id} is in a warm pool.`);
  if (lifecycleOf(member).startsWith("Terminat"))
    throw new AwsError("ScalingActivityInProgress", 400, `Instance ${id} is already being terminated.`);
  return member;
}

function terminate(call: Call, member: Member, isDecremented: boolean): Answer {
  const { now } = call;
  const { instance, group } = member;
  const region = regionOf(call);
  const capacity = group.desired ?? countCapacity(listMembers(call, [group]).get(group) ?? []);
  group.desired = isDecremented ? capacity - 1 : capacity;
  group.lifecycles.delete(instance.id);
  depart(instance, { by: "shutting-down", to: "terminated", now, takes: region.transitionMs });
  region.instances.keep(instance);
  const termination = newActivity(call, {
    description: `Terminating EC2 instance: ${instance.id}`,
    cause: `At ${formatInstant(now)} instance ${instance.id} was taken out of service in response to a user request.`,
    takes: region.transitionMs,
  });
  group.activities.push(termination);
  if (!isDecremented && !group.suspended.has("Launch")) launch(call, member);
  return describeActivity(termination, group.name, now);
}

/** At once, while AWS may take a minute: what is pending keeps a group from being whole as well as what is missing. */
function launch(call: Call, { instance, group }: Member): void {
  const { now } = call;
  const replacement: Instance = {
    ...instance,
    id: `i-0${digest(`${instance.id} replaced`).slice(0, 16)}`,
    reservationId: `r-0${digest(`${instance.id} replaced`).slice(0, 16)}`,
    state: "pending",
    arrival: { state: "running", at: now + group.launchMs },
    createdAt: now,
    launchedAt: now,
    haltedAt: undefined,
    tags: new Map([...group.tags, ["aws:autoscaling:groupName", group.name]]),
    isTerminationProtected: false,
    isStopProtected: false,
  };
  regionOf(call).instances.keep(replacement);
  const description = `Launching a new EC2 instance: ${replacement.id}`;
  const cause = `At ${formatInstant(now)} an instance was launched in response to an unhealthy or missing instance.`;
  group.activities.push(newActivity(call, { description, cause, takes: group.launchMs }));
}

interface Doing {
  readonly description: string;
  readonly cause: string;
  readonly takes: number;
}

const newActivity = ({ now }: Call, { description, cause, takes }: Doing): Activity => ({
  id: digest(`${description} ${now}`).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5"),
  ...{ description, cause, startedAt: now, endsAt: now + takes },
});

const digest = (origin: string): string => createHash("sha256").update(origin).digest("hex");
