import { type Test, test } from "tap";
import { autoScalingClient, autoScalingWriteClient } from "../../lib/aws/client/auto-scaling.ts";
import { describeMembers, lookAtGroup } from "../../lib/aws/read/auto-scaling.ts";
import { regionalSession } from "../../lib/aws/regional-session.ts";
import { terminateMember } from "../../lib/aws/write/auto-scaling.ts";
import { failureCodeOf } from "../../lib/core/errors.ts";
import { days, minutes } from "../../lib/core/time.ts";
import type { CallRule, Fault } from "../../lib/demo/call-rules.ts";
import { type OfflineAws, type OfflineAwsOptions, startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { anAccount, anOrganization } from "../../lib/demo/scenario/builders.ts";
import { anAutoScalingGroup, anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import { anIntent } from "../support/an-intent.ts";
import { openOfflineSession } from "../support/offline-session.ts";

const now = days(20_000);
const region = "eu-west-1";
const stop = new AbortController().signal;
const id = (end: number): string => `i-0${String(end).padStart(16, "0")}`;

interface Said extends Partial<OfflineAwsOptions> {
  readonly members?: number;
  readonly faults?: readonly Fault[];
  readonly denials?: readonly CallRule[];
}

async function start(t: Test, { members = 2, faults = [], denials = [], ...options }: Said = {}) {
  const instances = Array.from({ length: members }, (_, at) => anInstance({ id: id(at), autoScalingGroup: "web" }));
  const autoScalingGroups = [
    anAutoScalingGroup({ name: "web", launchMs: minutes(1) }),
    anAutoScalingGroup({ name: "web-2" }),
  ];
  const regions = [aRegion({ name: region, instances, autoScalingGroups, transitionMs: minutes(1) })];
  const scenario = anOrganization({ accounts: [anAccount({ regions })], faults, denials });
  const aws = await startOfflineAws({ scenario, now: () => now, ...options });
  t.teardown(() => aws.close());
  const session = regionalSession(openOfflineSession(t, aws), region);
  const group = aws.organization.accounts[0]?.regions
    .find(region)
    ?.autoScalingGroups.find(({ name }) => name === "web");
  if (group === undefined) throw new Error("no group was built");
  return {
    ...{ aws, group },
    reading: { client: autoScalingClient(session), stop },
    writing: { client: autoScalingWriteClient(session), stop },
  };
}

const callsOf = ({ calls }: Pick<OfflineAws, "calls">, action: string): number => calls()[action] ?? 0;

test("members are asked for by 50, in as many pages as it takes", async (t) => {
  const { aws, group, reading } = await start(t, { members: 51, shortPages: 7 });
  group.shielded.add(id(0));
  group.unhealthy.add(id(1));
  group.lifecycles.set(id(2), "Warmed:Stopped");
  const asked = [...Array.from({ length: 51 }, (_, at) => id(at)), id(99)] as const;
  const found = await describeMembers(reading, [id(0), ...asked.slice(1)]);
  t.equal(found.length, 51, "what is in no group is left out");
  const usual = { group: "web", lifecycle: "InService", isHealthy: true, isProtected: false };
  t.strictSame(found.slice(0, 4), [
    { instanceId: id(0), ...usual, isProtected: true },
    { instanceId: id(1), ...usual, isHealthy: false },
    { instanceId: id(2), ...usual, lifecycle: "Warmed:Stopped" },
    { instanceId: id(3), ...usual },
  ]);
  t.ok(callsOf(aws, "autoscaling:DescribeAutoScalingInstances") >= 2);
});

test("a group with its members, and what goes on in it", async (t) => {
  const { group, reading, writing } = await start(t, { shortPages: 3 });
  const idle = await lookAtGroup(reading, "web");
  t.strictSame(idle, {
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
      members: [0, 1].map((at) => ({
        ...{ instanceId: id(at), group: "web", lifecycle: "InService", isHealthy: true, isProtected: false },
      })),
    },
    ...{ refreshes: [], activities: [], quietSince: undefined },
  });
  group.suspended.add("Launch").add("AZRebalance");
  group.warmPool = { takesBack: true };
  group.status = "Delete in progress";
  group.unhealthy.add(id(1));
  group.refreshes.push(
    { id: "a", status: "Successful", startedAt: now },
    { id: "b", status: "Baking", startedAt: now },
  );
  await terminateMember(await anIntent(), writing, id(0));
  t.match(await lookAtGroup(reading, "web"), {
    group: {
      ...{ suspended: ["Launch", "AZRebalance"], status: "Delete in progress", reusesInstances: true, desired: 2 },
      members: [{ lifecycle: "Terminating" }, { isHealthy: false }],
    },
    ...{ refreshes: ["Successful", "Baking"], activities: ["InProgress"], quietSince: undefined },
  });
  t.equal(await lookAtGroup(reading, "none"), undefined);
  t.match(await lookAtGroup(reading, "web-2"), { group: { desired: 0, members: [] } });
});

test("its grace is the longer one, and it is quiet since its last activity ended", async (t) => {
  const { group, reading } = await start(t);
  group.graceMs = minutes(5);
  for (const ago of [9, 3, 7]) {
    const endsAt = now - minutes(ago);
    group.activities.push({ id: `a-${ago}`, description: "", cause: "", startedAt: endsAt - 1000, endsAt });
  }
  t.match(await lookAtGroup(reading, "web"), { quietSince: now - minutes(3), group: { grace: minutes(5) } });
});

test("of many activities those in progress are seen", async (t) => {
  const { aws, group, reading } = await start(t);
  for (let at = 0; at < 250; at += 1) {
    const ends = at === 249 ? now + 1 : now;
    group.activities.push({ id: `a-${at}`, description: "", cause: "", startedAt: now - at, endsAt: ends });
  }
  const look = await lookAtGroup(reading, "web");
  t.strictSame([look?.activities.length, look?.activities[0]], [100, "InProgress"]);
  t.equal(callsOf(aws, "autoscaling:DescribeScalingActivities"), 1);
});

test("an empty list never leaves, for it would be taken for all", async (t) => {
  const { aws, reading } = await start(t);
  const empty: readonly string[] = [];
  // What the type refuses.
  const asked = describeMembers(reading, empty as unknown as [string]);
  t.match(await asked.catch((thrown) => thrown), { message: /"InstanceIds" is an empty list/ });
  t.equal(callsOf(aws, "autoscaling:DescribeAutoScalingInstances"), 0);
});

test("a termination leaves the desired capacity as it is, and tells its activity", async (t) => {
  const { aws, writing } = await start(t);
  t.match(await terminateMember(await anIntent(), writing, id(0)), {
    activityId: /^[0-9a-f-]{36}$/,
    status: "InProgress",
  });
  t.match(aws.writes(), [{ parameters: { InstanceId: id(0), ShouldDecrementDesiredCapacity: "false" } }]);
});

const action = "autoscaling:TerminateInstanceInAutoScalingGroup";
const failures: readonly { name: string; said: Said; calls: number; writes: number; code: string }[] = [
  {
    name: "an answer that is cut off after the deed is not asked for again",
    said: { faults: [{ action, kind: "cut" }] },
    ...{ calls: 1, writes: 1, code: "unreachable" },
  },
  {
    name: "an update that is pending",
    said: { faults: [{ action, kind: "error", code: "ResourceContention", status: 500, message: "pending" }] },
    ...{ calls: 1, writes: 0, code: "unreachable" },
  },
  {
    name: "scaling activities in progress",
    said: { faults: [{ action, kind: "error", code: "ScalingActivityInProgress", status: 400, message: "busy" }] },
    ...{ calls: 1, writes: 0, code: "other" },
  },
  { name: "no permission", said: { denials: [{ action }] }, ...{ calls: 1, writes: 0, code: "denied" } },
  {
    name: "throttled once, it is asked for again",
    said: { faults: [{ action, kind: "error", code: "Throttling", status: 400, message: "Rate exceeded", times: 1 }] },
    ...{ calls: 2, writes: 1, code: "" },
  },
];

for (const { name, said, calls, writes, code } of failures) {
  test(`a termination: ${name}`, async (t) => {
    const { aws, writing } = await start(t, said);
    const intent = await anIntent();
    const failed = await terminateMember(intent, writing, id(0)).then(() => "", failureCodeOf);
    t.strictSame([failed, callsOf(aws, action), aws.writes().length], [code, calls, writes]);
  });
}
