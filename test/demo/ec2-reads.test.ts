import {
  DescribeConversionTasksCommand,
  DescribeExportTasksCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  DescribeInstanceTypesCommand,
  DescribeRegionsCommand,
  type DescribeRegionsCommandInput,
  DescribeTagsCommand,
  EC2Client,
  paginateDescribeInstances,
  paginateDescribeInstanceTypes,
} from "@aws-sdk/client-ec2";
import { test } from "tap";
import { days, hours } from "../../lib/core/time.ts";
import { filterPattern } from "../../lib/demo/ec2/filters.ts";
import { aCanary, anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import { startRegions } from "./ec2-clients.ts";
import { declaredError } from "./offline-clients.ts";

const now = days(20_000);

const id = (end: string): string => `i-0${end.padStart(16, "0")}`;

const someInstances = [
  anInstance({ id: id("1"), tags: { Name: "web-1", owner: "ada" }, reservation: "web" }),
  anInstance({
    id: id("2"),
    tags: { Name: "web-2", note: "50% off*" },
    reservation: "web",
    zone: "b",
    type: "t3.nano",
  }),
  anInstance({ id: id("3"), state: "stopped", tags: { Name: "db <&> 'x' \"ü\"", owner: "" } }),
  anInstance({ id: id("4"), state: "terminated", tags: { Name: "gone" } }),
  anInstance({ id: id("5"), operator: { principal: "eks.amazonaws.com", isHidden: true } }),
  anInstance({ id: id("6"), spotRequest: "one-time", publicAddress: "assigned", ageDays: 1.5 }),
];

const someRegion = aRegion({ name: "eu-west-1", instances: someInstances });

async function idsOf(client: EC2Client, input: DescribeInstancesCommandInput): Promise<readonly string[]> {
  const { Reservations = [] } = await client.send(new DescribeInstancesCommand(input));
  return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = "" }) => InstanceId.slice(-1)));
}

const filter = (Name: string, ...Values: string[]): DescribeInstancesCommandInput => ({ Filters: [{ Name, Values }] });

const chosen: readonly { name: string; input: DescribeInstancesCommandInput; want: string }[] = [
  { name: "nothing asked for is everything, but what a service hides", input: {}, want: "12346" },
  { name: "an empty list of ids is none: everything", input: { InstanceIds: [] }, want: "12346" },
  { name: "managed ones when they are asked for", input: { IncludeManagedResources: true }, want: "123456" },
  { name: "by id", input: { InstanceIds: [id("3"), id("1")] }, want: "31" },
  { name: "an id asked for twice is answered once", input: { InstanceIds: [id("1"), id("1")] }, want: "1" },
  { name: "any value of a filter", input: filter("instance-state-name", "running", "stopped"), want: "1236" },
  { name: "a filter on ids takes ids unknown to it", input: filter("instance-id", id("2"), id("99")), want: "2" },
  { name: "a filter on ids with a wildcard", input: filter("instance-id", "i-*1"), want: "1" },
  { name: "a tag's value", input: filter("tag:Name", "web-1"), want: "1" },
  { name: "a tag's value, case matters", input: filter("tag:Name", "WEB-1"), want: "" },
  { name: "a tag with any value, even empty", input: filter("tag:owner", "*"), want: "13" },
  { name: "an empty value", input: filter("tag:owner", ""), want: "3" },
  { name: "a tag's key", input: filter("tag-key", "owner"), want: "13" },
  { name: "a question mark is one character", input: filter("tag:Name", "web-?"), want: "12" },
  { name: "an escaped star is a star", input: filter("tag:note", "*off\\*"), want: "2" },
  { name: "a zone", input: filter("availability-zone", "eu-west-1b"), want: "2" },
  { name: "a type by glob", input: filter("instance-type", "t3.*"), want: "2" },
  { name: "a life cycle", input: filter("instance-lifecycle", "spot"), want: "6" },
  {
    name: "every filter must match",
    input: {
      Filters: [...(filter("tag-key", "owner").Filters ?? []), { Name: "instance-state-name", Values: ["running"] }],
    },
    want: "1",
  },
  { name: "a filter beside ids", input: { InstanceIds: [id("1"), id("3")], ...filter("tag:owner", "ada") }, want: "1" },
];

test("DescribeInstances chooses:", async (t) => {
  const { ec2 } = await startRegions(t, [someRegion], { now: () => now });
  for (const { name, input, want } of chosen) t.equal((await idsOf(ec2, input)).join(""), want, name);
});

