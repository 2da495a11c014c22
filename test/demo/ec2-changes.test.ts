import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  DescribeTagsCommand,
  type EC2Client,
  type InstanceStateChange,
  ModifyInstanceAttributeCommand,
  type ModifyInstanceAttributeCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
  type Tag,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { test } from "tap";
import { days, hours, seconds } from "../../lib/core/time.ts";
import { anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import type { InstanceSpec } from "../../lib/demo/scenario/region-specs.ts";
import { startRegions } from "./ec2-clients.ts";
import { declaredError } from "./offline-clients.ts";

const now = days(20_000);

const id = (end: string | number): string => `i-0${String(end).padStart(16, "0")}`;

const west = (...instances: readonly Partial<InstanceSpec>[]) =>
  aRegion({
    name: "eu-west-1",
    instances: instances.map((said, index) => anInstance({ id: id(index + 1), ...said })),
  });

const ids = (...ends: readonly number[]) => ({ InstanceIds: ends.map(id) });

const spell = (changes: readonly InstanceStateChange[] = []) =>
  changes.map(({ PreviousState, CurrentState }) => `${PreviousState?.Name} > ${CurrentState?.Name}`);

async function statesOf(ec2: EC2Client): Promise<readonly (string | undefined)[]> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ IncludeManagedResources: true }));
  return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name));
}

test("stop, start and terminate answer state by state, and end where they should", async (t) => {
  let at = now;
  const { ec2, aws } = await startRegions(t, [west({ publicAddress: "assigned" }, { state: "stopped" })], {
    now: () => at,
  });
  const address = async () =>
    (await ec2.send(new DescribeInstancesCommand(ids(1)))).Reservations?.[0]?.Instances?.[0]?.PublicIpAddress;
  t.type(await address(), "string");
  const stopped = await ec2.send(new StopInstancesCommand(ids(1, 2)));
  t.strictSame(spell(stopped.StoppingInstances), ["running > stopping", "stopped > stopped"]);
  t.strictSame(await statesOf(ec2), ["stopped", "stopped"]);
  t.equal(await address(), undefined, "an assigned address is given up");
  at += hours(1);
  const started = await ec2.send(new StartInstancesCommand(ids(1)));
  t.strictSame(spell(started.StartingInstances), ["stopped > pending"]);
  const { Reservations } = await ec2.send(new DescribeInstancesCommand(ids(1)));
  t.match(Reservations?.[0]?.Instances, [{ State: { Name: "running" }, LaunchTime: new Date(at) }]);
  const ended = await ec2.send(new TerminateInstancesCommand(ids(1, 2)));
  t.strictSame(spell(ended.TerminatingInstances), ["running > shutting-down", "stopped > shutting-down"]);
  const again = await ec2.send(new TerminateInstancesCommand(ids(1, 2)));
  t.strictSame(spell(again.TerminatingInstances), ["terminated > terminated", "terminated > terminated"]);
  t.match(await declaredError(ec2.send(new StartInstancesCommand(ids(1)))), { name: "IncorrectInstanceState" });
  t.match(await declaredError(ec2.send(new StopInstancesCommand(ids(1)))), { name: "IncorrectInstanceState" });
  t.strictSame(
    aws.writes().map(({ action, parameters }) => [action, parameters]),
    [
      ["ec2:StopInstances", { InstanceId: [id(1), id(2)] }],
      ["ec2:StartInstances", { InstanceId: [id(1)] }],
      ["ec2:TerminateInstances", { InstanceId: [id(1), id(2)] }],
      ["ec2:TerminateInstances", { InstanceId: [id(1), id(2)] }],
    ],
  );
});

test("a state on the way takes the region's time", async (t) => {
  let at = now;
  const { ec2 } = await startRegions(t, [{ ...west({}), transitionMs: seconds(30) }], { now: () => at });
  await ec2.send(new StopInstancesCommand(ids(1)));
  at += seconds(30) - 1;
  t.strictSame(await statesOf(ec2), ["stopping"]);
  at += 1;
  t.strictSame(await statesOf(ec2), ["stopped"]);
});

test("an instance of a fleet keeps what is done to it", async (t) => {
  const { ec2, region } = await startRegions(t, [
    aRegion({ name: "eu-west-1", fleet: { count: 3, instance: () => anInstance() } }),
  ]);
  const [first = ""] = region.instances.ids();
  await ec2.send(new StopInstancesCommand({ InstanceIds: [first] }));
  await ec2.send(new CreateTagsCommand({ Resources: [first], Tags: [{ Key: "owner", Value: "ada" }] }));
  t.strictSame(await statesOf(ec2), ["stopped", "running", "running"]);
  const tagged = await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: "tag-key", Values: ["owner"] }] }));
  t.match(tagged.Reservations, [{ Instances: [{ InstanceId: first }] }]);
});

