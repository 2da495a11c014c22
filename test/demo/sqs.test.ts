import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { type Test, test } from "tap";
import { days, minutes, parseInstant, seconds } from "../../lib/core/time.ts";
import type { OfflineAwsOptions } from "../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import { aMessage, aQueue } from "../../lib/demo/scenario/queue-builders.ts";
import { aRegion } from "../../lib/demo/scenario/region-builders.ts";
import type { QueueSpec } from "../../lib/demo/scenario/region-specs.ts";
import { declaredError, startOffline } from "./offline-clients.ts";

const began = parseInstant("2026-03-01T12:00:00Z") ?? 0;
const home = "111122223333";
const keyId = "AKIAQUEUEQUEUEQUEUE2";

interface Said extends Partial<OfflineAwsOptions> {
  readonly queues?: readonly QueueSpec[];
}

/** One account with a queue called `q`, and one beside it. */
async function start(t: Test, { queues = [aQueue({ name: "q" })], ...options }: Said = {}) {
  let now = began;
  const users = [aUser({ name: "ada", keys: [aKey({ id: keyId })] })];
  const accounts = [
    anAccount({ id: home, users, regions: [aRegion({ name: "us-east-1", queues })] }),
    anAccount({ id: "222233334444", regions: [aRegion({ name: "us-east-1" })] }),
  ];
  const offline = await startOffline(t, { scenario: anOrganization({ accounts }), now: () => now, ...options });
  const { aws, as } = offline;
  const sqs = new SQSClient(as(home));
  const QueueUrl = `${aws.url}/${home}/${queues[0]?.name}`;
  const receive = async (said: Partial<ReceiveMessageCommand["input"]> = {}) => {
    const MessageSystemAttributeNames = ["All" as const];
    const command = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames,
      ...said,
    });
    return (await sqs.send(command)).Messages ?? [];
  };
  const send = (MessageBody: string, said: Partial<SendMessageCommand["input"]> = {}) =>
    sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...said }));
  const pass = (length: number) => {
    now += length;
  };
  const describe = async (...AttributeNames: GetQueueAttributesCommand["input"]["AttributeNames"] & object) =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes;
  return { ...offline, sqs, QueueUrl, receive, send, pass, describe };
}

test("a message is told of by its sender, times and deliveries", async (t) => {
  const { as, send, receive, pass, QueueUrl, aws } = await start(t);
  const sent = await send("of a role");
  pass(seconds(1));
  const ada = new SQSClient(as(keyId));
  await ada.send(new SendMessageCommand({ QueueUrl, MessageBody: "of a user" }));
  pass(seconds(1));
  const [first, second] = await receive();
  t.match(first, {
    ...{ MessageId: sent.MessageId, Body: "of a role", MD5OfBody: sent.MD5OfMessageBody },
    Attributes: {
      SenderId: /^AROA[A-Z2-7]{17}:offline-aws$/,
      SentTimestamp: String(began),
      ApproximateReceiveCount: "1",
      ApproximateFirstReceiveTimestamp: String(began + seconds(2)),
    },
  });
  const { id } = aws.organization.accounts[0]?.users.find("ada") ?? {};
  t.match(second?.Attributes, { SenderId: id, SentTimestamp: String(began + seconds(1)) });
  t.match(id, /^AIDA/);
});

test("a scenario's messages have the senders, ages and deliveries it says", async (t) => {
  const senderId = "AROAEXAMPLEEXAMPLE234:i-0123456789abcdef0";
  const messages = [aMessage({ body: "x", senderId, ageDays: 1, receiveCount: 4 })];
  const { receive } = await start(t, { queues: [aQueue({ name: "q", messages })] });
  t.match(await receive(), [
    {
      MessageId: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/,
      Attributes: { SenderId: senderId, SentTimestamp: String(began - days(1)), ApproximateReceiveCount: "5" },
    },
  ]);
});

test("only attributes that are asked for are told", async (t) => {
  const { receive, send } = await start(t);
  await send("x");
  t.strictSame(
    (await receive({ MessageSystemAttributeNames: ["SentTimestamp"], VisibilityTimeout: 0 }))[0]?.Attributes,
    {
      SentTimestamp: String(began),
    },
  );
  t.equal((await receive({ MessageSystemAttributeNames: [] }))[0]?.Attributes, undefined);
});

test("a message is hidden for as long as its queue says, or its receive", async (t) => {
  const { receive, send, pass, describe } = await start(t);
  await send("x");
  t.equal((await receive()).length, 1);
  pass(seconds(30) - 1);
  t.equal((await receive()).length, 0, "thirty seconds unless somebody says otherwise");
  t.match(await describe("All"), { ApproximateNumberOfMessages: "0", ApproximateNumberOfMessagesNotVisible: "1" });
  pass(1);
  t.equal((await receive({ VisibilityTimeout: 5 })).length, 1);
  pass(seconds(5));
  t.match(await receive(), [{ Attributes: { ApproximateReceiveCount: "3" } }]);
});

