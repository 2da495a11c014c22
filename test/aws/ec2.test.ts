import fc from "fast-check";
import { type Test, test } from "tap";
import { ec2Client, ec2WriteClient } from "../../lib/aws/client/ec2.ts";
import { describeInstances, describeInstancesById, describeInstancesByTag } from "../../lib/aws/read/ec2.ts";
import { describeProtection, listTags, mayStop, mayTerminate } from "../../lib/aws/read/ec2-before-acting.ts";
import { listConversions } from "../../lib/aws/read/ec2-conversions.ts";
import { describeRegions, isRegionShut } from "../../lib/aws/read/ec2-regions.ts";
import { describeInstanceTypes } from "../../lib/aws/read/ec2-types.ts";
import { regionalSession } from "../../lib/aws/regional-session.ts";
import type { SomeIds } from "../../lib/aws/some-ids.ts";
import {
  createTags,
  deleteTags,
  type InstanceIntents,
  setStopProtection,
  setTerminationProtection,
  startInstances,
  stopInstances,
  terminateInstances,
} from "../../lib/aws/write/ec2.ts";
import { parseInstant } from "../../lib/core/time.ts";
import { anIntent } from "../support/an-intent.ts";
import { ec2Document, ec2Error, type FakeAnswer, startFakeEc2 } from "../support/fake-ec2.ts";
import { openOfflineSession } from "../support/offline-session.ts";

const region = "eu-west-1";
const stop = new AbortController().signal;
const [one, two] = ["i-0a000000000000001", "i-0a000000000000002"];

async function start(t: Test) {
  const aws = await startFakeEc2(t);
  const session = openOfflineSession(t, aws);
  return {
    ...{ aws, session },
    ec2: { client: ec2Client(session), stop },
    writing: { client: ec2WriteClient(session), stop },
  };
}

const inAnyState = { region, states: ["running", "stopped"] } as const;

