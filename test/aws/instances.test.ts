import { Readable } from "node:stream";
import { DescribeInstancesCommand, EC2Client, type Instance as SdkInstance } from "@aws-sdk/client-ec2";
import { HttpResponse } from "@smithy/core/protocols";
import fc from "fast-check";
import { test } from "tap";
import { gatherInstances } from "../../lib/aws/read/gather-instances.ts";
import { asInstance, type InstanceFields } from "../../lib/aws/read/instance-fields.ts";
import { scanXml } from "../../lib/aws/read/scan-xml.ts";
import { streamXml } from "../../lib/aws/read/stream-xml.ts";
import { branch, leaf, walkElements } from "../../lib/aws/read/walk-elements.ts";
import type { Instance } from "../../lib/core/ec2.ts";
import { parseInstant } from "../../lib/core/time.ts";
import { ec2Document } from "../support/fake-ec2.ts";
import { instanceDocument } from "../support/instance-documents.ts";

const region = "eu-west-1";
const from = { action: "ec2:DescribeInstances", region };

/** A client whose every answer is this body, cut where it is told. */
const clientAnswering = (body: Buffer, cuts: readonly number[] = []): EC2Client =>
  new EC2Client({
    region,
    credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
    maxAttempts: 1,
    requestHandler: {
      async handle() {
        const edges = [0, ...cuts.map((cut) => cut % body.length).sort((a, b) => a - b), body.length];
        const chunks = edges.slice(1).map((edge, index) => body.subarray(edges[index], edge));
        return {
          response: new HttpResponse({
            statusCode: 200,
            headers: {},
            body: Readable.from(chunks, { objectMode: false }),
          }),
        };
      },
    },
  });

async function readByStream(body: Buffer, cuts: readonly number[] = []) {
  const command = new DescribeInstancesCommand({});
  const gathered = streamXml(command, gatherInstances);
  const { Reservations: bySdk } = await clientAnswering(body, cuts).send(command);
  const page = gathered()?.page();
  return {
    isTakenFromSdk: bySdk === undefined,
    nextToken: page?.nextToken,
    instances: page?.instances.map((fields) => asInstance(fields, from)),
  };
}

async function readBySdk(body: Buffer) {
  const { Reservations = [], NextToken } = await clientAnswering(body).send(new DescribeInstancesCommand({}));
  return { nextToken: NextToken, instances: Reservations.flatMap(({ Instances = [] }) => Instances.map(asSdkHasIt)) };
}

const asSdkHasIt = (instance: SdkInstance): Instance => ({
  id: instance.InstanceId ?? "",
  region,
  zone: instance.Placement?.AvailabilityZone ?? "",
  state: instance.State?.Name ?? "pending",
  type: instance.InstanceType ?? "",
  launchedAt: instance.LaunchTime?.getTime() ?? 0,
  tags: new Map(instance.Tags?.flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? ""]]))),
  vpcId: instance.VpcId || undefined,
  lifecycle: instance.InstanceLifecycle || undefined,
  spotRequestId: instance.SpotInstanceRequestId || undefined,
  rootDeviceType: instance.RootDeviceType ?? "ebs",
  operator: instance.Operator?.Principal || (instance.Operator?.Managed ? "an unnamed service" : undefined),
  publicAddress: instance.PublicIpAddress || undefined,
});

const cutsInto = fc.array(fc.nat(), { maxLength: 12 });

for (const [name, count] of [
  ["instances", 3],
  ["no-instances", 0],
  ["strange-instances", 2],
] as const) {
  test(`${name}.xml is read as the SDK reads it, wherever it is cut`, async (t) => {
    const body = Buffer.from(ec2Document(name));
    const want = await readBySdk(body);
    t.equal(want.instances.length, count);
    const { isTakenFromSdk, ...read } = await readByStream(body);
    t.ok(isTakenFromSdk);
    t.strictSame(read, want);
    await fc.assert(
      fc.asyncProperty(cutsInto, async (cuts) => {
        const { instances, nextToken } = await readByStream(body, cuts);
        t.strictSame({ instances, nextToken }, want);
      }),
      { numRuns: 20 },
    );
  });

  test(`${name}.xml is read as the SDK reads it, byte by byte`, async (t) => {
    const body = Buffer.from(ec2Document(name));
    const { instances } = await readByStream(
      body,
      Array.from(body, (_byte, index) => index),
    );
    t.strictSame(instances, (await readBySdk(body)).instances);
  });
}

