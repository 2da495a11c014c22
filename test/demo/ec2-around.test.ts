import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  paginateDescribeAutoScalingInstances,
} from "@aws-sdk/client-auto-scaling";
import {
  CloudTrailClient,
  LookupEventsCommand,
  type LookupEventsCommandInput,
  paginateLookupEvents,
} from "@aws-sdk/client-cloudtrail";
import {
  DescribeInstancesCommand,
  DescribeRegionsCommand,
  EC2Client,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { test } from "tap";
import { days, parseInstant } from "../../lib/core/time.ts";
import { acmeOrganization } from "../../lib/demo/scenario/acme.ts";
import { buildOrganization } from "../../lib/demo/scenario/build.ts";
import { addInstance } from "../../lib/demo/scenario/build-region.ts";
import { anOrganization } from "../../lib/demo/scenario/builders.ts";
import { aLargeInventory } from "../../lib/demo/scenario/large-inventory.ts";
import {
  aCanary,
  anAutoScalingGroup,
  anInstance,
  aRegion,
  aTrailEvent,
} from "../../lib/demo/scenario/region-builders.ts";
import { awsLikeLimits, createThrottle } from "../../lib/demo/throttle.ts";
import { startRegions } from "./ec2-clients.ts";
import { declaredError } from "./offline-clients.ts";

const now = days(20_000);

const threeRegions = [
  aRegion({ name: "eu-west-1", instances: [aCanary("eu-west-1")] }),
  aRegion({ name: "us-east-1" }),
  aRegion({ name: "us-west-2" }),
] as const;

test("a rule hits the region it names", async (t) => {
  const { aws, configFor } = await startRegions(t, threeRegions, {
    denials: [{ action: "ec2:DescribeInstances", region: "us-east-1" }],
    faults: [
      {
        action: "ec2:*",
        region: "us-west-2",
        kind: "error",
        code: "RequestLimitExceeded",
        status: 503,
        message: "Request limit exceeded.",
      },
    ],
  });
  const errors = [];
  for (const { name } of threeRegions)
    errors.push((await declaredError(new EC2Client(configFor(name)).send(new DescribeInstancesCommand({}))))?.name);
  t.strictSame(errors, [undefined, "UnauthorizedOperation", "RequestLimitExceeded"]);
  t.strictSame([aws.denied(), aws.throttled()], [1, 1]);
});

test("one region of three hangs, the others answer", async (t) => {
  const { configFor } = await startRegions(t, threeRegions, {
    faults: [{ action: "ec2:DescribeInstances", region: "us-east-1", kind: "hang" }],
  });
  const gone = new AbortController();
  const [west, east, other] = threeRegions.map(({ name }) =>
    declaredError(new EC2Client(configFor(name)).send(new DescribeInstancesCommand({}), { abortSignal: gone.signal })),
  );
  t.strictSame([await west, await other], [undefined, undefined]);
  gone.abort();
  t.match(await east, { name: "AbortError" });
});

test("a rule may ask for one id of a list", async (t) => {
  const [first, second] = ["i-0000000000000000a", "i-0000000000000000b"];
  const { ec2 } = await startRegions(
    t,
    [aRegion({ name: "eu-west-1", instances: [anInstance({ id: first }), anInstance({ id: second })] })],
    { denials: [{ action: "ec2:StopInstances", parameters: { InstanceId: second } }] },
  );
  const stop = async (...InstanceIds: string[]) =>
    (await declaredError(ec2.send(new StopInstancesCommand({ InstanceIds }))))?.name;
  t.strictSame([await stop(first, second), await stop(first)], ["UnauthorizedOperation", undefined]);
});

test("EC2's buckets: by class of call, per region", async (t) => {
  const { configFor } = await startRegions(t, threeRegions, {
    limits: {
      "ec2 read": { capacity: 3, refillPerSecond: 0.001 },
      "ec2 unpaged read": { capacity: 1, refillPerSecond: 0.001 },
    },
  });
  const [west, east] = [new EC2Client(configFor("eu-west-1")), new EC2Client(configFor("us-east-1"))];
  const list = async (client: EC2Client, MaxResults?: number) =>
    (await declaredError(client.send(new DescribeInstancesCommand({ MaxResults }))))?.name;
  t.strictSame([await list(west), await list(west)], [undefined, "RequestLimitExceeded"], "unpaged");
  t.strictSame(
    [await list(west, 5), await list(west, 5), await list(west, 5), await list(west, 5)],
    [undefined, undefined, undefined, "RequestLimitExceeded"],
    "paged",
  );
  t.equal(await declaredError(west.send(new DescribeRegionsCommand({}))), undefined, "another action");
  t.equal(await list(east), undefined, "another region");
});

test("a terminated instance costs a token, a call for more than are left costs none of them", async (t) => {
  const { ec2, region } = await startRegions(
    t,
    [aRegion({ name: "eu-west-1", fleet: { count: 4, instance: () => anInstance() } })],
    { limits: { "ec2 terminated instances": { capacity: 3, refillPerSecond: 0.001 } } },
  );
  const all = [...region.instances.ids()];
  const end = async (InstanceIds: string[]) =>
    (await declaredError(ec2.send(new TerminateInstancesCommand({ InstanceIds }))))?.name;
  t.equal(await end(all), "RequestLimitExceeded");
  t.equal(await end(all.slice(0, 2)), undefined);
  t.equal(await end(all.slice(2)), "RequestLimitExceeded");
  t.equal(await end(all.slice(3)), undefined);
});

const spending = { accountId: "1", region: "eu-west-1", action: "ec2:X" };

const published = [
  { bucket: "ec2 read", capacity: 100, refill: 20 },
  { bucket: "ec2 unpaged read", capacity: 50, refill: 10 },
  { bucket: "ec2 write", capacity: 50, refill: 5 },
  { bucket: "ec2 terminated instances", capacity: 1000, refill: 20 },
];

for (const { bucket, capacity, refill } of published)
  test(`published: ${bucket} is ${capacity} at once and ${refill} a second`, async (t) => {
    const throttle = createThrottle(awsLikeLimits);
    const take = (tokens: number, at: number) => throttle.allows({ ...spending, costs: [{ bucket, tokens }] }, at);
    t.strictSame([take(capacity, 0), take(1, 0)], [true, false]);
    t.strictSame([take(refill, 1000), take(1, 1000)], [true, false]);
  });

const scaled = aRegion({
  name: "eu-west-1",
  instances: [
    anInstance({ autoScalingGroup: "web" }),
    anInstance({ autoScalingGroup: "web", zone: "b" }),
    anInstance({ autoScalingGroup: "web", state: "terminated" }),
    anInstance({ autoScalingGroup: "batch" }),
    anInstance(),
  ],
  autoScalingGroups: [
    anAutoScalingGroup({ name: "web", tags: { project: "shop" } }),
    anAutoScalingGroup({ name: "empty" }),
  ],
});

test("Auto Scaling knows members by instance, and groups with their members", async (t) => {
  const { region, configFor } = await startRegions(t, [scaled]);
  const client = new AutoScalingClient(configFor("eu-west-1"));
  const { AutoScalingInstances = [] } = await client.send(
    new DescribeAutoScalingInstancesCommand({ InstanceIds: [...region.instances.ids(), "i-0000000000000000f"] }),
  );
  t.strictSame(AutoScalingInstances.map(({ AutoScalingGroupName }) => AutoScalingGroupName).sort(), [
    "batch",
    "web",
    "web",
  ]);
  const pages = paginateDescribeAutoScalingInstances({ client, pageSize: 2 }, {});
  const sizes: (number | undefined)[] = [];
  for await (const page of pages) sizes.push(page.AutoScalingInstances?.length);
  t.strictSame(sizes, [2, 1]);
  const { AutoScalingGroups = [] } = await client.send(new DescribeAutoScalingGroupsCommand({}));
  t.strictSame(
    AutoScalingGroups.map(({ AutoScalingGroupName, Instances = [] }) => [AutoScalingGroupName, Instances.length]),
    [
      ["batch", 1],
      ["empty", 0],
      ["web", 2],
    ],
  );
  t.match(AutoScalingGroups[2], { AvailabilityZones: ["eu-west-1a", "eu-west-1b"], Tags: [{ Key: "project" }] });
  const named = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["empty", "unknown"] });
  t.match((await client.send(named)).AutoScalingGroups, [{ AutoScalingGroupName: "empty" }]);
  const tagged = new DescribeAutoScalingGroupsCommand({ Filters: [{ Name: "tag:project", Values: ["shop"] }] });
  t.match((await client.send(tagged)).AutoScalingGroups, [{ AutoScalingGroupName: "web" }]);
  const tooMany = new DescribeAutoScalingInstancesCommand({ InstanceIds: Array(51).fill("i-1") });
  t.match(await declaredError(client.send(tooMany)), { name: "ValidationError" });
});