test("a delayed message is counted, and not delivered", async (t) => {
  const { receive, send, pass, describe } = await start(t, { queues: [aQueue({ name: "q", delaySeconds: 5 })] });
  await send("later");
  await send("soon", { DelaySeconds: 1 });
  pass(seconds(1));
  t.match(await receive(), [{ Body: "soon" }]);
  t.match(await describe("ApproximateNumberOfMessagesDelayed"), { ApproximateNumberOfMessagesDelayed: "1" });
  pass(seconds(4));
  t.match(await receive(), [{ Body: "later" }]);
});

test("a long poll is answered when a message comes, by the wait of the call or the queue", async (t) => {
  for (const waitSeconds of [0, 20]) {
    const { receive, send, aws } = await start(t, { queues: [aQueue({ name: "q", waitSeconds })] });
    const coming = receive(waitSeconds === 0 ? { WaitTimeSeconds: 20 } : {});
    while (aws.calls()["sqs:ReceiveMessage"] === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    await send("x");
    t.match(await coming, [{ Body: "x" }]);
    t.equal(aws.calls()["sqs:ReceiveMessage"], 1);
  }
});

test("a long poll is answered when a visibility ends", async (t) => {
  const { receive, send, pass, aws } = await start(t);
  await send("x");
  await receive();
  aws.resetCalls();
  const coming = receive({ WaitTimeSeconds: 20 });
  while (aws.calls()["sqs:ReceiveMessage"] === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  pass(seconds(30));
  t.equal((await coming).length, 1);
});

test("a long poll of an empty queue ends with its time, and one that is denied at once", async (t) => {
  const { receive, aws } = await start(t);
  const asked = performance.now();
  t.strictSame(await receive({ WaitTimeSeconds: 1 }), []);
  t.ok(performance.now() - asked >= seconds(1));
  aws.organization.denials.push({ action: "sqs:ReceiveMessage" });
  t.match(await declaredError(receive({ WaitTimeSeconds: 20 })), { name: "AccessDenied", status: 403 });
  t.equal(aws.denied(), 1);
});

test("short polls answer fewer than there are, even none, and in the end all; long ones what there is", async (t) => {
  const messages = Array.from({ length: 40 }, (_, at) => aMessage({ body: String(at) }));
  const { receive } = await start(t, { queues: [aQueue({ name: "q", messages })], shortPages: 5 });
  t.equal((await receive({ WaitTimeSeconds: 1 })).length, 10);
  const lengths: number[] = [];
  const bodies = new Set<string | undefined>();
  while (bodies.size < 30 && lengths.length < 100) {
    const received = await receive();
    lengths.push(received.length);
    for (const { Body } of received) bodies.add(Body);
  }
  t.equal(bodies.size, 30);
  t.ok(lengths.includes(0), lengths.join(" "));
});

test("a message that was delivered too often goes to the dead-letter queue, with its id, sender and time", async (t) => {
  const queues = [
    aQueue({ name: "q", redrive: { maxReceives: 2, deadLetterQueue: "dead" } }),
    aQueue({ name: "dead" }),
  ];
  const { receive, send, pass, describe, QueueUrl } = await start(t, { queues });
  const { MessageId } = await send("x");
  for (const round of [1, 2]) {
    t.equal((await receive()).length, 1, `${round}`);
    pass(seconds(30));
  }
  t.strictSame(await receive(), []);
  t.match(await receive({ QueueUrl: QueueUrl.replace(/q$/, "dead") }), [
    { MessageId, Attributes: { SentTimestamp: String(began), ApproximateReceiveCount: "3" } },
  ]);
  const { RedrivePolicy = "" } = (await describe("RedrivePolicy")) ?? {};
  t.strictSame(JSON.parse(RedrivePolicy), {
    deadLetterTargetArn: `arn:aws:sqs:us-east-1:${home}:dead`,
    maxReceiveCount: 2,
  });
});

test("a receipt of an earlier delivery deletes nothing, and says so nowhere", async (t) => {
  const { sqs, receive, send, pass, QueueUrl, describe } = await start(t);
  await send("x");
  const [first] = await receive();
  pass(seconds(30));
  await receive();
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
  t.match(await describe("All"), { ApproximateNumberOfMessagesNotVisible: "1" });
});

test("FIFO: what is sent twice within five minutes is taken once", async (t) => {
  const queues = [aQueue({ name: "q.fifo", deduplicatesByContent: true })];
  const { send, receive, pass, describe } = await start(t, { queues });
  const group = { MessageGroupId: "g" };
  const first = await send("x", group);
  t.match(first, { SequenceNumber: /^\d{20}$/ });
  pass(minutes(5) - 1);
  t.equal((await send("x", group)).MessageId, first.MessageId);
  t.equal((await send("y", { ...group, MessageDeduplicationId: "1" })).MessageId === first.MessageId, false);
  pass(1);
  t.not((await send("x", group)).MessageId, first.MessageId);
  const messages = await receive();
  t.strictSame(
    messages.map(({ Body, Attributes }) => [Body, Attributes?.MessageGroupId]),
    ["x", "y", "x"].map((body) => [body, "g"]),
  );
  t.match(await describe("All"), { FifoQueue: "true", ContentBasedDeduplication: "true" });
});

test("FIFO: a group waits for its message in flight, others do not", async (t) => {
  const { send, receive, sqs, QueueUrl, pass } = await start(t, { queues: [aQueue({ name: "q.fifo" })] });
  let sent = 0;
  const sendTo = (MessageGroupId: string, body: string) => {
    sent += 1;
    return send(body, { MessageGroupId, MessageDeduplicationId: String(sent) });
  };
  await sendTo("a", "a1");
  const [first] = await receive();
  for (const body of ["a2", "a3"]) await sendTo("a", body);
  await sendTo("b", "b1");
  t.match(await receive(), [{ Body: "b1" }]);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
  const [second] = await receive({ MaxNumberOfMessages: 1 });
  t.equal(second?.Body, "a2");
  t.strictSame(await receive(), []);
  pass(seconds(30));
  t.strictSame(
    (await receive()).map(({ Body }) => Body),
    ["a2", "a3", "b1"],
  );
  t.match(await declaredError(sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }))), {
    ...{ status: 400, message: /The receipt handle has expired/ },
  });
});

