import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Test, test } from "tap";
import { regionalSession } from "../../lib/aws/regional-session.ts";
import type { Message } from "../../lib/core/queue.ts";
import { hours, type Millis, seconds } from "../../lib/core/time.ts";
import type { Fault } from "../../lib/demo/call-rules.ts";
import { type OfflineAwsOptions, startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { addMessage } from "../../lib/demo/scenario/build-queues.ts";
import { anAccount, anOrganization } from "../../lib/demo/scenario/builders.ts";
import { aMessage, aQueue } from "../../lib/demo/scenario/queue-builders.ts";
import { aRegion } from "../../lib/demo/scenario/region-builders.ts";
import type { QueueSpec } from "../../lib/demo/scenario/region-specs.ts";
import { openSqsQueue, type SqsQueueRequest } from "../../lib/queue/sqs.ts";
import { receiveAll, receiving, testQueue } from "../contract/queue.ts";
import { openOfflineSession } from "../support/offline-session.ts";

const region = "eu-west-1";
const accountId = "111122223333";
const never = new AbortController().signal;

interface Said extends Partial<OfflineAwsOptions> {
  readonly queues?: readonly QueueSpec[];
}

async function start(t: Test, { queues = [aQueue({ name: "skunky" })], ...options }: Said = {}) {
  const regions = [aRegion({ name: region, queues }), aRegion({ name: "us-east-1" })];
  const shared = [aRegion({ name: region, queues: [aQueue({ name: "central", sharedWith: [accountId] })] })];
  const accounts = [anAccount({ regions }), anAccount({ id: "222233334444", regions: shared })];
  const aws = await startOfflineAws({ scenario: anOrganization({ accounts }), ...options });
  t.teardown(() => aws.close());
  const session = regionalSession(openOfflineSession(t, aws), region);
  const found = aws.organization.accounts[0]?.regions.find(region)?.queues;
  if (found === undefined) throw new Error("no queues were built");
  const open = (queue = "skunky", said: Partial<SqsQueueRequest> = {}) =>
    openSqsQueue({ session, queue, stop: never, ...said });
  const fault = (one: Fault) => aws.organization.faults.push(one);
  const fill = (count: number, name = "skunky", group?: string) => {
    const queue = found.find(name);
    if (queue === undefined) throw new Error(`no queue "${name}"`);
    const at = queue.mailbox.list().length;
    for (let index = at; index < at + count; index += 1)
      addMessage(queue, aMessage({ body: `message ${index}`, group }), { now: Date.now(), name: String(index) });
  };
  return { aws, session, open, fault, fill };
}

testQueue("sqs", async (t, { isFifo = false }) => {
  let now = Date.now();
  const end = isFifo ? ".fifo" : "";
  const [name, deadLetterQueue] = [`skunky${end}`, `skunky-dead${end}`];
  const queues = [aQueue({ name, redrive: { maxReceives: 3, deadLetterQueue } }), aQueue({ name: deadLetterQueue })];
  const { aws, open } = await start(t, { queues, now: () => now });
  const stored = aws.organization.accounts[0]?.regions.find(region)?.queues.find(name);
  if (stored === undefined) throw new Error("no queue was built");
  let sent = 0;
  return {
    ...{ queue: await open(name), deadLetters: await open(deadLetterQueue) },
    async send(body, { group } = {}) {
      sent += 1;
      addMessage(stored, aMessage({ body, group }), { now, name: String(sent) });
    },
    async pass(count) {
      now += seconds(count);
    },
  };
});

const urls = [
  {
    name: "as AWS writes it, of another region than the session's",
    url: (_: string) => `https://sqs.${region}.amazonaws.com/${accountId}/skunky`,
  },
  { name: "as it was written once", url: (_: string) => `https://${region}.queue.amazonaws.com/${accountId}/skunky` },
  { name: "of an endpoint of its own", url: (endpoint: string) => `${endpoint}/${accountId}/skunky`, ofEndpoint: true },
];

test("sqs: a queue's URL is asked for nothing, and used as it is:", async (t) => {
  const { aws, session, fill } = await start(t);
  fill(1);
  for (const { name, url, ofEndpoint = false } of urls) {
    const elsewhere = regionalSession(session, ofEndpoint ? region : "us-east-1");
    const queue = await openSqsQueue({ session: elsewhere, queue: url(aws.url), stop: never });
    t.equal(queue.name, "skunky", name);
    t.match(await queue.state(), { visible: 1 }, name);
  }
  t.equal(aws.calls()["sqs:GetQueueUrl"], undefined);
});

test("sqs: another account's queue is found by its owner", async (t) => {
  const { open } = await start(t);
  const queue = await open("central", { owner: "222233334444" });
  t.match(await queue.state(), { visible: 0 });
  await t.rejects(open("central"), {
    name: "OpsError",
    code: "missing",
    message: /^sqs:GetQueueUrl on queue "central": /,
  });
});

test("sqs: every call that can't be made says which, on which queue, and why", async (t) => {
  const { aws, open, fill } = await start(t);
  fill(1);
  const queue = await open();
  const messages = await queue.receive(receiving);
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    "sqs:ReceiveMessage": () => queue.receive(receiving),
    "sqs:DeleteMessage": () => queue.acknowledge(messages),
    "sqs:ChangeMessageVisibility": () => queue.hide(messages, 0),
    "sqs:GetQueueAttributes": () => queue.state(),
    "sqs:GetQueueUrl": () => open(),
  };
  aws.organization.denials.push({ action: "sqs:*" });
  for (const [action, call] of Object.entries(calls))
    await t.rejects(call(), {
      name: "OpsError",
      code: "denied",
      message: new RegExp(`^${action} on queue "skunky": .*not authorized`),
    });
  aws.organization.denials.length = 0;
  const regions = aws.organization.accounts[0]?.regions;
  regions?.find(region)?.queues.remove("skunky");
  for (const [action, call] of Object.entries(calls))
    await t.rejects(call(), {
      name: "OpsError",
      code: "missing",
      message: new RegExp(`^${action} on queue "skunky": `),
    });
});