test("a region that is not enabled knows no key, whatever the service", async (t) => {
  const { configFor } = await startRegions(t, [scaled, aRegion({ name: "me-south-1", optInStatus: "not-opted-in" })]);
  const config = configFor("me-south-1");
  t.match(await declaredError(new AutoScalingClient(config).send(new DescribeAutoScalingGroupsCommand({}))), {
    name: "InvalidClientTokenId",
  });
  t.match(await declaredError(new CloudTrailClient(config).send(new LookupEventsCommand({}))), {
    name: "UnrecognizedClientException",
  });
});

const trailed = aRegion({
  name: "eu-west-1",
  instances: [
    anInstance({ ageDays: 3, launchedBy: "ada" }),
    anInstance({ ageDays: 91, launchedBy: "bob" }),
    anInstance({ ageDays: 2, launchedBy: "deploy/pipeline-7" }),
    anInstance(),
  ],
  events: [
    aTrailEvent({
      name: "StopInstances",
      ageDays: 1,
      by: "carla",
      resources: [{ type: "AWS::EC2::Instance", name: "i-1" }],
    }),
  ],
});

test("CloudTrail tells who launched what, for 90 days, the newest first", async (t) => {
  const { region, configFor } = await startRegions(t, [trailed], { now: () => now });
  const client = new CloudTrailClient(configFor("eu-west-1"));
  const lookUp = async (AttributeKey: "EventName" | "ResourceName" | "Username", AttributeValue: string) =>
    (await client.send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey, AttributeValue }] }))).Events ?? [];
  const launches = await lookUp("EventName", "RunInstances");
  t.strictSame(
    launches.map(({ Username }) => Username),
    ["pipeline-7", "ada"],
  );
  t.match(launches[0], { EventTime: new Date(now - days(2)), EventSource: "ec2.amazonaws.com", ReadOnly: "false" });
  const [instanceId] = region.instances.ids().filter((id) => region.instances.find(id)?.launchedBy === "ada");
  const [launch] = await lookUp("ResourceName", instanceId ?? "");
  t.match(JSON.parse(launch?.CloudTrailEvent ?? "{}"), {
    eventName: "RunInstances",
    awsRegion: "eu-west-1",
    userIdentity: { type: "IAMUser", userName: "ada", arn: "arn:aws:iam::111122223333:user/ada" },
    responseElements: { instancesSet: { items: [{ instanceId }] } },
  });
  t.match(JSON.parse(launches[0]?.CloudTrailEvent ?? "{}"), {
    userIdentity: { type: "AssumedRole", arn: "arn:aws:sts::111122223333:assumed-role/deploy/pipeline-7" },
  });
  t.match(await lookUp("ResourceName", "i-1"), [{ EventName: "StopInstances", Username: "carla" }]);
  t.strictSame(await lookUp("ResourceName", "i-2"), []);
  const { Events = [] } = await client.send(
    new LookupEventsCommand({ StartTime: new Date(now - days(2)), EndTime: new Date(now - days(1)) }),
  );
  t.strictSame(
    Events.map(({ EventName }) => EventName),
    ["StopInstances", "RunInstances"],
  );
});

