import { type Test, test } from "tap";
import { autoScalingWriteClient } from "../../../lib/aws/client/auto-scaling.ts";
import { regionalSession } from "../../../lib/aws/regional-session.ts";
import { minutes, seconds } from "../../../lib/core/time.ts";
import type { Fault } from "../../../lib/demo/call-rules.ts";
import { startOfflineAws } from "../../../lib/demo/offline-aws.ts";
import { anAccount, anOrganization } from "../../../lib/demo/scenario/builders.ts";
import { anAutoScalingGroup, anInstance, aRegion } from "../../../lib/demo/scenario/region-builders.ts";
import { recycleReads } from "../../../lib/dirtycount/actions/recycle-reads.ts";
import { openOfflineSession } from "../../support/offline-session.ts";
import { openRecycling } from "../../support/recycle-acting.ts";

const region = "eu-west-1";
const ids = ["i-00000000000000001", "i-00000000000000002"] as const;
const stop = new AbortController().signal;

/** Two marked members of group `web`, whose clock is the one of the program. */
async function start(t: Test, faults: readonly Fault[] = []) {
  const clock = { now: () => 0 };
  const web = aRegion({
    name: region,
    instances: ids.map((id) => anInstance({ id, autoScalingGroup: "web" })),
    autoScalingGroups: [anAutoScalingGroup({ name: "web", launchMs: minutes(2) })],
    transitionMs: seconds(30),
  });
  const scenario = anOrganization({ accounts: [anAccount({ regions: [web] })], faults });
  const aws = await startOfflineAws({ scenario, now: () => clock.now() });
  t.teardown(() => aws.close());
  const session = openOfflineSession(t, aws);
  const place = openRecycling({
    reads: (name) => recycleReads(session, name, stop),
    writing: (name) => ({ client: autoScalingWriteClient(regionalSession(session, name)), stop }),
  });
  clock.now = () => place.clock.now;
  await place.put("web", ids);
  const group = aws.organization.accounts[0]?.regions.find(region)?.autoScalingGroups[0];
  if (group === undefined) throw new Error("no group was built");
  return { aws, place, group };
}

const run = async ({ place }: Pick<Awaited<ReturnType<typeof start>>, "place">, token: string) =>
  place.run(await place.plan(), { token });

test("one, then the other once the group is whole again", async (t) => {
  const world = await start(t);
  const first = await run(world, "a");
  t.match(first, { outcomes: [/^recycle i-00000000000000001 applied/], refusals: [/ group_busy: /] });
  world.place.clock.now += seconds(30);
  t.match((await run(world, "b")).refusals, [/ group_not_whole: group "web" has i-0[0-9a-f]{16} Pending$/]);
  world.place.clock.now += seconds(90);
  t.match((await run(world, "c")).outcomes, [/^recycle i-00000000000000002 applied/]);
  t.strictSame(
    world.aws.writes().map(({ parameters }) => parameters.InstanceId),
    ids,
  );
});

test("a group's grace for a newcomer is waited for", async (t) => {
  const world = await start(t);
  world.group.graceMs = minutes(5);
  await run(world, "a");
  world.place.clock.now += minutes(7) - 1000;
  t.match((await run(world, "b")).refusals, [/ group_settling: group "web" gives new instances 5m of grace$/]);
  world.place.clock.now += 1000;
  t.match((await run(world, "c")).outcomes, [/^recycle i-00000000000000002 applied/]);
});

test("the connection is cut behind the deed: it is found done, and asked for once", async (t) => {
  const { aws, place } = await start(t, [{ action: "autoscaling:Terminate*", kind: "cut" }]);
  t.match(await run({ place }, "a"), { outcomes: [/^recycle i-00000000000000001 applied/] });
  t.match(await place.markOf(ids[0]), { recycling: { done: {} } });
  t.equal(aws.calls()["autoscaling:TerminateInstanceInAutoScalingGroup"], 1);
});

test("the connection is cut before the deed: nobody says that it is done, and the next run but one does it", async (t) => {
  const fault = { action: "autoscaling:Terminate*", kind: "cut", when: "before", times: 1 } as const;
  const { aws, place } = await start(t, [fault]);
  t.match((await run({ place }, "a")).outcomes, [/^recycle i-00000000000000001 unknown/]);
  t.match((await run({ place }, "b")).refusals, [/^recycle i-00000000000000002 group_busy/]);
  t.strictSame(aws.writes(), []);
  place.clock.now += minutes(1);
  t.match((await run({ place }, "c")).outcomes, [/^recycle i-00000000000000001 applied/]);
  t.equal(aws.writes().length, 1);
});

test("what can't be read keeps everything as it is", async (t) => {
  const calls = ["Groups", "Instances"].map((name) => `autoscaling:DescribeAutoScaling${name}`);
  const reads = ["autoscaling:DescribeInstanceRefreshes", "autoscaling:DescribeScalingActivities", ...calls];
  for (const action of [...reads, "ec2:DescribeInstances", "ec2:DescribeInstanceAttribute"]) {
    const fault = { action, kind: "error", code: "AccessDenied", status: 403, message: "not allowed" } as const;
    const { aws, place } = await start(t, [fault]);
    const { outcomes } = await run({ place }, "a");
    t.match(outcomes[0], /^recycle i-00000000000000001 failed: .*not allowed/, action);
    t.strictSame(aws.writes(), [], action);
  }
});