test("sqs: one that is stopped while it waits says so at once", async (t) => {
  const { open } = await start(t);
  const queue = await open();
  const stopping = new AbortController();
  const began = performance.now();
  const coming = queue.receive({ ...receiving, wait: seconds(20), stop: stopping.signal });
  setImmediate(() => stopping.abort(new Error("SIGTERM")));
  await t.rejects(coming, { code: "stopped", message: 'sqs:ReceiveMessage on queue "skunky": stopped by SIGTERM' });
  t.ok(performance.now() - began < seconds(15), "long before the wait is over");
});

test("sqs: whoever no longer waits is delivered nothing", async (t) => {
  const { aws, open, fill } = await start(t);
  const queue = await open();
  const stopping = new AbortController();
  const coming = queue.receive({ ...receiving, wait: seconds(20), stop: stopping.signal });
  for (let asked = 0; asked === 0; asked = aws.calls()["sqs:ReceiveMessage"] ?? 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  stopping.abort(new Error("SIGTERM"));
  await t.rejects(coming);
  // Time enough for the server to hear of it.
  for (let asked = 0; asked < 5; asked += 1) await queue.state();
  fill(1);
  // Time enough for it to be delivered to whoever is gone.
  for (let asked = 0; asked < 30; asked += 1) t.match(await queue.state(), { visible: 1, inFlight: 0 });
});

test("sqs: throttled, it is asked again", async (t) => {
  const { aws, open, fault, fill } = await start(t);
  fill(1);
  const queue = await open();
  fault({
    action: "sqs:ReceiveMessage",
    kind: "error",
    code: "RequestThrottled",
    status: 403,
    message: "slower",
    times: 1,
  });
  const messages = await queue.receive(receiving);
  t.equal(messages.length, 1);
  t.equal(aws.calls()["sqs:ReceiveMessage"], 2);
});

test("sqs: a lost answer to a deletion is asked for again", async (t) => {
  const { open, fault, fill } = await start(t);
  fill(1);
  const queue = await open();
  const messages = await queue.receive(receiving);
  fault({ action: "sqs:DeleteMessageBatch", kind: "cut", times: 1 });
  t.strictSame(await queue.acknowledge(messages), []);
});

const parts = [
  { action: "sqs:DeleteMessage", ask: "acknowledge" },
  { action: "sqs:ChangeMessageVisibility", ask: "hide" },
  { action: "sqs:SendMessage", ask: "bury" },
] as const;

test("sqs: of a batch, only what failed is refused, with AWS's reason:", async (t) => {
  const queues = [
    aQueue({ name: "skunky", redrive: { maxReceives: 100, deadLetterQueue: "dead" } }),
    aQueue({ name: "dead" }),
  ];
  for (const { action, ask } of parts) {
    const { open, fault, fill } = await start(t, { queues });
    fill(25);
    const queue = await open();
    const messages = await receiveAll(queue);
    fault({
      action,
      kind: "error",
      code: "InternalError",
      status: 500,
      message: "try later",
      parameters: { MessageBody: "message 7" },
    });
    const asked = {
      acknowledge: () => queue.acknowledge(messages),
      hide: () => queue.hide(messages, 0),
      bury: () => queue.bury(messages),
    };
    const refused = await asked[ask]();
    t.strictSame(
      refused,
      [{ message: messages.find(({ body }) => body === "message 7"), says: "InternalError: try later" }],
      ask,
    );
  }
});

test("sqs: where a call of many fails, the others are still sent, and its messages are refused", async (t) => {
  const { aws, open, fault, fill } = await start(t);
  fill(25);
  const queue = await open();
  const messages = await receiveAll(queue);
  fault({
    action: "sqs:DeleteMessageBatch",
    kind: "error",
    code: "AccessDenied",
    status: 403,
    message: "no",
    times: 1,
  });
  const refused = await queue.acknowledge(messages);
  t.equal(aws.calls()["sqs:DeleteMessageBatch"], 3);
  const { inFlight } = await queue.state();
  t.ok(inFlight === 10 || inFlight === 5, `${inFlight}`);
  t.equal(refused.length, inFlight, "those that are left, and no others");
  t.match(refused[0]?.says, /on queue "skunky": no$/);
});

test("sqs: where all calls of many fail, none was done", async (t) => {
  const { open, fault, fill } = await start(t);
  fill(25);
  const queue = await open();
  const messages = await receiveAll(queue);
  fault({ action: "sqs:DeleteMessageBatch", kind: "error", code: "AccessDenied", status: 403, message: "no" });
  await t.rejects(queue.acknowledge(messages), { code: "denied" });
  t.equal((await queue.state()).inFlight, 25);
});

const lengths: readonly { name: string; wait: Millis; visibility: Millis; want: readonly [number, number] }[] = [
  { name: "none", wait: 0, visibility: 0, want: [0, 0] },
  { name: "whole seconds", wait: seconds(5), visibility: seconds(60), want: [5, 60] },
  { name: "parts of seconds", wait: 1, visibility: 59_001, want: [1, 60] },
  { name: "as much as SQS knows", wait: seconds(20), visibility: hours(12), want: [20, 43_200] },
  { name: "more than it knows", wait: seconds(21), visibility: hours(13), want: [20, 43_200] },
  { name: "less than none", wait: -1, visibility: -1, want: [0, 0] },
];

test("sqs: lengths go in whole seconds, between SQS's bounds:", async (t) => {
  const { asked, session } = await startScripted(t, () => ({ Messages: [] }));
  const queue = await openSqsQueue({ session, queue: `${process.env.AWS_ENDPOINT_URL}/1/q`, stop: never });
  for (const { name, wait, visibility, want } of lengths) {
    await queue.receive({ wait, visibility, stop: never });
    const { WaitTimeSeconds, VisibilityTimeout, MaxNumberOfMessages } = asked.at(-1) ?? {};
    t.strictSame([WaitTimeSeconds, VisibilityTimeout, MaxNumberOfMessages], [...want, 10], name);
  }
});

const aReceived = {
  ...{ MessageId: "1", ReceiptHandle: "r", Body: "x", MD5OfBody: "9dd4e461268c8034f5c8564e155c67a6" },
  Attributes: { SentTimestamp: "1000", ApproximateReceiveCount: "2" },
};

const wrong = [
  {
    name: "a body that is not what was sent",
    answer: { Messages: [{ ...aReceived, MD5OfBody: "0".repeat(32) }] },
    says: /MD5/,
  },
  { name: "no id", answer: { Messages: [{ ...aReceived, MessageId: undefined }] }, says: /without id/ },
  {
    name: "no time",
    answer: { Messages: [{ ...aReceived, Attributes: { ApproximateReceiveCount: "2" } }] },
    says: /without id/,
  },
];

test("sqs: an answer that can't be right is an error:", async (t) => {
  let answer: object = { Messages: [aReceived] };
  const { session } = await startScripted(t, () => answer);
  const queue = await openSqsQueue({ session, queue: `${process.env.AWS_ENDPOINT_URL}/1/q`, stop: never });
  t.strictSame(await queue.receive(receiving), [
    { id: "1", receipt: "r", body: "x", sentAt: 1000, receiveCount: 2, senderId: undefined, group: undefined },
  ]);
  for (const { name, says, ...one } of wrong) {
    answer = one.answer;
    await t.rejects(queue.receive(receiving), { name: "OpsError", code: "other", message: says }, name);
  }
  answer = {};
  const message: Message = {
    id: "1",
    receipt: "r",
    body: "x",
    sentAt: 0,
    receiveCount: 1,
    senderId: undefined,
    group: undefined,
  };
  t.strictSame(await queue.acknowledge([message]), [{ message, says: "the answer does not tell of it" }]);
  await t.rejects(queue.state(), { code: "other", message: /lacks a count/ });
});

/** Answers every call alike. */
async function startScripted(t: Test, answer: () => object) {
  const asked: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      asked.push(JSON.parse(body));
      response.setHeader("content-type", "application/x-amz-json-1.0");
      response.end(JSON.stringify(answer()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  // A TCP server that listens has an address of this form.
  const { port } = server.address() as AddressInfo;
  const environment = {
    ...{ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_REGION: region },
    ...{ AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "x" },
  };
  return { asked, session: openOfflineSession(t, { environment: () => environment }) };
}

test("sqs: bodies of a burial go together as far as SQS takes them, each at least alone", async (t) => {
  const queues = [
    aQueue({ name: "skunky", redrive: { maxReceives: 100, deadLetterQueue: "dead" } }),
    aQueue({ name: "dead" }),
  ];
  const { aws, open } = await start(t, { queues });
  const stored = aws.organization.accounts[0]?.regions.find(region)?.queues.find("skunky");
  const bodies = [1_000_000, 100_000, 100_000, 100_000, 1].map((length, at) => String(at).repeat(length));
  for (const body of bodies)
    if (stored !== undefined) addMessage(stored, aMessage({ body }), { now: Date.now(), name: body.slice(0, 1) });
  const queue = await open();
  const messages = await receiveAll(queue);
  t.strictSame(await queue.bury(messages), []);
  t.equal(aws.calls()["sqs:SendMessageBatch"], 3);
  const dead = await open("dead");
  t.strictSame((await receiveAll(dead)).map(({ body }) => body).toSorted(), bodies.toSorted());
  t.strictSame(await queue.bury(messages.slice(0, 1)), []);
  t.equal(aws.calls()["sqs:GetQueueAttributes"], 1, "where they go is asked once");
});
