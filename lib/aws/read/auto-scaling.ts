import {
  type Activity,
  type AutoScalingClient,
  type AutoScalingInstanceDetails,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeInstanceRefreshesCommand,
  DescribeScalingActivitiesCommand,
  type AutoScalingGroup as SdkGroup,
  type Instance as SdkMember,
} from "@aws-sdk/client-auto-scaling";
import type { AutoScalingGroup, GroupLook, GroupMember } from "../../core/auto-scaling.ts";
import { seconds } from "../../core/time.ts";
import { type Calling, call } from "../call.ts";
import { autoScalingReadActions as actions } from "../read-actions.ts";
import { groupIds, type SomeIds } from "../some-ids.ts";
import { allPages } from "./pages.ts";
import { present } from "./present.ts";

/** How many ids one call takes (DescribeAutoScalingInstances, Amazon EC2 Auto Scaling API reference). */
const mostIds = 50;

/** The largest page of refreshes and of activities. */
const pageSize = 100;

/** Those of these instances that are members of groups or of their warm pools. */
export async function describeMembers(
  { client, stop }: Calling<AutoScalingClient>,
  ids: SomeIds,
): Promise<readonly GroupMember[]> {
  const action = actions.describeMembers;
  const members: GroupMember[] = [];
  for (const group of groupIds(ids, mostIds)) {
    const pages = allPages(action, async (marker) => {
      const page = await call(action, stop, () =>
        client.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: group, NextToken: marker }), {
          abortSignal: stop,
        }),
      );
      return { items: page.AutoScalingInstances ?? [], next: page.NextToken || undefined };
    });
    for await (const page of pages)
      for (const one of page)
        members.push(asMember(action, one, present(action, "AutoScalingGroupName", one.AutoScalingGroupName)));
  }
  return members;
}

/** A group with what goes on in it; undefined where there is none of this name. */
export async function lookAtGroup(calling: Calling<AutoScalingClient>, name: string): Promise<GroupLook | undefined> {
  const group = await findGroup(calling, name);
  if (group === undefined) return undefined;
  const [refreshes, activities] = await Promise.all([listRefreshes(calling, name), listActivities(calling, name)]);
  const ends = activities.flatMap(({ EndTime }) => EndTime?.getTime() ?? []);
  return {
    ...{ group, refreshes, quietSince: ends.length > 0 ? Math.max(...ends) : undefined },
    activities: activities.map(({ StatusCode }) => present(actions.listActivities, "StatusCode", StatusCode)),
  };
}

async function findGroup(
  { client, stop }: Calling<AutoScalingClient>,
  name: string,
): Promise<AutoScalingGroup | undefined> {
  const action = actions.describeGroups;
  const pages = allPages(action, async (marker) => {
    const page = await call(action, stop, () =>
      client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name], NextToken: marker }), {
        abortSignal: stop,
      }),
    );
    return { items: page.AutoScalingGroups ?? [], next: page.NextToken || undefined };
  });
  for await (const page of pages) {
    const found = page.find(({ AutoScalingGroupName }) => AutoScalingGroupName === name);
    if (found !== undefined) return asGroup(action, name, found);
  }
  return undefined;
}

const asGroup = (action: string, name: string, group: SdkGroup): AutoScalingGroup => ({
  name,
  desired: present(action, "DesiredCapacity", group.DesiredCapacity),
  members: (group.Instances ?? []).map((one) => asMember(action, one, name)),
  suspended: (group.SuspendedProcesses ?? []).map(({ ProcessName }) => present(action, "ProcessName", ProcessName)),
  status: group.Status,
  reusesInstances: group.WarmPoolConfiguration?.InstanceReusePolicy?.ReuseOnScaleIn === true,
  // What AWS itself waits for where it replaces members one by one (StartInstanceRefresh, InstanceWarmup).
  grace: seconds(Math.max(group.HealthCheckGracePeriod ?? 0, group.DefaultInstanceWarmup ?? 0)),
  operator: group.Operator?.Principal,
});

/** One call says `Healthy`, the other `HEALTHY`. */
const asMember = (action: string, member: SdkMember | AutoScalingInstanceDetails, group: string): GroupMember => ({
  instanceId: present(action, "InstanceId", member.InstanceId),
  group,
  lifecycle: present(action, "LifecycleState", member.LifecycleState),
  isHealthy: present(action, "HealthStatus", member.HealthStatus).toLowerCase() === "healthy",
  isProtected: present(action, "ProtectedFromScaleIn", member.ProtectedFromScaleIn),
});

async function listRefreshes({ client, stop }: Calling<AutoScalingClient>, name: string): Promise<readonly string[]> {
  const action = actions.listRefreshes;
  const pages = allPages(action, async (marker) => {
    const page = await call(action, stop, () =>
      client.send(
        new DescribeInstanceRefreshesCommand({
          AutoScalingGroupName: name,
          MaxRecords: pageSize,
          NextToken: marker,
        }),
        { abortSignal: stop },
      ),
    );
    return { items: page.InstanceRefreshes ?? [], next: page.NextToken || undefined };
  });
  const statuses: string[] = [];
  for await (const page of pages) statuses.push(...page.map(({ Status }) => present(action, "Status", Status)));
  return statuses;
}

/** Activities in progress are described first (DescribeScalingActivities, API reference): no page behind them is read. */
async function listActivities(
  { client, stop }: Calling<AutoScalingClient>,
  name: string,
): Promise<readonly Activity[]> {
  const action = actions.listActivities;
  const pages = allPages(action, async (marker) => {
    const page = await call(action, stop, () =>
      client.send(
        new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name, MaxRecords: pageSize, NextToken: marker }),
        { abortSignal: stop },
      ),
    );
    return { items: page.Activities ?? [], next: page.NextToken || undefined };
  });
  // A page may be empty and not be the last.
  for await (const page of pages) if (page.length > 0) return page;
  return [];
}