const values = (count: number): DescribeInstancesCommandInput =>
  filter("instance-id", ...Array.from({ length: count }, (_, index) => id(String(index))));

const refused: readonly { name: string; input: DescribeInstancesCommandInput; want: object }[] = [
  {
    name: "an unknown id",
    input: { InstanceIds: [id("1"), id("77")] },
    want: { name: "InvalidInstanceID.NotFound", status: 400, message: `The instance ID '${id("77")}' does not exist` },
  },
  {
    name: "two unknown ids",
    input: { InstanceIds: [id("77"), id("78")] },
    want: { message: `The instance IDs '${id("77")}, ${id("78")}' do not exist` },
  },
  {
    name: "a malformed id",
    input: { InstanceIds: ["i-xyz"] },
    want: { name: "InvalidInstanceID.Malformed", message: 'Invalid id: "i-xyz"' },
  },
  {
    name: "ids beside a page size",
    input: { InstanceIds: [id("1")], MaxResults: 5 },
    want: { name: "InvalidParameterCombination" },
  },
  { name: "a page size below 5", input: { MaxResults: 4 }, want: { name: "InvalidParameterValue", status: 400 } },
  { name: "a page size above 1000", input: { MaxResults: 1001 }, want: { name: "InvalidParameterValue" } },
  { name: "a made-up token", input: { NextToken: "abc" }, want: { name: "InvalidParameterValue" } },
  { name: "201 filter values", input: values(201), want: { name: "FilterLimitExceeded" } },
  { name: "an unknown filter", input: filter("nonsense", "x"), want: { name: "InvalidParameterValue" } },
  { name: "a dry run", input: { DryRun: true }, want: { name: "DryRunOperation", status: 412 } },
];

test("DescribeInstances refuses:", async (t) => {
  const { ec2 } = await startRegions(t, [someRegion], { now: () => now });
  for (const { name, input, want } of refused)
    t.match(await declaredError(ec2.send(new DescribeInstancesCommand(input))), want, name);
  t.equal(await declaredError(ec2.send(new DescribeInstancesCommand(values(200)))), undefined, "200 values pass");
  for (const MaxResults of [5, 1000])
    t.equal(await declaredError(ec2.send(new DescribeInstancesCommand({ MaxResults }))), undefined, `${MaxResults}`);
});

test("an instance is all there", async (t) => {
  const { ec2 } = await startRegions(t, [someRegion], { now: () => now });
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  t.strictSame(
    Reservations.map(({ Instances = [] }) => Instances.length),
    [2, 1, 1, 1],
    "one reservation for what was launched together",
  );
  const [web, , stopped, gone, spot] = Reservations.flatMap(({ Instances = [] }) => Instances);
  t.match(web, {
    InstanceId: id("1"),
    State: { Code: 16, Name: "running" },
    InstanceType: "m5.large",
    LaunchTime: new Date(now - days(10)),
    Placement: { AvailabilityZone: "eu-west-1a" },
    VpcId: /^vpc-0[0-9a-f]{16}$/,
    SubnetId: /^subnet-0/,
    RootDeviceType: "ebs",
    Operator: { Managed: false },
    NetworkInterfaces: [{ VpcId: web?.VpcId, Attachment: { Status: "attached" } }],
    BlockDeviceMappings: [{ Ebs: { Status: "attached", AttachTime: new Date(now - days(10)) } }],
    MetadataOptions: { HttpTokens: "required" },
  });
  t.equal(web?.PublicIpAddress, undefined);
  t.match(stopped, { StateTransitionReason: /^User initiated/, StateReason: { Code: "Client.UserInitiatedShutdown" } });
  t.strictSame(stopped?.Tags, [
    { Key: "Name", Value: "db <&> 'x' \"ü\"" },
    { Key: "owner", Value: "" },
  ]);
  t.match(gone, { State: { Code: 48, Name: "terminated" }, Tags: [{ Key: "Name", Value: "gone" }] });
  t.strictSame([gone?.VpcId, gone?.PrivateIpAddress, gone?.NetworkInterfaces], [undefined, undefined, undefined]);
  t.match(spot, { InstanceLifecycle: "spot", SpotInstanceRequestId: /^sir-/, PublicIpAddress: /^52\./ });
  t.equal(spot?.Tags, undefined, "no tags, no set");
});

