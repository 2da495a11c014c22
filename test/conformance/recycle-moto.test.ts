import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DescribeAutoScalingGroupsCommand,
  ResumeProcessesCommand,
  SetInstanceProtectionCommand,
  SuspendProcessesCommand,
} from "@aws-sdk/client-auto-scaling";
import file, { type Test, test } from "tap";
import { autoScalingWriteClient } from "../../lib/aws/client/auto-scaling.ts";
import { ec2Client } from "../../lib/aws/client/ec2.ts";
import { policyDocument } from "../../lib/aws/policy-document.ts";
import { describeInstances } from "../../lib/aws/read/ec2.ts";
import { autoScalingReadActions, ec2ActActions, ec2ReadActions } from "../../lib/aws/read-actions.ts";
import { regionalSession } from "../../lib/aws/regional-session.ts";
import { autoScalingWriteActions } from "../../lib/aws/write-actions.ts";
import { minutes } from "../../lib/core/time.ts";
import { recycleReads } from "../../lib/dirtycount/actions/recycle-reads.ts";
import { openOfflineSession } from "../support/offline-session.ts";
import { aRecycleCandidate, openRecycling } from "../support/recycle-acting.ts";
import { skipWithout } from "./support/peers.ts";
import { prodId } from "./support/scenario.ts";
import { type Credentials, type Moto, startMoto } from "./support/start-moto.ts";

/**
 * Recycling on moto's Auto Scaling, by who may do just this. What moto can't do, and is left out: activities and instance
 * refreshes (motopeer.py says there are none), states on the way (an instance is terminated and replaced at once), warm
 * pools; scale-in protection and suspended processes it only keeps, and what they mean is for the program to know.
 */
const skip = skipWithout("moto");

file.setTimeout(minutes(2));

const region = "eu-west-1";
const stop = new AbortController().signal;
const recycler: Credentials = { id: "AKIARECYCLERRECYCLE2", secret: "cmVjeWNsZXI" };

const needed: readonly string[] = [
  ...Object.values(autoScalingReadActions),
  ...Object.values(autoScalingWriteActions),
  ...[ec2ReadActions.describeInstances, ec2ActActions.describeProtection],
];

const configFor = (moto: Moto, credentials?: Credentials) => {
  const {
    AWS_ENDPOINT_URL: endpoint = "",
    AWS_ACCESS_KEY_ID: accessKeyId = "",
    AWS_SECRET_ACCESS_KEY: secretAccessKey = "",
  } = moto.environment(credentials);
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
};

/** A group of three, and a user with these permissions in the same account. */
async function startGroup(t: Test, moto: Moto, allow: readonly string[] = needed) {
  await moto.reset();
  const admin: Credentials = { id: "AKIAADMINADMINADMIN2", secret: "YWRtaW4" };
  await moto.seed({
    account: prodId,
    users: [
      { name: "admin", policy: policyDocument(["*"]), keys: [admin] },
      { name: "recycler", policy: policyDocument(allow), keys: [recycler] },
    ],
  });
  await moto.enforcePolicies();
  const client = new AutoScalingClient(configFor(moto, admin));
  await client.send(
    new CreateLaunchConfigurationCommand({
      ...{ LaunchConfigurationName: "web", ImageId: "ami-12345678", InstanceType: "t3.micro" },
    }),
  );
  await client.send(
    new CreateAutoScalingGroupCommand({
      ...{ AutoScalingGroupName: "web", LaunchConfigurationName: "web", MinSize: 1, MaxSize: 5, DesiredCapacity: 3 },
      AvailabilityZones: [`${region}a`],
    }),
  );
  const session = openOfflineSession(t, { environment: () => moto.environment(recycler) });
  const place = openRecycling({
    reads: (name) => recycleReads(session, name, stop),
    writing: (name) => ({ client: autoScalingWriteClient(regionalSession(session, name)), stop }),
  });
  const ec2 = { client: ec2Client(regionalSession(session, region)), stop };
  return {
    place,
    client,
    members: async () => {
      const { AutoScalingGroups: groups = [] } = await client.send(new DescribeAutoScalingGroupsCommand({}));
      return (groups[0]?.Instances ?? []).flatMap(({ InstanceId: id }) => id ?? []).sort();
    },
    /** Marks these, reads EC2, plans and acts. */
    async run(token: string, dirty: readonly string[]) {
      place.world.instances.clear();
      for await (const page of describeInstances(ec2, { region, states: ["running"] }))
        for (const instance of page) place.world.instances.set(instance.id, instance);
      for (const instanceId of dirty) {
        const name = { region, instanceId };
        if ((await place.markOf(instanceId)) === undefined)
          await place.marksIn(place.store).update(name, () => aRecycleCandidate(instanceId).mark);
      }
      return place.run(await place.plan(), { token });
    },
  };
}

test("one by one, each replaced, by who may do just this", { skip }, async (t) => {
  const moto = await startMoto(t);
  const { run, members } = await startGroup(t, moto);
  const before = await members();
  t.equal(before.length, 3);
  const [first = "", second = "", clean = ""] = before;
  const ran = await run("a", [first, second]);
  t.match(ran.outcomes, [new RegExp(`^recycle ${first} applied`)]);
  t.match(ran.refusals, [new RegExp(`^recycle ${second} group_busy`)]);
  const after = await members();
  t.equal(after.length, 3);
  t.notOk(after.includes(first));
  t.match((await moto.states(prodId, region))[first], "terminated");
  t.match((await run("b", [first, second])).outcomes, [new RegExp(`^recycle ${second} applied`)]);
  t.strictSame(
    (await members()).filter((id) => before.includes(id)),
    [clean],
  );
  t.strictSame(await run("c", [first, second]), { outcomes: [], refusals: [], unsettled: [] });
  const calls = await moto.calls();
  t.equal(calls.filter((name) => name === "TerminateInstanceInAutoScalingGroup").length, 2);
});

test("protected, or with a process suspended: left alone", { skip }, async (t) => {
  const moto = await startMoto(t);
  const { run, members, client } = await startGroup(t, moto);
  const before = await members();
  const [first = ""] = before;
  const group = { AutoScalingGroupName: "web" };
  const protect = (ProtectedFromScaleIn: boolean) =>
    client.send(new SetInstanceProtectionCommand({ ...group, InstanceIds: [first], ProtectedFromScaleIn }));
  await protect(true);
  t.match((await run("a", [first])).refusals, [/ scale_in_protected: /]);
  await protect(false);
  await client.send(new SuspendProcessesCommand({ ...group, ScalingProcesses: ["Launch"] }));
  t.match((await run("b", [first])).refusals, [/ process_suspended: group "web" has Launch suspended/]);
  t.strictSame(await members(), before);
  await client.send(new ResumeProcessesCommand({ ...group, ScalingProcesses: ["Launch"] }));
  t.match((await run("c", [first])).outcomes, [/applied/]);
});

test("each permission is needed", { skip }, async (t) => {
  const moto = await startMoto(t);
  for (const lacking of needed.filter((action) => action !== ec2ReadActions.describeInstances)) {
    const { run, members } = await startGroup(
      t,
      moto,
      needed.filter((action) => action !== lacking),
    );
    const before = await members();
    const { outcomes } = await run("a", before.slice(0, 1));
    const says = lacking.split(":")[1] ?? "";
    t.match(outcomes, [new RegExp(`failed: .*${says}`)], lacking);
    t.strictSame(await members(), before, lacking);
  }
});
