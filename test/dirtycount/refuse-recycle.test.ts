import { test } from "tap";
import type { AutoScalingGroup, GroupLook, GroupMember } from "../../lib/core/auto-scaling.ts";
import { seconds } from "../../lib/core/time.ts";
import { countHealthy, isLeaving, refuseGroup, refuseMember } from "../../lib/dirtycount/refuse-recycle.ts";
import { now } from "../support/marks.ts";
import { aGroupMember } from "../support/recycle-acting.ts";

const members: readonly { name: string; said: Partial<GroupMember>; want?: object }[] = [
  { name: "in service", said: {} },
  {
    name: "protected from scale-in, which AWS would pass over",
    said: { isProtected: true },
    want: { gate: "scale_in_protected", says: "it is protected from scale-in" },
  },
  {
    name: "in the warm pool, though it runs",
    said: { lifecycle: "Warmed:Running" },
    want: { gate: "warm_pool", says: "it is in its group's warm pool: Warmed:Running" },
  },
  {
    name: "on its way in",
    said: { lifecycle: "Pending:Wait" },
    want: { gate: "not_in_service", says: "it is Pending:Wait in its group" },
  },
  { name: "on its way out", said: { lifecycle: "Terminating" }, want: { gate: "not_in_service" } },
  { name: "set aside by a person", said: { lifecycle: "Standby" }, want: { gate: "not_in_service" } },
];

for (const { name, said, want } of members) {
  test(`a member that is ${name}`, async (t) => {
    const refusal = refuseMember(aGroupMember(said));
    if (want === undefined) t.equal(refusal, undefined);
    else t.match(refusal, want);
  });
}

interface Said extends Partial<Omit<GroupLook, "group">>, Partial<Omit<AutoScalingGroup, "members">> {
  /** Beside two in service. */
  readonly others?: readonly Partial<GroupMember>[];
}

const aLook = ({ others = [], refreshes = [], activities = [], quietSince, ...group }: Said): GroupLook => ({
  group: {
    ...{
      name: "web",
      desired: 2,
      suspended: [],
      status: undefined,
      reusesInstances: false,
      grace: 0,
      operator: undefined,
    },
    members: [{}, {}, ...others].map((said, index) => aGroupMember({ instanceId: `i-${index}`, ...said })),
    ...group,
  },
  ...{ refreshes, activities, quietSince },
});

const whole = (says: string) => ({ gate: "group_not_whole", says: `group "web" ${says}` });

const groups: readonly { name: string; said: Said; want?: object }[] = [
  { name: "as many healthy in service as desired", said: {} },
  {
    name: "others that count for nothing",
    said: { others: [{ lifecycle: "Standby" }, { lifecycle: "Warmed:Stopped" }] },
  },
  {
    name: "one that was retained at its end, maybe weeks ago",
    said: { others: [{ lifecycle: "Terminating:Retained" }] },
  },
  {
    name: "processes suspended that have no part in it",
    said: {
      suspended: ["AZRebalance", "ReplaceUnhealthy", "AlarmNotification", "ScheduledActions", "InstanceRefresh"],
    },
  },
  {
    name: "refreshes that have ended",
    said: { refreshes: ["Successful", "Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed"] },
  },
  { name: "activities that have ended", said: { activities: ["Successful", "Failed", "Cancelled"] } },
  ...["Launch", "Terminate", "AddToLoadBalancer", "HealthCheck"].map((process) => ({
    name: `${process} suspended`,
    said: { suspended: ["AZRebalance", process] },
    want: { gate: "process_suspended", says: `group "web" has ${process} suspended` },
  })),
  ...["Pending", "InProgress", "Cancelling", "RollbackInProgress", "Baking", "WhateverComesYet"].map((status) => ({
    name: `an instance refresh that is ${status}`,
    said: { refreshes: ["Successful", status] },
    want: { gate: "instance_refresh", says: `group "web" has an instance refresh: ${status}` },
  })),
  ...["InProgress", "WaitingForInstanceWarmup", "MidLifecycleAction", "WhateverComesYet"].map((status) => ({
    name: `an activity that is ${status}`,
    said: { activities: [status, "Successful"] },
    want: whole(`has a scaling activity: ${status}`),
  })),
  ...["Pending", "Pending:Wait", "Terminating", "Terminating:Wait", "Detaching", "EnteringStandby"].map(
    (lifecycle) => ({
      name: `another member ${lifecycle}`,
      said: { others: [{ lifecycle }] },
      want: whole(`has i-2 ${lifecycle}`),
    }),
  ),
  { name: "more desired than in service", said: { desired: 3 }, want: whole("has 2 healthy in service of 3 desired") },
  {
    name: "less desired than in service",
    said: { desired: 2, others: [{}] },
    want: whole("has 3 healthy in service of 2 desired"),
  },
  {
    name: "an unhealthy one among those desired",
    said: { desired: 3, others: [{ isHealthy: false }] },
    want: whole("has 2 healthy in service of 3 desired"),
  },
  {
    name: "a newcomer that counts as healthy whatever it is",
    said: { grace: seconds(300), quietSince: now - seconds(300) + 1 },
    want: { gate: "group_settling", says: 'group "web" gives new instances 5m of grace' },
  },
  { name: "a newcomer whose grace is over", said: { grace: seconds(300), quietSince: now - seconds(300) } },
  { name: "grace, and nobody who has come for weeks", said: { grace: seconds(300) } },
  {
    name: "its end ahead",
    said: { status: "Delete in progress" },
    want: whole("is being deleted: Delete in progress"),
  },
  {
    name: "a warm pool that takes instances back",
    said: { reusesInstances: true },
    want: { gate: "warm_pool", says: 'group "web" takes instances back into its warm pool' },
  },
  {
    name: "a service that operates it",
    said: { operator: "eks.amazonaws.com" },
    want: { gate: "managed_group", says: 'group "web" is operated by "eks.amazonaws.com"' },
  },
];

for (const { name, said, want } of groups) {
  test(`a group with ${name}`, async (t) => t.strictSame(refuseGroup(aLook(said), now), want));
}

test("a group of one has nobody to do the work meanwhile", async (t) => {
  const { group, ...look } = aLook({ desired: 1 });
  const alone = { ...look, group: { ...group, members: group.members.slice(0, 1) } };
  t.strictSame(refuseGroup(alone, now), {
    gate: "group_too_small",
    says: 'group "web" has 1 healthy in service, and needs 2',
  });
});

test("healthy in service are both healthy and in service", async (t) => {
  const { group } = aLook({ others: [{ isHealthy: false }, { lifecycle: "Pending" }, {}] });
  t.equal(countHealthy(group), 3);
});

test("leaving is what leads nowhere but out", async (t) => {
  const leaving = ["Terminating", "Terminating:Wait", "Terminating:Proceed", "Terminating:Retained", "Terminated"];
  for (const lifecycle of leaving) t.ok(isLeaving(lifecycle), lifecycle);
  for (const lifecycle of ["InService", "Detaching", "Standby", "Warmed:Terminating"])
    t.notOk(isLeaving(lifecycle), lifecycle);
});