const visible = (Id: string, ReceiptHandle: string | undefined, VisibilityTimeout: number) => ({
  ...{ Id, ReceiptHandle, VisibilityTimeout },
});

test("entries of a batch are answered one by one", async (t) => {
  const { sqs, receive, send, pass, QueueUrl, aws } = await start(t);
  for (const body of ["a", "b", "c"]) await send(body);
  const [a, b, c] = (await receive()).map(({ ReceiptHandle }) => ReceiptHandle);
  pass(seconds(10));
  const hidden = await sqs.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: [visible("1", a, 43_190), visible("2", b, 43_191), visible("3", "none", 1), visible("4", c, 43_201)],
    }),
  );
  t.strictSame(hidden.Successful, [{ Id: "1" }]);
  t.match(hidden.Failed, [
    { Id: "2", SenderFault: true, Code: "InvalidParameterValue", Message: /beyond the limit \[43200 seconds\]/ },
    { Id: "3", SenderFault: true, Code: "ReceiptHandleIsInvalid" },
    { Id: "4", SenderFault: true, Code: "InvalidParameterValue" },
  ]);
  const id = (await receive({ VisibilityTimeout: 0 })).length;
  t.equal(id, 0);
  aws.organization.faults.push({
    ...{ action: "sqs:DeleteMessage", kind: "error", code: "InternalError", status: 500, message: "oops" },
    ...{ parameters: { MessageBody: "b" }, times: 1 },
  });
  const Entries = [a, b].map((ReceiptHandle, at) => ({ Id: String(at), ReceiptHandle }));
  const deleted = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  t.match(deleted, { Successful: [{ Id: "0" }], Failed: [{ Id: "1", SenderFault: false, Code: "InternalError" }] });
  t.match(await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries })), {
    Successful: [{ Id: "0" }, { Id: "1" }],
    Failed: undefined,
  });
  const gone = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: a, VisibilityTimeout: 1 });
  t.match(await declaredError(sqs.send(gone)), { message: /not available for visibility timeout change/ });
  t.strictSame(
    aws
      .writes()
      .map(({ action }) => action)
      .filter((action) => action.endsWith("Batch")),
    ["sqs:ChangeMessageVisibilityBatch", "sqs:DeleteMessageBatch", "sqs:DeleteMessageBatch"],
  );
});

const entries = (ids: readonly string[]) => ids.map((Id) => ({ Id, ReceiptHandle: "r", MessageBody: "x" }));

const batches = [
  { name: "none", ids: [], code: "EmptyBatchRequest" },
  { name: "eleven", ids: "abcdefghijk".split(""), code: "TooManyEntriesInBatchRequest" },
  { name: "one id twice", ids: ["a", "a"], code: "BatchEntryIdsNotDistinct" },
  { name: "an id that is none", ids: ["a b"], code: "InvalidBatchEntryId" },
];

