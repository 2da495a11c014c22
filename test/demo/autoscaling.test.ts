import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeInstanceRefreshesCommand,
  DescribeScalingActivitiesCommand,
  paginateDescribeScalingActivities,
  SetInstanceProtectionCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { type Test, test } from "tap";
import { days, minutes, seconds } from "../../lib/core/time.ts";
import { anAutoScalingGroup, anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import { startRegions } from "./ec2-clients.ts";
import { declaredError } from "./offline-clients.ts";

const now = days(20_000);
const id = (end: number): string => `i-0${String(end).padStart(16, "0")}`;

/** Group `web` of two, whose replacements take a minute; a third instance is in none. */
async function startGroup(t: Test, options: Parameters<typeof startRegions>[2] = {}) {
  const clock = { now };
  const west = aRegion({
    name: "eu-west-1",
    instances: [
      anInstance({ id: id(1), autoScalingGroup: "web", tags: { Name: "web", dirty: "skunked" } }),
      anInstance({ id: id(2), autoScalingGroup: "web", isTerminationProtected: true }),
      anInstance({ id: id(3) }),
    ],
    autoScalingGroups: [anAutoScalingGroup({ name: "web", tags: { project: "shop" }, launchMs: minutes(1) })],
    transitionMs: seconds(30),
  });
  const offline = await startRegions(t, [west], { now: () => clock.now, ...options });
  const client = new AutoScalingClient(offline.configFor("eu-west-1"));
  const [group] = offline.region.autoScalingGroups;
  if (group === undefined) throw new Error("no group was built");
  const describe = async () =>
    (await client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["web"] })))
      .AutoScalingGroups?.[0];
  return {
    ...{ ...offline, clock, client, group, describe },
    states: async () =>
      Object.fromEntries(((await describe())?.Instances ?? []).map((one) => [one.InstanceId, one.LifecycleState])),
    terminate: (InstanceId: string, ShouldDecrementDesiredCapacity = false) =>
      client.send(new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity })),
    activities: async () =>
      (await client.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: "web" }))).Activities ?? [],
  };
}

test("a member is terminated in EC2 as well, and another comes in its place by the clock", async (t) => {
  const { aws, ec2, clock, describe, states, terminate, activities } = await startGroup(t);
  const { Activity } = await terminate(id(1));
  t.match(Activity, {
    ...{ AutoScalingGroupName: "web", StatusCode: "InProgress", StartTime: new Date(now), Progress: 0 },
    Description: `Terminating EC2 instance: ${id(1)}`,
  });
  const replacement = Object.keys(await states()).find((one) => ![id(1), id(2)].includes(one)) ?? "";
  t.strictSame(await states(), { [id(1)]: "Terminating", [id(2)]: "InService", [replacement]: "Pending" });
  t.equal((await describe())?.DesiredCapacity, 2);
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id(1), replacement] }));
  t.strictSame(Reservations?.flatMap(({ Instances = [] }) => Instances.map((one) => one.State?.Name)).sort(), [
    "pending",
    "shutting-down",
  ]);
  const fresh = Reservations?.flatMap(({ Instances = [] }) => Instances).find((one) => one.InstanceId === replacement);
  t.strictSame(
    fresh?.Tags?.map(({ Key }) => Key).sort(),
    ["aws:autoscaling:groupName", "project"],
    "with the group's tags, and not with what was put on the old one",
  );
  t.strictSame(
    (await activities()).map(({ StatusCode }) => StatusCode),
    ["InProgress", "InProgress"],
  );
  clock.now += seconds(30);
  t.strictSame(await states(), { [id(2)]: "InService", [replacement]: "Pending" });
  t.match(
    (await activities()).map(({ StatusCode, EndTime, Description }) => [StatusCode, EndTime, Description]),
    [
      ["InProgress", undefined, /^Launching a new EC2 instance/],
      ["Successful", new Date(now + seconds(30)), /^Terminating/],
    ],
    "those in progress first",
  );
  clock.now += seconds(30);
  t.strictSame(await states(), { [id(2)]: "InService", [replacement]: "InService" });
  t.strictSame(
    aws.writes().map(({ action, parameters }) => [action, parameters]),
    [
      [
        "autoscaling:TerminateInstanceInAutoScalingGroup",
        { InstanceId: id(1), ShouldDecrementDesiredCapacity: "false" },
      ],
    ],
  );
});

test("with the desired capacity decremented, nothing comes in its place", async (t) => {
  const { describe, states, terminate } = await startGroup(t);
  await terminate(id(1), true);
  t.strictSame(await states(), { [id(1)]: "Terminating", [id(2)]: "InService" });
  t.equal((await describe())?.DesiredCapacity, 1);
});

test("with Launch suspended nothing comes, and the group has less than it desires", async (t) => {
  const { group, clock, describe, states, terminate } = await startGroup(t);
  group.suspended.add("Launch");
  t.match(await describe(), { SuspendedProcesses: [{ ProcessName: "Launch" }] });
  await terminate(id(1));
  clock.now += minutes(5);
  t.strictSame(await states(), { [id(2)]: "InService" });
  t.equal((await describe())?.DesiredCapacity, 2);
});