const wrongLookups: readonly {
  name: string;
  input: LookupEventsCommandInput;
  want: string;
}[] = [
  { name: "51 a page", input: { MaxResults: 51 }, want: "InvalidMaxResultsException" },
  { name: "a made-up token", input: { NextToken: "abc" }, want: "InvalidNextTokenException" },
  {
    name: "an end before the start",
    input: { StartTime: new Date(now), EndTime: new Date(now - 1000) },
    want: "InvalidTimeRangeException",
  },
  {
    name: "two attributes",
    input: {
      LookupAttributes: [
        { AttributeKey: "EventName", AttributeValue: "a" },
        { AttributeKey: "Username", AttributeValue: "b" },
      ],
    },
    want: "InvalidLookupAttributesException",
  },
];

test("CloudTrail refuses:", async (t) => {
  const { configFor } = await startRegions(t, [trailed], { now: () => now });
  const client = new CloudTrailClient(configFor("eu-west-1"));
  for (const { name, input, want } of wrongLookups)
    t.match(await declaredError(client.send(new LookupEventsCommand(input))), { name: want, status: 400 }, name);
});

test("CloudTrail answers 50 a page, and twice a second", async (t) => {
  const { configFor } = await startRegions(
    t,
    [aRegion({ name: "eu-west-1", fleet: { count: 120, instance: () => anInstance({ launchedBy: "ada" }) } })],
    { limits: awsLikeLimits },
  );
  const client = new CloudTrailClient(configFor("eu-west-1"));
  const sizes: (number | undefined)[] = [];
  const read = async () => {
    for await (const page of paginateLookupEvents({ client }, {})) sizes.push(page.Events?.length);
  };
  t.match(await declaredError(read()), { name: "ThrottlingException" });
  t.strictSame(sizes, [50, 50]);
});