const unstoppable: readonly { name: string; instance: Partial<InstanceSpec>; want: object }[] = [
  { name: "an instance store", instance: { rootDeviceType: "instance-store" }, want: { name: "UnsupportedOperation" } },
  { name: "a one-time spot request", instance: { spotRequest: "one-time" }, want: { name: "UnsupportedOperation" } },
  { name: "stop protection", instance: { isStopProtected: true }, want: { name: "OperationNotPermitted" } },
  {
    name: "a service's own",
    instance: { operator: { principal: "eks.amazonaws.com", isHidden: true } },
    want: { name: "OperationNotPermitted", message: /eks\.amazonaws\.com/ },
  },
  { name: "one that has not begun", instance: { state: "pending" }, want: { name: "IncorrectInstanceState" } },
  { name: "one that has ended", instance: { state: "terminated" }, want: { name: "IncorrectInstanceState" } },
];

test("one that cannot be stopped keeps all from being stopped:", async (t) => {
  for (const { name, instance, want } of unstoppable) {
    const { ec2, aws } = await startRegions(t, [west({}, instance)]);
    t.match(await declaredError(ec2.send(new StopInstancesCommand(ids(1, 2)))), { status: 400, ...want }, name);
    t.equal((await statesOf(ec2))[0], "running", name);
    t.strictSame(aws.writes(), [], name);
  }
});

test("what spares a spot request that persists and termination protection: they can be stopped", async (t) => {
  const { ec2 } = await startRegions(t, [west({ spotRequest: "persistent" }, { isTerminationProtected: true })]);
  await ec2.send(new StopInstancesCommand(ids(1, 2)));
  t.strictSame(await statesOf(ec2), ["stopped", "stopped"]);
});

