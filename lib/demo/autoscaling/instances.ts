import { validationError } from "../aws-error.ts";
import type { Operation } from "../operation.ts";
import { readTexts } from "../parameters.ts";
import { regionOf } from "../requested-region.ts";
import { describeMember, findMember, isHealthy } from "./members.ts";
import { takeAutoScalingPage } from "./pages.ts";

const mostIds = 50;

/** Instances of no group are left out, even when they are named. */
export const describeAutoScalingInstances: Operation = {
  action: "DescribeAutoScalingInstances",
  resource: () => "*",
  answer(call) {
    const ids = readTexts(call.parameters, "InstanceIds");
    if (ids.length > mostIds)
      throw validationError(`The number of instance ids that may be passed in is limited to ${mostIds}`);
    const listing = {
      items: ids.length > 0 ? [...new Set(ids)].sort() : regionOf(call).instances.ids(),
      orderOf: (id: string) => id,
      keeps: (id: string) => findMember(call, id) !== undefined,
    };
    const { items, end } = takeAutoScalingPage(call, listing, mostIds);
    const members = items.flatMap((id) => findMember(call, id) ?? []);
    return {
      AutoScalingInstances: members.map((member) => ({
        ...describeMember(member),
        // In capitals, other than as a member of its group (AutoScalingInstanceDetails, API reference).
        HealthStatus: isHealthy(member) ? "HEALTHY" : "UNHEALTHY",
        AutoScalingGroupName: member.group.name,
      })),
      ...end,
    };
  },
};