test("a batch is refused as a whole for:", async (t) => {
  const { sqs, QueueUrl } = await start(t);
  for (const { name, ids, code } of batches) {
    const deletion = new DeleteMessageBatchCommand({ QueueUrl, Entries: entries(ids) });
    t.match(await declaredError(sqs.send(deletion)), { name: code, status: 400 }, name);
    const sending = new SendMessageBatchCommand({ QueueUrl, Entries: entries(ids) });
    t.match(await declaredError(sqs.send(sending)), { name: code, status: 400 }, name);
  }
  const long = entries(["a", "b"]).map((entry) => ({ ...entry, MessageBody: "x".repeat(600_000) }));
  t.match(await declaredError(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: long }))), {
    ...{ name: "BatchRequestTooLong", status: 400 },
  });
});

const refusedMessages = [
  { name: "empty", body: "", code: /MissingParameter/ },
  { name: "with a character that XML lacks", body: "a\u0001", code: /InvalidMessageContents/ },
  { name: "with half a character", body: "\ud800", code: /InvalidMessageContents/ },
  {
    name: "with a deduplication id where nothing orders",
    body: "x",
    said: { MessageDeduplicationId: "1" },
    code: /InvalidParameterValue/,
  },
  {
    name: "delayed beyond a quarter of an hour",
    body: "x",
    said: { DelaySeconds: 901 },
    code: /InvalidParameterValue/,
  },
];

test("a message is refused that is:", async (t) => {
  const { send } = await start(t);
  for (const { name, body, said, code } of refusedMessages)
    t.match(await declaredError(send(body, said)), { name: code, status: 400 }, name);
  t.ok(await send("a\t\r\n\u{10ffff}\ufffd"), "of all other characters none");
});

test("what a receive may ask has bounds", async (t) => {
  const { receive } = await start(t);
  for (const said of [
    { MaxNumberOfMessages: 0 },
    { MaxNumberOfMessages: 11 },
    { WaitTimeSeconds: 21 },
    { WaitTimeSeconds: -1 },
    { VisibilityTimeout: 43_201 },
    { VisibilityTimeout: 0.5 },
  ])
    t.match(await declaredError(receive(said)), { status: 400, message: /is invalid|must be/i }, JSON.stringify(said));
});

test("a queue that is not there has two names for that, the older in a header", async (t) => {
  const { sqs, as, QueueUrl, aws } = await start(t);
  const error = await sqs.send(new GetQueueUrlCommand({ QueueName: "none" })).catch((thrown: unknown) => thrown);
  t.match(error, { name: "QueueDoesNotExist", Code: "AWS.SimpleQueueService.NonExistentQueue", Type: "Sender" });
  const raw = await fetch(aws.url, {
    method: "POST",
    headers: { "x-amz-target": "AmazonSQS.GetQueueUrl" },
    body: "{}",
  });
  t.match(raw.headers.get("x-amzn-query-error"), /^MissingAuthenticationTokenException;Sender$/);
  t.equal(raw.headers.get("content-type"), "application/x-amz-json-1.0");
  const stranger = new SQSClient(as("222233334444"));
  const named = new GetQueueUrlCommand({ QueueName: "q", QueueOwnerAWSAccountId: home });
  t.match(await declaredError(stranger.send(named)), { name: "QueueDoesNotExist" }, "nobody else may know");
  const receiving = new ReceiveMessageCommand({ QueueUrl });
  t.match(await declaredError(stranger.send(receiving)), { name: "AccessDenied", message: /is denied/ });
});

test("a queue that is shared is another account's too", async (t) => {
  const { as, QueueUrl, receive } = await start(t, { queues: [aQueue({ name: "q", sharedWith: ["222233334444"] })] });
  const other = new SQSClient(as("222233334444"));
  const named = new GetQueueUrlCommand({ QueueName: "q", QueueOwnerAWSAccountId: home });
  t.equal((await other.send(named)).QueueUrl, QueueUrl);
  await other.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
  t.match(await receive(), [{ Body: "x" }]);
});

test("a denial names the action in small letters, and the queue's ARN", async (t) => {
  const { receive, aws } = await start(t);
  aws.organization.denials.push({ action: "sqs:*" });
  t.match(await declaredError(receive()), {
    name: "AccessDenied",
    message: new RegExp(
      `not authorized to perform: sqs:receivemessage on resource: arn:aws:sqs:us-east-1:${home}:q because`,
    ),
  });
});

test("calls are throttled where a limit is set, those of FIFO queues by their own", async (t) => {
  const limits = { "sqs fifo": { capacity: 1, refillPerSecond: 0 } };
  for (const [name, throttled] of [
    ["q", 0],
    ["q.fifo", 1],
  ] as const) {
    const { receive, aws } = await start(t, { queues: [aQueue({ name })], limits });
    await receive();
    const second = await declaredError(receive());
    t.match(second, throttled === 0 ? undefined : { name: "RequestThrottled", status: 403 }, name);
    t.equal(aws.throttled(), throttled, name);
  }
});