test("a large inventory is made only as it is asked for, the same each time", async (t) => {
  const regions = ["eu-west-1", "us-east-1", "us-west-2", "ap-south-1"];
  const spec = anOrganization({ accounts: [aLargeInventory({ instances: 100_001, regions })] });
  const [account] = buildOrganization(spec, now).accounts;
  const inventories = regions.map((name) => account?.regions.find(name)?.instances);
  t.strictSame(
    inventories.map((inventory) => inventory?.ids().length),
    [25_001, 25_000, 25_000, 25_000],
    "a canary each among them",
  );
  const ids = inventories.flatMap((inventory) => inventory?.ids() ?? []);
  t.equal(new Set(ids).size, ids.length);
  t.ok(ids.every((id) => /^i-0[0-9a-f]{16}$/.test(id)));
  const [some = ""] = inventories[1]?.ids() ?? [];
  t.strictSame(inventories[1]?.find(some), inventories[1]?.find(some));
  t.equal(inventories[0]?.find(some), undefined, "another region's");
  const untagged = inventories[0]?.ids().filter((id) => !inventories[0]?.find(id)?.tags.has("created_by")).length ?? 0;
  t.ok(untagged > 150 && untagged < 350, `one in a hundred: ${untagged}`);
});

test("acme's production: a canary in each region, and of each kind one", async (t) => {
  const [prod] = buildOrganization(acmeOrganization(), now).accounts;
  const instancesOf = (name: string) => {
    const inventory = prod?.regions.find(name)?.instances;
    return (inventory?.ids() ?? []).flatMap((id) => inventory?.find(id) ?? []);
  };
  const all = ["eu-central-1", "us-east-1"].map(instancesOf);
  for (const [index, region] of ["eu-central-1", "us-east-1"].entries()) {
    const canaries = all[index]?.filter(({ tags }) => tags.get("Name") === `api-canary-${region}`);
    t.match(canaries, [{ state: "stopped" }], region);
    t.equal(canaries?.[0]?.tags.get("created_by"), "canary@acme.example");
  }
  const instances = all.flat();
  t.equal(instances.length, 12);
  t.equal(instances.filter(({ tags }) => tags.get("aws:autoscaling:groupName") === "shop-web").length, 2);
  t.ok(instances.some(({ tags }) => tags.size === 0));
  t.equal(prod?.regions.list().filter(({ optInStatus }) => optInStatus !== "not-opted-in").length, 17);
});

test("clients start in the offline AWS's own region, or the account's first", async (t) => {
  const { aws } = await startRegions(t, [
    aRegion({ name: "af-south-1", optInStatus: "not-opted-in" }),
    aRegion({ name: "eu-west-1" }),
  ]);
  t.equal(aws.environment().AWS_REGION, "eu-west-1");
  t.equal(aws.environment("222233334444").AWS_REGION, "us-east-1");
  t.match(aws.configFile(), /region = eu-west-1.*region = us-east-1/s);
});

test("an instance is added to what already runs", async (t) => {
  const { ec2, region } = await startRegions(t, [threeRegions[0]]);
  const added = addInstance(region, anInstance({ tags: { Name: "late" } }), parseInstant("2026-11-21") ?? 0);
  t.equal(region.instances.ids().length, 2);
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [added.id] }));
  t.match(Reservations, [{ Instances: [{ LaunchTime: new Date("2026-11-11T00:00:00Z") }] }]);
  region.instances.remove(added.id);
  t.match(await declaredError(ec2.send(new DescribeInstancesCommand({ InstanceIds: [added.id] }))), {
    name: "InvalidInstanceID.NotFound",
  });
});
