import { validationError } from "../aws-error.ts";
import type { Answer, Call, Operation } from "../operation.ts";
import { type RequestParameters, readText, readTexts } from "../parameters.ts";
import { regionOf } from "../requested-region.ts";
import type { AutoScalingGroup } from "./group.ts";
import { countCapacity, describeMember, listMembers, type Member } from "./members.ts";
import { takeAutoScalingPage } from "./pages.ts";

/** Unknown names are left out. */
export const describeAutoScalingGroups: Operation = {
  action: "DescribeAutoScalingGroups",
  resource: () => "*",
  answer(call) {
    const names = readTexts(call.parameters, "AutoScalingGroupNames");
    const matches = readFilters(call);
    const listing = {
      items: [...regionOf(call).autoScalingGroups].sort((a, b) => (a.name < b.name ? -1 : 1)),
      orderOf: ({ name }: AutoScalingGroup) => name,
      keeps: (group: AutoScalingGroup) => (names.length === 0 || names.includes(group.name)) && matches(group),
    };
    const { items, end } = takeAutoScalingPage(call, listing, 100);
    const members = listMembers(call, items);
    return {
      AutoScalingGroups: items.map((group) => describeGroup(call, group, members.get(group) ?? [])),
      ...end,
    };
  },
};

function describeGroup(
  { caller: { account }, region }: Call,
  group: AutoScalingGroup,
  members: readonly Member[],
): Answer {
  const { name, createdAt, tags, warmPool } = group;
  return {
    AutoScalingGroupName: name,
    AutoScalingGroupARN: `arn:${account.partition}:autoscaling:${region}:${account.id}:autoScalingGroup:${name}:autoScalingGroupName/${name}`,
    MinSize: 0,
    MaxSize: Math.max(10, members.length),
    DesiredCapacity: group.desired ?? countCapacity(members),
    DefaultCooldown: 300,
    AvailabilityZones: [...new Set(members.map(({ instance }) => instance.zone))].sort(),
    HealthCheckType: "EC2",
    HealthCheckGracePeriod: group.graceMs / 1000,
    CreatedTime: new Date(createdAt),
    Instances: members.map(describeMember),
    Tags: Array.from(tags, ([Key, Value]) => ({
      Key,
      Value,
      PropagateAtLaunch: true,
      ResourceId: name,
      ResourceType: "auto-scaling-group",
    })),
    TerminationPolicies: ["Default"],
    NewInstancesProtectedFromScaleIn: false,
    SuspendedProcesses: [...group.suspended].map((ProcessName) => ({
      ProcessName,
      SuspensionReason: "User suspended",
    })),
    WarmPoolConfiguration: warmPool && {
      MinSize: 0,
      PoolState: "Stopped",
      InstanceReusePolicy: { ReuseOnScaleIn: warmPool.takesBack },
    },
    Status: group.status,
  };
}

function readFilters({ parameters }: Call): (group: AutoScalingGroup) => boolean {
  const { Filters: given } = parameters;
  // A form's list of filters is a list of records.
  const filters = Array.isArray(given) ? (given as readonly RequestParameters[]) : [];
  const tests = filters.map((filter) => testTags(readText(filter, "Name") ?? "", readTexts(filter, "Values")));
  return ({ tags }) => tests.every((test) => test(tags));
}

function testTags(name: string, values: readonly string[]): (tags: AutoScalingGroup["tags"]) => boolean {
  if (name === "tag-key") return (tags) => values.some((key) => tags.has(key));
  if (name === "tag-value") return (tags) => [...tags.values()].some((value) => values.includes(value));
  if (name.startsWith("tag:")) return (tags) => values.includes(tags.get(name.slice("tag:".length)) ?? "");
  throw validationError(`Filter type ${name} is not correct. Allowed Filter types are: tag-key, tag-value, tag:key`);
}