test("a protected instance saves its own zone, and no other", async (t) => {
  const { ec2, aws } = await startRegions(t, [
    west({}, { isTerminationProtected: true }, { zone: "b" }, { zone: "c", isStopProtected: true }),
  ]);
  t.strictSame(await declaredError(ec2.send(new TerminateInstancesCommand(ids(1, 2, 3, 4)))), {
    name: "OperationNotPermitted",
    status: 400,
    message: `The instance '${id(2)}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  });
  t.strictSame(await statesOf(ec2), ["running", "running", "terminated", "terminated"]);
  t.equal(aws.writes().length, 1, "what is partly done is a write");
  t.ok(await declaredError(ec2.send(new TerminateInstancesCommand(ids(1, 2)))));
  t.equal(aws.writes().length, 1, "what did nothing is none");
});

const unterminable: readonly { name: string; InstanceIds: string[]; want: object }[] = [
  { name: "an unknown id", InstanceIds: [id(1), id(9)], want: { name: "InvalidInstanceID.NotFound" } },
  { name: "a malformed id", InstanceIds: [id(1), "web-1"], want: { name: "InvalidInstanceID.Malformed" } },
  { name: "no id", InstanceIds: [], want: { name: "MissingParameter" } },
];

test("one wrong id keeps all from being terminated:", async (t) => {
  const { ec2 } = await startRegions(t, [west({ zone: "a" }, { zone: "b" })]);
  for (const { name, InstanceIds, want } of unterminable)
    t.match(await declaredError(ec2.send(new TerminateInstancesCommand({ InstanceIds }))), want, name);
  t.strictSame(await statesOf(ec2), ["running", "running"]);
});

test("a dry run says whether it would be allowed, and does nothing", async (t) => {
  const { ec2, aws } = await startRegions(t, [west({})], { denials: [{ action: "ec2:Terminate*" }] });
  t.strictSame(await declaredError(ec2.send(new StopInstancesCommand({ ...ids(1), DryRun: true }))), {
    name: "DryRunOperation",
    status: 412,
    message: "Request would have succeeded, but DryRun flag is set.",
  });
  t.match(await declaredError(ec2.send(new TerminateInstancesCommand({ ...ids(1), DryRun: true }))), {
    name: "UnauthorizedOperation",
    status: 403,
    message:
      /^You are not authorized to perform this operation\. .* ec2:TerminateInstances on resource: arn:aws:ec2:eu-west-1:111122223333:instance\/i-0/,
  });
  t.strictSame(await statesOf(ec2), ["running"]);
  t.strictSame(aws.writes(), []);
});

test("protection is lifted and put, one attribute a call", async (t) => {
  const { ec2, region } = await startRegions(t, [west({ isTerminationProtected: true }, { state: "terminated" })]);
  const modify = (said: Omit<ModifyInstanceAttributeCommandInput, "InstanceId">, end = 1) =>
    declaredError(ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id(end), ...said })));
  const flags = () => {
    const instance = region.instances.find(id(1));
    return [instance?.isTerminationProtected, instance?.isStopProtected];
  };
  t.equal(await modify({ DisableApiTermination: { Value: false } }), undefined);
  t.strictSame(flags(), [false, false]);
  t.equal(await modify({ Attribute: "disableApiStop", Value: "true" }), undefined);
  t.strictSame(flags(), [false, true]);
  t.match(await modify({ DisableApiStop: { Value: false }, DisableApiTermination: { Value: true } }), {
    name: "InvalidParameterCombination",
  });
  t.match(await modify({}), { name: "InvalidParameterCombination" });
  t.match(await modify({ Attribute: "kernel", Value: "true" }), { name: "InvalidParameterValue" });
  t.match(await modify({ Attribute: "disableApiStop", Value: "maybe" }), { name: "InvalidParameterValue" });
  t.match(await modify({ DisableApiStop: { Value: false } }, 2), { name: "IncorrectInstanceState" });
  t.strictSame(flags(), [false, true]);
});

const many = (count: number): Tag[] =>
  Array.from({ length: count }, (_, index) => ({ Key: `key-${index}`, Value: "x" }));

const taggings: readonly { name: string; tags: Tag[]; want: object | undefined }[] = [
  {
    name: "a key of 128 and a value of 256",
    tags: [{ Key: "k".repeat(128), Value: "v".repeat(256) }],
    want: undefined,
  },
  { name: "a key of 129", tags: [{ Key: "k".repeat(129), Value: "" }], want: { name: "InvalidParameterValue" } },
  { name: "a value of 257", tags: [{ Key: "k", Value: "v".repeat(257) }], want: { name: "InvalidParameterValue" } },
  { name: "an empty key", tags: [{ Key: "", Value: "v" }], want: { name: "InvalidParameterValue" } },
  { name: "AWS's own prefix", tags: [{ Key: "aws:x", Value: "v" }], want: { name: "InvalidParameterValue" } },
  { name: "the same key twice", tags: [{ Key: "a" }, { Key: "a" }], want: { name: "InvalidParameterValue" } },
  { name: "fifty with the one it has", tags: many(49), want: undefined },
  { name: "fifty-one", tags: many(50), want: { name: "TagLimitExceeded" } },
  { name: "fifty of which it has one", tags: [{ Key: "Name", Value: "y" }, ...many(49)], want: undefined },
  { name: "none", tags: [], want: { name: "MissingParameter" } },
];

test("CreateTags takes or refuses:", async (t) => {
  for (const { name, tags, want } of taggings) {
    const { ec2, region } = await startRegions(t, [west({ tags: { Name: "web", "aws:autoscaling:groupName": "g" } })]);
    const error = await declaredError(ec2.send(new CreateTagsCommand({ Resources: [id(1)], Tags: tags })));
    if (want === undefined) t.equal(error, undefined, name);
    else t.match(error, want, name);
    const kept = region.instances.find(id(1))?.tags;
    t.equal(tags.at(-1)?.Key !== undefined && kept?.has(tags.at(-1)?.Key ?? "") === true, want === undefined, name);
  }
});

test("a tag overwrites the one of its key, and an unknown instance keeps all from being tagged", async (t) => {
  const { ec2 } = await startRegions(t, [west({ tags: { owner: "ada" } })]);
  const tag = (...Resources: string[]) =>
    declaredError(ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: "owner", Value: "bob & co" }] })));
  const owner = async () => (await ec2.send(new DescribeTagsCommand({}))).Tags?.map(({ Value }) => Value);
  t.match(await tag(id(1), id(2)), { name: "InvalidInstanceID.NotFound" });
  t.strictSame(await owner(), ["ada"]);
  t.equal(await tag(id(1)), undefined);
  t.strictSame(await owner(), ["bob & co"]);
});

const tagged = { owner: "ada", dirty: "skunked", "aws:autoscaling:groupName": "g" };

for (const { name, Tags, want } of [
  {
    name: "with its value goes",
    Tags: [{ Key: "dirty", Value: "skunked" }],
    want: ["aws:autoscaling:groupName", "owner"],
  },
  { name: "with another value stays", Tags: [{ Key: "dirty", Value: "clean" }], want: Object.keys(tagged).sort() },
  { name: "named by its key alone goes", Tags: [{ Key: "dirty" }], want: ["aws:autoscaling:groupName", "owner"] },
  { name: "goes with all others where none is named", Tags: undefined, want: ["aws:autoscaling:groupName"] },
  { name: "that it does not have is nothing", Tags: [{ Key: "team" }], want: Object.keys(tagged).sort() },
]) {
  test(`DeleteTags: a tag ${name}`, async (t) => {
    const { ec2, region } = await startRegions(t, [west({ tags: tagged })]);
    await ec2.send(new DeleteTagsCommand({ Resources: [id(1)], Tags }));
    t.strictSame([...(region.instances.find(id(1))?.tags.keys() ?? [])].sort(), want);
  });
}

for (const { name, Resources, Tags, want } of [
  {
    name: "an unknown instance",
    Resources: [id(1), id(2)],
    Tags: [{ Key: "owner" }],
    want: "InvalidInstanceID.NotFound",
  },
  { name: "AWS's own tag", Resources: [id(1)], Tags: [{ Key: "aws:x" }], want: "InvalidParameterValue" },
  { name: "no instance", Resources: [], Tags: [{ Key: "owner" }], want: "MissingParameter" },
]) {
  test(`DeleteTags refuses ${name}`, async (t) => {
    const { ec2, region } = await startRegions(t, [west({ tags: tagged })]);
    t.match(await declaredError(ec2.send(new DeleteTagsCommand({ Resources, Tags }))), { name: want });
    t.equal(region.instances.find(id(1))?.tags.size, 3);
  });
}