test("what is terminated is seen for an hour", async (t) => {
  let at = now;
  const { ec2 } = await startRegions(t, [someRegion], { now: () => at });
  at = now + hours(1);
  t.ok((await idsOf(ec2, {})).includes("4"));
  at += 1;
  t.notOk((await idsOf(ec2, {})).includes("4"));
  t.match(await declaredError(ec2.send(new DescribeInstancesCommand({ InstanceIds: [id("4")] }))), {
    name: "InvalidInstanceID.NotFound",
  });
});

const fleet = (count: number) =>
  aRegion({
    name: "eu-west-1",
    instances: [aCanary("eu-west-1")],
    fleet: { count, instance: (index) => anInstance({ tags: { Name: `n${index}`, parity: String(index % 2) } }) },
  });

async function walk(client: EC2Client, input: DescribeInstancesCommandInput, pageSize: number) {
  const sizes: number[] = [];
  const seen: (string | undefined)[] = [];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client, pageSize }, input)) {
    const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
    sizes.push(instances.length);
    seen.push(...instances.map(({ InstanceId }) => InstanceId));
  }
  return { sizes, seen };
}

test("pages hold every instance once, filtered or not", async (t) => {
  const { ec2 } = await startRegions(t, [fleet(2500)]);
  const all = await walk(ec2, {}, 1000);
  t.strictSame(all.sizes, [1000, 1000, 501]);
  t.equal(new Set(all.seen).size, 2501);
  const odd = await walk(ec2, filter("tag:parity", "1"), 1000);
  t.strictSame(odd.sizes, [1000, 250]);
  t.strictSame((await walk(ec2, filter("tag:parity", "0"), 625)).sizes, [625, 625], "a full page may be the last");
});

test("pages may be shorter than asked for, even empty", async (t) => {
  const { ec2 } = await startRegions(t, [fleet(200)], { shortPages: 3 });
  const { sizes, seen } = await walk(ec2, {}, 20);
  t.equal(new Set(seen).size, 201);
  t.equal(seen.length, 201);
  t.ok(sizes.length > 11, `${sizes}`);
});

test("a token of one region is none in another", async (t) => {
  const { ec2, configFor } = await startRegions(t, [fleet(10), aRegion({ name: "us-east-1" })]);
  const { NextToken } = await ec2.send(new DescribeInstancesCommand({ MaxResults: 5 }));
  const other = new EC2Client(configFor("us-east-1"));
  t.match(await declaredError(other.send(new DescribeInstancesCommand({ MaxResults: 5, NextToken }))), {
    name: "InvalidParameterValue",
  });
});

test("regions: those enabled, all, and by name", async (t) => {
  const { ec2, configFor } = await startRegions(t, [
    someRegion,
    aRegion({ name: "me-south-1", optInStatus: "not-opted-in" }),
    aRegion({ name: "ap-east-1", optInStatus: "opted-in" }),
  ]);
  const names = async (input: DescribeRegionsCommandInput) =>
    (await ec2.send(new DescribeRegionsCommand(input))).Regions?.map(({ RegionName }) => RegionName);
  t.strictSame(await names({}), ["ap-east-1", "eu-west-1"]);
  t.strictSame(await names({ AllRegions: true }), ["ap-east-1", "eu-west-1", "me-south-1"]);
  t.strictSame(await names({ Filters: [{ Name: "opt-in-status", Values: ["opted-in"] }] }), ["ap-east-1"]);
  t.match(await ec2.send(new DescribeRegionsCommand({ RegionNames: ["ap-east-1"] })), {
    Regions: [{ OptInStatus: "opted-in", Endpoint: "ec2.ap-east-1.amazonaws.com" }],
  });
  t.match(await declaredError(names({ RegionNames: ["xx-north-9"] })), { name: "InvalidParameterValue" });
  for (const region of ["me-south-1", "xx-north-9"])
    t.strictSame(await declaredError(new EC2Client(configFor(region)).send(new DescribeRegionsCommand({}))), {
      name: "AuthFailure",
      status: 401,
      message: "AWS was not able to validate the provided access credentials",
    });
});

test("an account has the usual regions unless told otherwise", async (t) => {
  const { as } = await startRegions(t, [someRegion]);
  const ec2 = new EC2Client(as("222233334444"));
  t.equal((await ec2.send(new DescribeRegionsCommand({}))).Regions?.length, 17);
  const { Regions: all = [] } = await ec2.send(new DescribeRegionsCommand({ AllRegions: true }));
  t.ok(all.length > 17, `${all.length}`);
  t.strictSame((await ec2.send(new DescribeInstancesCommand({}))).Reservations, []);
});