test("what a document says in the strangest way is read right", async (t) => {
  const { instances = [], nextToken } = await readByStream(Buffer.from(ec2Document("strange-instances")));
  const [first, second] = instances;
  t.equal(nextToken, "");
  t.match(first, {
    id: "i-0b000000000000001",
    state: "running",
    zone: "eu-west-1a",
    vpcId: undefined,
    operator: undefined,
  });
  t.equal(first?.publicAddress, undefined);
  t.strictSame(Object.fromEntries(first?.tags ?? []), {
    "ampersand & co": "<b> \"q\" 'a' é é \n",
    order: "value first",
    cdata: "a <b> & c and more",
    comment: "before",
    blank: " ",
    "blanks kept": "  two  ",
    layout: "",
    lines: "one\ntwo",
    empty: "",
    none: "",
    "Zoë 🦊 日本": "𝔘𝔫𝔦",
    constructor: "__proto__",
    ["__proto__"]: "constructor",
    unheard: "yes",
  });
  t.match(second, {
    state: "stopped",
    launchedAt: parseInstant("2026-01-01T00:00:00Z"),
    operator: "an unnamed service",
  });
});

const whole: InstanceFields = {
  ...{ instanceId: "i-1", state: "running", instanceType: "m5.large", launchTime: "2026-01-01T00:00:00.000Z" },
  ...{ zone: "eu-west-1a", rootDeviceType: "ebs", tags: new Map() },
};

const unusable = [
  { name: "no id", fields: { ...whole, instanceId: undefined }, want: "the answer lacks instanceId" },
  { name: "an empty id", fields: { ...whole, instanceId: "" }, want: "the answer lacks instanceId" },
  { name: "no zone", fields: { ...whole, zone: undefined }, want: 'the answer lacks zone of "i-1"' },
  { name: "no type", fields: { ...whole, instanceType: "" }, want: 'the answer lacks instanceType of "i-1"' },
  { name: "no state", fields: { ...whole, state: undefined }, want: 'the answer lacks state of "i-1"' },
  { name: "a new state", fields: { ...whole, state: "resting" }, want: '"i-1" has the unknown state "resting"' },
  {
    name: "a new root",
    fields: { ...whole, rootDeviceType: "tape" },
    want: '"i-1" has the unknown rootDeviceType "tape"',
  },
  { name: "no time", fields: { ...whole, launchTime: "soon" }, want: '"i-1" has the unknown launchTime "soon"' },
] as const;

for (const { name, fields, want } of unusable) {
  test(`an instance with ${name} is no record to judge by`, async (t) =>
    t.throws(() => asInstance(fields, from), { code: "other", message: `ec2:DescribeInstances: ${want}` }));
}

test("text inside a field's own elements is not the field's", async (t) => {
  const texts: string[] = [];
  const scanner = scanXml(walkElements(branch({ a: leaf((text) => texts.push(text)) })));
  scanner.write("<root>1<a>2<a>3</a>4<b>5<a>6</a></b>7</a>8<b>9<a>10</a></b></root>");
  t.ok(scanner.isWhole());
  t.strictSame(texts, ["247"]);
});

test("a document without a list of reservations is no page", async (t) => {
  const gathered = gatherInstances();
  gathered.open("html");
  gathered.close();
  t.equal(gathered.page(), undefined);
});

test("whatever the document, and wherever it is cut, it is read as the SDK reads it", async (t) => {
  await fc.assert(
    fc.asyncProperty(instanceDocument, cutsInto, async (text, cuts) => {
      const body = Buffer.from(text);
      const { instances, nextToken } = await readByStream(body, cuts);
      t.strictSame({ instances, nextToken }, await readBySdk(body));
    }),
    { numRuns: 150 },
  );
});