async function collect<Item>(pages: AsyncIterable<readonly Item[]>): Promise<readonly (readonly Item[])[]> {
  const all: (readonly Item[])[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

const intentsFor = async (...ids: SomeIds): Promise<InstanceIntents> => {
  const intent = await anIntent();
  const [first, ...others] = ids;
  return [{ intent, instanceId: first }, ...others.map((instanceId) => ({ intent, instanceId }))];
};

const withoutToken = ec2Document("instances").replace(/<nextToken>.*<\/nextToken>/, "");

test("all pages of a region's instances, asked for by state", async (t) => {
  const { ec2, aws, session } = await start(t);
  aws.answer("DescribeInstances", ec2Document("instances"), withoutToken);
  const [first, second, ...more] = await collect(describeInstances(ec2, inAnyState));
  t.strictSame(more, []);
  t.strictSame(second, first);
  t.strictSame(first?.[0], {
    ...{ id: one, region, zone: "eu-west-1c", state: "running", type: "m5.large", rootDeviceType: "ebs" },
    launchedAt: parseInstant("2026-02-03T04:05:06Z"),
    tags: new Map([
      ["Name", "server 1"],
      ["created_by", "ada"],
    ]),
    ...{ vpcId: "vpc-0a000000000000001", publicAddress: "203.0.113.11" },
    ...{ lifecycle: undefined, spotRequestId: undefined, operator: undefined },
  });
  t.match(first?.[2], { lifecycle: "spot", spotRequestId: "sir-0a000001", operator: "eks.amazonaws.com" });
  const asked = {
    ...{ Action: "DescribeInstances", Version: "2016-11-15", MaxResults: "1000", IncludeManagedResources: "true" },
    ...{ "Filter.1.Name": "instance-state-name", "Filter.1.Value.1": "running", "Filter.1.Value.2": "stopped" },
  };
  t.strictSame(
    aws.requests.map((request) => Object.fromEntries(request)),
    [asked, { ...asked, NextToken: "token-of-page-2" }],
  );
  t.strictSame(session.counts, { calls: 2, throttles: 0, retries: 0 });
});

test("instances by id in groups of 200, whatever their state", async (t) => {
  const { ec2, aws } = await start(t);
  aws.answer("DescribeInstances", withoutToken);
  const ids = Array.from({ length: 201 }, (_, index) => `i-${index}`);
  const pages = await collect(describeInstancesById(ec2, { region, ids: ["i-first", ...ids] }));
  t.equal(pages.length, 2);
  const asked = aws.requests.map((request) => [...request].filter(([name]) => name.startsWith("Filter.1.Value.")));
  t.strictSame(
    asked.map(({ length }) => length),
    [200, 2],
  );
  t.strictSame(
    asked.flat().map(([, id]) => id),
    ["i-first", ...ids],
  );
  t.strictSame([...new Set(aws.requests.map((request) => request.get("Filter.1.Name")))], ["instance-id"]);
});

test("an EC2 that knows no managed resources is asked without them, from then on", async (t) => {
  const { ec2, aws } = await start(t);
  aws.answer("DescribeInstances", ec2Error("UnknownParameter"), withoutToken);
  await collect(describeInstances(ec2, inAnyState));
  await collect(describeInstances(ec2, inAnyState));
  t.strictSame(
    aws.requests.map((request) => request.get("IncludeManagedResources")),
    ["true", null, null],
  );
});

const body = withoutToken;

const recovered: readonly { name: string; first: FakeAnswer; requests: number }[] = [
  { name: "a connection that breaks in mid-answer", first: { body, breaksAfter: 3000 }, requests: 2 },
  { name: "an answer cut off inside an element", first: { body: body.slice(0, 3000) }, requests: 2 },
  { name: "an answer cut off at its last end tag", first: { body: body.slice(0, body.lastIndexOf("<")) }, requests: 2 },
  { name: "an empty answer", first: { body: "" }, requests: 2 },
  { name: "throttling", first: ec2Error("RequestLimitExceeded", 503), requests: 2 },
  { name: "a server's bad moment", first: ec2Error("InternalError", 500), requests: 2 },
];

for (const { name, first, requests } of recovered) {
  test(`after ${name} the page is asked for again, and whole`, async (t) => {
    const { ec2, aws } = await start(t);
    aws.answer("DescribeInstances", first, body);
    const pages = await collect(describeInstances(ec2, inAnyState));
    t.strictSame(
      pages.map((page) => page.map(({ id }) => id)),
      [[one, two, "i-0a000000000000003"]],
    );
    t.equal(aws.requests.length, requests);
  });
}

const unusual = [
  { name: "a control character in a tag", from: "server 1", to: "ser\u0001ver", want: "ser\u0001ver", requests: 1 },
  { name: "a reference to one", from: "server 1", to: "ser&#x1;ver", want: "ser\u0001ver", requests: 1 },
  { name: "an entity that nobody declared", from: "server 1", to: "ser&nbsp;ver", want: "server", requests: 2 },
  { name: "a bare ampersand", from: "server 1", to: "me & you", want: "me & you", requests: 2 },
  { name: "a document type", from: "<DescribeI", to: "<!DOCTYPE x><DescribeI", want: "server 1", requests: 2 },
  {
    name: "an attribute with a sign of XML's",
    from: "<reservationSet",
    to: '<reservationSet x=">"',
    want: "server 1",
    requests: 2,
  },
];

for (const { name, from, to, want, requests } of unusual) {
  test(`${name} hides no instance, be it that the SDK reads the page`, async (t) => {
    const { ec2, aws } = await start(t);
    aws.answer("DescribeInstances", body.replace(from, to));
    const [page] = await collect(describeInstances(ec2, inAnyState));
    t.equal(page?.[0]?.tags.get("Name"), want);
    t.strictSame(page?.slice(1), (await readWhole(t)).slice(1));
    t.equal(aws.requests.length, requests);
  });
}

async function readWhole(t: Test) {
  const { ec2, aws } = await start(t);
  aws.answer("DescribeInstances", body);
  return (await collect(describeInstances(ec2, inAnyState))).flat();
}

const failures: readonly { name: string; answer: FakeAnswer; code: string; message: RegExp }[] = [
  {
    name: "a denial",
    answer: ec2Error("UnauthorizedOperation", 403),
    code: "denied",
    message: /^ec2:DescribeInstances: words$/,
  },
  {
    name: "a region that is not enabled",
    answer: ec2Error("AuthFailure", 401),
    code: "denied",
    message: /words/,
  },
  {
    name: "a proxy's page",
    answer: { contentType: "text/html", body: "<html><body>502 Bad Gateway: the proxy says no" },
    code: "other",
    message: /^ec2:DescribeInstances: HTTP 200 of type "text\/html" is no answer of AWS: /,
  },
  {
    name: "a proxy's well-formed page",
    answer: { contentType: "text/html", body: "<html><body>502 Bad Gateway</body></html>" },
    code: "other",
    message: /^ec2:DescribeInstances: the answer lacks reservationSet$/,
  },
  {
    name: "an instance without a zone",
    answer: { body: body.replace("<availabilityZone>eu-west-1a</availabilityZone>", "") },
    code: "other",
    message: /^ec2:DescribeInstances: the answer lacks zone of "i-0a000000000000002"$/,
  },
];

for (const { name, answer, code, message } of failures) {
  test(`${name} is an error, never an empty region`, async (t) => {
    const { ec2, aws } = await start(t);
    aws.answer("DescribeInstances", answer);
    await t.rejects(collect(describeInstances(ec2, inAnyState)), { code, message });
  });
}

test("all regions, those not enabled named as such", async (t) => {
  const { ec2, aws } = await start(t);
  aws.answer("DescribeRegions", ec2Document("regions"));
  t.strictSame(await describeRegions(ec2), [
    { name: "eu-west-1", optIn: "opt-in-not-required", isEnabled: true },
    { name: "af-south-1", optIn: "opted-in", isEnabled: true },
    { name: "ap-east-1", optIn: "not-opted-in", isEnabled: false },
  ]);
  t.equal(aws.requests[0]?.get("AllRegions"), "true");
});

const shut = { name: "ap-east-1", optIn: "not-opted-in", isEnabled: false };
const enabled = { name: "eu-west-1", optIn: "opt-in-not-required", isEnabled: true };

for (const { name, region, error, isUnread = false, want } of [
  { name: "the account has not enabled it", region: "ap-east-1", error: "AuthFailure", want: true },
  { name: "the same, in EC2's other words", region: "ap-east-1", error: "OptInRequired", want: true },
  { name: "it is denied", region: "ap-east-1", error: "UnauthorizedOperation", want: false },
  { name: "it is enabled, and credentials are refused", region: "eu-west-1", error: "AuthFailure", want: false },
  { name: "the account's list lacks it", region: "mars-1", error: "AuthFailure", want: false },
  { name: "the list can't be read", region: "ap-east-1", error: "AuthFailure", isUnread: true, want: false },
]) {
  test(`a region is ${want ? "" : "not "}shut: ${name}`, async (t) => {
    const { ec2, aws } = await start(t);
    aws.answer("DescribeRegions", ec2Error(error, 401));
    const thrown = await describeRegions(ec2).catch((failure: unknown) => failure);
    t.match(thrown, { code: "denied" });
    const describe = async () => (isUnread ? Promise.reject(thrown) : [shut, enabled]);
    t.equal(await isRegionShut(region, thrown, { describeRegions: describe }), want);
  });
}

test("a region's session is made once, and shares credentials and counts", async (t) => {
  const { session } = await start(t);
  const other = regionalSession(session, "us-west-2");
  t.equal(regionalSession(session, "us-west-2"), other);
  t.equal(regionalSession(session, region), session);
  t.strictSame(other, { ...session, region: "us-west-2" });
  t.equal(other.counts, session.counts);
  t.equal(await ec2Client(other).config.region(), "us-west-2");
  t.equal(ec2Client(other), ec2Client(regionalSession(session, "us-west-2")));
  t.not(ec2Client(other), ec2Client(session));
});

test("tags of instances, also of those that have none", async (t) => {
  const { ec2, aws } = await start(t);
  aws.answer("DescribeTags", ec2Document("tags"));
  const tags = await listTags(ec2, [one, two]);
  t.strictSame(Object.fromEntries([...tags].map(([id, own]) => [id, Object.fromEntries(own)])), {
    [one]: { Name: "server & 1", empty: "" },
    [two]: {},
  });
  t.match(Object.fromEntries(aws.requests[0] ?? []), {
    ...{ "Filter.1.Name": "resource-id", "Filter.1.Value.1": one, "Filter.1.Value.2": two, MaxResults: "1000" },
  });
});

test("vCPUs of instance types", async (t) => {
  const { ec2, aws } = await start(t);
  aws.answer("DescribeInstanceTypes", ec2Document("instance-types"));
  const vcpus = await describeInstanceTypes(ec2, ["m5.large", "c5d.xlarge", "unheard.of"]);
  t.strictSame(Object.fromEntries(vcpus), { "m5.large": 2, "c5d.xlarge": 4 });
  t.match(Object.fromEntries(aws.requests[0] ?? []), { "Filter.1.Name": "instance-type", MaxResults: "100" });
});

test("instances under import or export, as long as the task is at work", async (t) => {
  const { ec2, aws } = await start(t);
  aws.answer("DescribeConversionTasks", ec2Document("conversion-tasks"));
  aws.answer("DescribeExportTasks", ec2Document("export-tasks"));
  t.strictSame(
    [...(await listConversions(ec2))],
    ["i-0c000000000000001", "i-0c000000000000003", "i-0c000000000000004"],
  );
});

const flagAnswer = (attribute: string, value: boolean): string =>
  `<DescribeInstanceAttributeResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>
<instanceId>${one}</instanceId><${attribute}><value>${value}</value></${attribute}></DescribeInstanceAttributeResponse>`;

test("both protections of an instance", async (t) => {
  const { ec2, aws } = await start(t);
  aws.answer(
    "DescribeInstanceAttribute",
    flagAnswer("disableApiTermination", true),
    flagAnswer("disableApiStop", false),
  );
  t.strictSame(await describeProtection(ec2, one), { fromTermination: true, fromStop: false });
  t.strictSame(
    aws.requests.map((request) => [request.get("InstanceId"), request.get("Attribute")]),
    [
      [one, "disableApiTermination"],
      [one, "disableApiStop"],
    ],
  );
});

test("a protection that the answer does not say is not taken for none", async (t) => {
  const { ec2, aws } = await start(t);
  aws.answer("DescribeInstanceAttribute", flagAnswer("ebsOptimized", false));
  await t.rejects(describeProtection(ec2, one), { code: "other", message: /lacks disableApi\w+ of "i-0a/ });
});

const dryRuns = [
  { name: "StopInstances", ask: mayStop },
  { name: "TerminateInstances", ask: mayTerminate },
] as const;

for (const { name, ask } of dryRuns) {
  test(`whether ${name} is allowed is asked as a dry run`, async (t) => {
    const { ec2, aws } = await start(t);
    aws.answer(
      name,
      ec2Error("DryRunOperation", 412),
      ec2Error("UnauthorizedOperation", 403),
      ec2Document("stop-instances"),
    );
    t.equal(await ask(ec2, [one, two]), true);
    t.equal(await ask(ec2, [one]), false);
    await t.rejects(ask(ec2, [one]), { message: `ec2:${name} as a dry run: it was answered as if it were none` });
    aws.answer(name, ec2Error("InvalidInstanceID.NotFound"));
    await t.rejects(ask(ec2, [one]), { code: "missing" });
    t.strictSame([...new Set(aws.requests.map((request) => request.get("DryRun")))], ["true"]);
  });
}

const writes = [
  { name: "StopInstances", write: stopInstances, document: ec2Document("stop-instances") },
  {
    name: "StartInstances",
    write: startInstances,
    document: ec2Document("stop-instances").replaceAll("StopInstances", "StartInstances"),
  },
  {
    name: "TerminateInstances",
    write: terminateInstances,
    document: ec2Document("stop-instances").replaceAll("StopInstances", "TerminateInstances"),
  },
] as const;

for (const { name, write, document } of writes) {
  test(`${name} says what became of each instance`, async (t) => {
    const { writing, aws } = await start(t);
    aws.answer(name, document);
    const changes = await write(await intentsFor(one, two, "i-0a000000000000003"), writing);
    t.strictSame(Object.fromEntries(changes), {
      [one]: { from: "running", to: "stopping" },
      [two]: { from: "stopped", to: "stopped" },
    });
    t.strictSame(Object.fromEntries(aws.requests[0] ?? []), {
      ...{ Action: name, Version: "2016-11-15" },
      ...{ "InstanceId.1": one, "InstanceId.2": two, "InstanceId.3": "i-0a000000000000003" },
    });
  });

  test(`${name} is not repeated after a lost answer, and is after a throttled one`, async (t) => {
    const { writing, aws } = await start(t);
    aws.answer(name, { body: document, breaksAfter: 100 }, document);
    await t.rejects(write(await intentsFor(one), writing), { code: "unreachable" });
    t.equal(aws.requests.length, 1);
    aws.answer(name, ec2Error("RequestLimitExceeded", 503), document);
    await write(await intentsFor(one), writing);
    t.equal(aws.requests.length, 3);
  });
}

test("a protected instance fails its call", async (t) => {
  const { writing, aws } = await start(t);
  aws.answer("TerminateInstances", ec2Error("OperationNotPermitted"));
  await t.rejects(terminateInstances(await intentsFor(one), writing), {
    code: "other",
    message: "ec2:TerminateInstances: words",
  });
});

const done = "<Response><requestId>1</requestId><return>true</return></Response>";

test("tags are put, and protection set to either", async (t) => {
  const { writing, aws } = await start(t);
  aws.answer("CreateTags", done);
  aws.answer("ModifyInstanceAttribute", done);
  const [target, ...others] = await intentsFor(one, two);
  await createTags([target, ...others], writing, new Map([["dirty", "a&b"]]));
  await setTerminationProtection(target, writing, false);
  await setStopProtection(target, writing, true);
  const version = "2016-11-15";
  t.strictSame(
    aws.requests.map((request) => Object.fromEntries(request)),
    [
      {
        ...{ Action: "CreateTags", Version: version, "ResourceId.1": one, "ResourceId.2": two },
        ...{ "Tag.1.Key": "dirty", "Tag.1.Value": "a&b" },
      },
      {
        ...{ Action: "ModifyInstanceAttribute", Version: version, InstanceId: one },
        "DisableApiTermination.Value": "false",
      },
      { Action: "ModifyInstanceAttribute", Version: version, InstanceId: one, "DisableApiStop.Value": "true" },
    ],
  );
});

test("a tag is taken off by key and value, so that nothing else goes with it", async (t) => {
  const { writing, aws } = await start(t);
  aws.answer("DeleteTags", done);
  await deleteTags(await intentsFor(one), writing, [["dirty", "a&b"]]);
  t.strictSame(Object.fromEntries(aws.requests[0] ?? []), {
    ...{ Action: "DeleteTags", Version: "2016-11-15", "ResourceId.1": one },
    ...{ "Tag.1.Key": "dirty", "Tag.1.Value": "a&b" },
  });
});

test("instances are asked for by a tag whose value stands for itself alone", async (t) => {
  const { ec2, aws } = await start(t);
  aws.answer("DescribeInstances", body);
  await collect(describeInstancesByTag(ec2, { region, key: "dirty", value: "a*b?c\\d" }));
  t.match(Object.fromEntries(aws.requests[0] ?? []), {
    ...{ "Filter.1.Name": "tag:dirty", "Filter.1.Value.1": "a\\*b\\?c\\\\d", IncludeManagedResources: "true" },
  });
});

test("no call carries an empty list of ids, whoever makes it", async (t) => {
  const { ec2, writing, aws } = await start(t);
  const intent = await anIntent();
  for (const [name, document] of [
    ["DescribeInstances", body],
    ["DescribeTags", ec2Document("tags")],
    ["DescribeInstanceTypes", ec2Document("instance-types")],
    ...["StopInstances", "StartInstances", "TerminateInstances", "CreateTags"].map((name) => [name, done] as const),
  ] as const)
    aws.answer(name, document);
  // What no type lets in, an untyped caller may still send.
  const calls: readonly ((ids: SomeIds) => Promise<unknown>)[] = [
    (ids) => collect(describeInstancesById(ec2, { region, ids })),
    (ids) => collect(describeInstances(ec2, { region, states: ids as never })),
    (ids) => listTags(ec2, ids),
    (ids) => describeInstanceTypes(ec2, ids),
    (ids) => mayStop(ec2, ids).catch(ignoreAnswer),
    (ids) => mayTerminate(ec2, ids).catch(ignoreAnswer),
    (ids) => stopInstances(withIntent(ids), writing),
    (ids) => startInstances(withIntent(ids), writing),
    (ids) => terminateInstances(withIntent(ids), writing),
    (ids) => createTags(withIntent(ids), writing, new Map([["k", "v"]])),
  ];
  const withIntent = (ids: SomeIds) => ids.map((instanceId) => ({ intent, instanceId })) as unknown as InstanceIntents;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...calls), fc.array(fc.uuid(), { maxLength: 450 }), async (send, ids) => {
      const before = aws.requests.length;
      const sent = send(ids as unknown as SomeIds);
      if (ids.length === 0) await t.rejects(sent, { message: /"(Values|InstanceIds|Resources)" is an empty list/ });
      else await sent;
      const requests = aws.requests.slice(before);
      const carried = requests.map((request) => [...request].filter(([, value]) => ids.includes(value)).length);
      t.ok(carried.every((count) => count > 0));
      t.equal(
        carried.reduce((sum, count) => sum + count, 0),
        ids.length,
      );
    }),
    { numRuns: 60, examples: calls.map((send): [typeof send, string[]] => [send, []]) },
  );
});

/** The dry runs' own complaint, that these answers are none to a dry run. */
function ignoreAnswer(thrown: unknown): void {
  if (!(thrown instanceof Error && thrown.message.includes("as if it were none"))) throw thrown;
}
