import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { type Test, test } from "tap";
import { cloudTrailClient } from "../../lib/aws/client/cloudtrail.ts";
import { ec2Client, ec2WriteClient } from "../../lib/aws/client/ec2.ts";
import { findLauncher } from "../../lib/aws/read/cloudtrail.ts";
import { describeInstances, describeInstancesById } from "../../lib/aws/read/ec2.ts";
import { describeProtection, listTags, mayTerminate } from "../../lib/aws/read/ec2-before-acting.ts";
import { listConversions } from "../../lib/aws/read/ec2-conversions.ts";
import { describeRegions } from "../../lib/aws/read/ec2-regions.ts";
import { describeInstanceTypes } from "../../lib/aws/read/ec2-types.ts";
import { regionalSession } from "../../lib/aws/regional-session.ts";
import { createTags, setTerminationProtection, stopInstances, terminateInstances } from "../../lib/aws/write/ec2.ts";
import type { Instance } from "../../lib/core/ec2.ts";
import { days } from "../../lib/core/time.ts";
import { type OfflineAwsOptions, startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { anAccount, anOrganization } from "../../lib/demo/scenario/builders.ts";
import { anInstance, aRegion, aTrailEvent } from "../../lib/demo/scenario/region-builders.ts";
import type { InstanceSpec, TrailEventSpec } from "../../lib/demo/scenario/region-specs.ts";
import { anIntent } from "../support/an-intent.ts";
import { openOfflineSession } from "../support/offline-session.ts";

const now = days(20_000);
const region = "eu-west-1";
const stop = new AbortController().signal;
const id = (end: number): string => `i-0${String(end).padStart(16, "0")}`;

interface Said extends Partial<OfflineAwsOptions> {
  readonly instances?: readonly Partial<InstanceSpec>[];
  readonly events?: readonly TrailEventSpec[];
}

async function start(t: Test, { instances = [], events = [], ...options }: Said = {}) {
  const specs = instances.map((said, index) => anInstance({ id: id(index), ...said }));
  const regions = [
    aRegion({ name: region, instances: specs, events }),
    aRegion({ name: "ap-east-1", optInStatus: "not-opted-in" }),
  ];
  const scenario = anOrganization({ accounts: [anAccount({ regions })] });
  const aws = await startOfflineAws({ scenario, now: () => now, ...options });
  t.teardown(() => aws.close());
  const session = regionalSession(openOfflineSession(t, aws), region);
  return {
    ...{ aws, session },
    ec2: { client: ec2Client(session), stop },
    writing: { client: ec2WriteClient(session), stop },
    cloudTrail: { client: cloudTrailClient(session), stop },
  };
}

async function all(pages: AsyncIterable<readonly Instance[]>): Promise<readonly Instance[]> {
  const found: Instance[] = [];
  for await (const page of pages) found.push(...page);
  return found;
}

test("1,001 instances in two pages, as the SDK reads them", async (t) => {
  const instances = Array.from({ length: 1001 }, (_, index) => ({
    tags: { Name: `é <${index}> & co`, empty: "" },
    ...(index % 2 === 0 && { state: "stopped" as const, publicAddress: "none" as const }),
    ...(index % 3 === 0 && { autoScalingGroup: "workers" }),
  }));
  const { ec2, aws, session } = await start(t, { instances });
  const read = await all(describeInstances(ec2, { region, states: ["running", "stopped"] }));
  t.equal(aws.calls()["ec2:DescribeInstances"], 2);
  const client = new EC2Client({ region, credentials: session.credentials });
  const bySdk = [];
  for (let NextToken: string | undefined, isFirst = true; isFirst || NextToken !== undefined; isFirst = false) {
    const page = await client.send(new DescribeInstancesCommand({ MaxResults: 1000, NextToken }));
    bySdk.push(...(page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances));
    NextToken = page.NextToken;
  }
  t.strictSame(
    read.map((instance) => [instance.id, instance.state, instance.launchedAt, Object.fromEntries(instance.tags)]),
    bySdk.map(({ InstanceId, State, LaunchTime, Tags = [] }) => [
      ...[InstanceId, State?.Name, LaunchTime?.getTime()],
      Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    ]),
  );
  t.equal(read.length, 1001);
});

test("instances by id, without those that are not there", async (t) => {
  const { ec2 } = await start(t, { instances: [{ state: "running" }, { state: "terminated" }] });
  const found = await all(describeInstancesById(ec2, { region, ids: [id(0), id(1), id(9)] }));
  t.strictSame(
    found.map((instance) => [instance.id, instance.state]),
    [
      [id(0), "running"],
      [id(1), "terminated"],
    ],
  );
});

test("what is read beside instances", async (t) => {
  const { ec2 } = await start(t, {
    instances: [
      { tags: { Name: "first" }, isTerminationProtected: true },
      { conversion: "import" },
      { conversion: "export" },
    ],
  });
  t.strictSame(
    (await describeRegions(ec2)).map(({ name, isEnabled }) => [name, isEnabled]),
    [
      ["ap-east-1", false],
      [region, true],
    ],
  );
  t.strictSame(Object.fromEntries((await listTags(ec2, [id(0)])).get(id(0)) ?? []), { Name: "first" });
  t.strictSame([...(await listConversions(ec2))].toSorted(), [id(1), id(2)]);
  t.strictSame(await describeProtection(ec2, id(0)), { fromTermination: true, fromStop: false });
  t.equal((await describeInstanceTypes(ec2, ["m5.large"])).get("m5.large"), 2);
});

test("writes change what reads then find", async (t) => {
  const { ec2, writing, aws } = await start(t, { instances: [{ isTerminationProtected: true }, {}] });
  const intent = await anIntent();
  const [first, second] = [id(0), id(1)].map((instanceId) => ({ intent, instanceId }));
  if (first === undefined || second === undefined) throw new Error("both are there");
  await createTags([first, second], writing, new Map([["dirty", "yes"]]));
  t.equal((await listTags(ec2, [id(1)])).get(id(1))?.get("dirty"), "yes");
  t.match((await stopInstances([second], writing)).get(id(1)), { from: "running" });
  await t.rejects(terminateInstances([first, second], writing), { code: "other", message: /terminat/i });
  await setTerminationProtection(first, writing, false);
  t.equal(await mayTerminate(ec2, [id(0), id(1)]), true);
  const before = aws.writes().length;
  t.strictSame([...(await terminateInstances([first, second], writing)).keys()], [id(0), id(1)]);
  t.ok(aws.writes().length > before);
  await t.rejects(terminateInstances([{ intent, instanceId: id(9) }], writing), { code: "missing" });
});

test("a dry run that a policy denies", async (t) => {
  const { ec2, aws } = await start(t, { instances: [{}] });
  aws.organization.denials.push({ action: "ec2:TerminateInstances" });
  t.equal(await mayTerminate(ec2, [id(0)]), false);
});

const launches = [
  {
    name: "an IAM user",
    spec: { launchedBy: "ada" },
    want: { userName: "ada", arn: "arn:aws:iam::111122223333:user/ada" },
  },
  {
    name: "an assumed role, by its session",
    spec: { launchedBy: "admin/ada@acme.example" },
    want: { userName: "ada@acme.example", arn: "arn:aws:sts::111122223333:assumed-role/admin/ada@acme.example" },
  },
] as const;

for (const { name, spec, want } of launches) {
  test(`the launcher is ${name}`, async (t) => {
    const { cloudTrail } = await start(t, { instances: [{ ...spec, ageDays: 10 }] });
    t.strictSame(await findLauncher(cloudTrail, id(0)), { ...want, invokedBy: undefined });
  });
}

const later = (count: number) =>
  Array.from({ length: count }, () =>
    aTrailEvent({ name: "StopInstances", resources: [{ type: "AWS::EC2::Instance", name: id(0) }] }),
  );

for (const [name, spec, events, pages] of [
  ["nobody that CloudTrail knows", {}, 0, 1],
  ["forgotten after 90 days", { launchedBy: "ada", ageDays: 91 }, 0, 1],
  ["not looked for behind ten pages", { launchedBy: "ada", ageDays: 10 }, 501, 10],
] as const) {
  test(`the launcher is ${name}`, async (t) => {
    const { cloudTrail, aws } = await start(t, { instances: [spec], events: later(events) });
    t.equal(await findLauncher(cloudTrail, id(0)), undefined);
    t.equal(aws.calls()["cloudtrail:LookupEvents"], pages);
  });
}

test("the launcher is found behind a page of later events", async (t) => {
  const { cloudTrail } = await start(t, { instances: [{ launchedBy: "ada" }], events: later(60) });
  t.match(await findLauncher(cloudTrail, id(0)), { userName: "ada" });
});