test("tags by resource, key and value", async (t) => {
  const { ec2 } = await startRegions(t, [someRegion], { now: () => now });
  const told = async (Name: string, ...Values: string[]) =>
    (await ec2.send(new DescribeTagsCommand({ Filters: [{ Name, Values }] }))).Tags?.map(
      ({ ResourceId, Key, Value }) => `${ResourceId?.slice(-1)} ${Key}=${Value}`,
    );
  t.strictSame(await told("resource-id", id("2"), id("1")), [
    "1 Name=web-1",
    "1 owner=ada",
    "2 Name=web-2",
    "2 note=50% off*",
  ]);
  t.strictSame(await told("resource-id", "*3"), ["3 Name=db <&> 'x' \"ü\"", "3 owner="]);
  t.strictSame(await told("tag:owner", "a*"), ["1 owner=ada"]);
  t.strictSame(await told("resource-id", id("6")), []);
});

test("attributes, one a call", async (t) => {
  const { ec2 } = await startRegions(t, [
    aRegion({ name: "eu-west-1", instances: [anInstance({ id: id("1"), isTerminationProtected: true })] }),
  ]);
  const ask = (Attribute: "disableApiTermination" | "disableApiStop", InstanceId = id("1")) =>
    ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute }));
  t.match(await ask("disableApiTermination"), { InstanceId: id("1"), DisableApiTermination: { Value: true } });
  t.match(await ask("disableApiStop"), { DisableApiStop: { Value: false } });
  t.match(await declaredError(ask("disableApiStop", id("2"))), { name: "InvalidInstanceID.NotFound" });
});

test("instance types: by name, in pages of a hundred, and none that is unknown", async (t) => {
  const { ec2 } = await startRegions(t, [someRegion]);
  const { InstanceTypes = [] } = await ec2.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: ["m5.large", "c6i.24xlarge", "t2.micro"] }),
  );
  t.strictSame(
    InstanceTypes.map(({ InstanceType, VCpuInfo }) => [InstanceType, VCpuInfo?.DefaultVCpus]),
    [
      ["c6i.24xlarge", 96],
      ["m5.large", 2],
      ["t2.micro", 1],
    ],
  );
  const sizes: number[] = [];
  for await (const page of paginateDescribeInstanceTypes({ client: ec2 }, {}))
    sizes.push(page.InstanceTypes?.length ?? 0);
  t.ok(sizes.length > 1 && sizes[0] === 100, `${sizes}`);
  // A type that AWS has and the offline one does not.
  const unknown = new DescribeInstanceTypesCommand({ InstanceTypes: ["m5.large", "p3.2xlarge"] });
  t.match(await declaredError(ec2.send(unknown)), { name: "InvalidInstanceType", message: /\[p3.2xlarge\]/ });
});

test("instances under conversion", async (t) => {
  const { ec2 } = await startRegions(t, [
    aRegion({
      name: "eu-west-1",
      instances: [anInstance({ id: id("1"), conversion: "import" }), anInstance({ id: id("2"), conversion: "export" })],
    }),
  ]);
  const imports = await ec2.send(new DescribeConversionTasksCommand({}));
  t.match(imports.ConversionTasks, [{ State: "active", ImportInstance: { InstanceId: id("1") } }]);
  const exports = await ec2.send(new DescribeExportTasksCommand({}));
  t.match(exports.ExportTasks, [{ State: "active", InstanceExportDetails: { InstanceId: id("2") } }]);
});

const patterns = [
  { value: "a*c", text: "abbc", want: true },
  { value: "a*c", text: "abcd", want: false },
  { value: "a?c", text: "ac", want: false },
  { value: "a.c", text: "abc", want: false },
  { value: "\\*", text: "*", want: true },
  { value: "\\*", text: "x", want: false },
  { value: "a\\?b", text: "a?b", want: true },
  { value: "a\\\\b", text: "a\\b", want: true },
  { value: "*", text: "two\nlines", want: true },
  { value: "end\\", text: "end\\", want: true },
];

for (const { value, text, want } of patterns)
  test(`filter value ${value} on "${text}" is ${want}`, async (t) => t.equal(filterPattern(value).test(text), want));
