import { validationError } from "../aws-error.ts";
import type { Answer, Call, Operation } from "../operation.ts";
import { type RequestParameters, readText, readTexts } from "../parameters.ts";
import { regionOf } from "../requested-region.ts";
import type { AutoScalingGroup } from "./group.ts";
import { describeMember, findMember, type Member } from "./members.ts";
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

/** One walk through the region for all groups of a page. */
function listMembers(call: Call, groups: readonly AutoScalingGroup[]): ReadonlyMap<AutoScalingGroup, Member[]> {
  const members = new Map(groups.map((group) => [group, [] as Member[]]));
  if (groups.length === 0) return members;
  for (const id of regionOf(call).instances.ids()) {
    const member = findMember(call, id);
    if (member !== undefined) members.get(member.group)?.push(member);
  }
  return members;
}

function describeGroup(
  { caller: { account }, region }: Call,
  { name, createdAt, tags }: AutoScalingGroup,
  members: readonly Member[],
): Answer {
  return {
    AutoScalingGroupName: name,
    AutoScalingGroupARN: `arn:${account.partition}:autoscaling:${region}:${account.id}:autoScalingGroup:${name}:autoScalingGroupName/${name}`,
    MinSize: 0,
    MaxSize: Math.max(10, members.length),
    DesiredCapacity: members.length,
    DefaultCooldown: 300,
    AvailabilityZones: [...new Set(members.map(({ instance }) => instance.zone))].sort(),
    HealthCheckType: "EC2",
    HealthCheckGracePeriod: 300,
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