test("neither scale-in protection nor termination protection keeps a group from it", async (t) => {
  const { client, states, terminate } = await startGroup(t);
  const protect = (...InstanceIds: string[]) =>
    client.send(
      new SetInstanceProtectionCommand({ AutoScalingGroupName: "web", InstanceIds, ProtectedFromScaleIn: true }),
    );
  await protect(id(2));
  const members = await client.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [id(1), id(2)] }));
  t.strictSame(
    members.AutoScalingInstances?.map((one) => [one.ProtectedFromScaleIn, one.HealthStatus]),
    [
      [false, "HEALTHY"],
      [true, "HEALTHY"],
    ],
  );
  await terminate(id(2));
  t.match(await states(), { [id(2)]: "Terminating" });
  t.match(await declaredError(protect(id(1), id(3))), { name: "ValidationError", status: 400 });
  t.match(await declaredError(protect(...Array<string>(51).fill(id(1)))), { name: "ValidationError" });
});

test("what can't be terminated:", async (t) => {
  const { aws, client, group, terminate } = await startGroup(t);
  t.strictSame(await declaredError(terminate(id(3))), {
    ...{ name: "ValidationError", status: 400 },
    message: `Instance Id not found - No managed instance found for instance ID ${id(3)}`,
  });
  t.match(await declaredError(terminate(id(9))), { name: "ValidationError" }, "unknown");
  group.lifecycles.set(id(2), "Warmed:Running");
  t.match(await declaredError(terminate(id(2))), { name: "ValidationError" }, "in the warm pool");
  await terminate(id(1));
  // Named by its code, as the SDK has it.
  t.match(await declaredError(terminate(id(1))), { name: /^ScalingActivityInProgress/, status: 400 }, "twice");
  const unsaid = new TerminateInstanceInAutoScalingGroupCommand({
    InstanceId: id(1),
    ShouldDecrementDesiredCapacity: undefined,
  });
  t.match(await declaredError(client.send(unsaid)), { name: "ValidationError" }, "without saying what is desired");
  t.equal(aws.writes().length, 1);
});

test("permissions are asked for by group", async (t) => {
  const { terminate } = await startGroup(t, {
    denials: [{ action: "autoscaling:TerminateInstanceInAutoScalingGroup", parameters: { InstanceId: id(1) } }],
  });
  t.match(await declaredError(terminate(id(1))), {
    ...{ name: "AccessDenied", status: 403 },
    message: /on resource: arn:aws:autoscaling:eu-west-1:\d{12}:autoScalingGroup:\*:autoScalingGroupName\/web /,
  });
  t.equal(await declaredError(terminate(id(2))), undefined);
});

test("a group says what it is at", async (t) => {
  const { client, group, describe } = await startGroup(t);
  group.unhealthy.add(id(1));
  group.lifecycles.set(id(2), "Standby");
  group.warmPool = { takesBack: true };
  group.status = "Delete in progress";
  t.match(await describe(), {
    ...{ DesiredCapacity: 1, Status: "Delete in progress" },
    WarmPoolConfiguration: { InstanceReusePolicy: { ReuseOnScaleIn: true } },
    Instances: [{ HealthStatus: "Unhealthy", LifecycleState: "InService" }, { LifecycleState: "Standby" }],
  });
  group.lifecycles.set(id(2), "Warmed:Stopped");
  t.match((await describe())?.Instances, { length: 1 }, "its warm pool is no part of it");
  const members = await client.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [id(2)] }));
  t.match(members.AutoScalingInstances, [{ LifecycleState: "Warmed:Stopped", AutoScalingGroupName: "web" }]);
});

test("refreshes and activities are of one group, and paged", async (t) => {
  const { client, group } = await startGroup(t);
  const refresh = (AutoScalingGroupName: string) =>
    client.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName }));
  t.strictSame((await refresh("web")).InstanceRefreshes ?? [], []);
  group.refreshes.push({ id: "r-1", status: "Baking", startedAt: now });
  t.match((await refresh("web")).InstanceRefreshes, [{ InstanceRefreshId: "r-1", Status: "Baking" }]);
  t.match(await declaredError(refresh("api")), { name: "ValidationError", status: 400 });
  for (let at = 0; at < 120; at += 1)
    group.activities.push({
      ...{ id: `a-${at}`, description: "", cause: "", startedAt: now - at * 1000 },
      endsAt: at === 119 ? now + 1 : now,
    });
  const found: (string | undefined)[] = [];
  const pages: number[] = [];
  for await (const page of paginateDescribeScalingActivities(
    { client, pageSize: 100 },
    { AutoScalingGroupName: "web" },
  )) {
    pages.push(page.Activities?.length ?? 0);
    found.push(...(page.Activities ?? []).map(({ ActivityId }) => ActivityId));
  }
  t.strictSame(pages, [100, 20]);
  t.strictSame([found[0], found[1], found.at(-1)], ["a-119", "a-0", "a-118"], "in progress, then the newest");
});
