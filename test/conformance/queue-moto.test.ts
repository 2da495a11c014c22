import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { t as file, type Test, test } from "tap";
import { minutes, seconds } from "../../lib/core/time.ts";
import { anAccount, anOrganization } from "../../lib/demo/scenario/builders.ts";
import { aQueue } from "../../lib/demo/scenario/queue-builders.ts";
import { aRegion } from "../../lib/demo/scenario/region-builders.ts";
import { openSqsQueue } from "../../lib/queue/sqs.ts";
import { type OpenQueue, testQueue } from "../contract/queue.ts";
import { clientConfig, startOffline } from "../demo/offline-clients.ts";
import { openOfflineSession } from "../support/offline-session.ts";
import { skipWithout } from "./support/peers.ts";
import { type Moto, startMoto } from "./support/start-moto.ts";

/**
 * The queue's suite on moto's SQS. What moto can't do, and is left out: other accounts' queues (it takes an owner, and
 * looks among the caller's own), senders (all of its messages are one made-up user's), short polls that answer fewer,
 * throttling, faults of single entries, characters that XML lacks (it takes them), and twelve hours counted from the reception (it counts from the sending).
 */
const skip = skipWithout("moto");

file.setTimeout(minutes(3));

const accountId = "123456789012";

if (skip) test("a queue of moto's", { skip }, async () => {});
else await testHere();

async function testHere(): Promise<void> {
  const moto = await startMoto(file);
  testQueue("moto", await openIn(moto));
  test("moto and the offline AWS refuse the same, under the same code", (t) => compareRefusals(t, moto));
}

/** Of a queue called `q`, and of none. */
const refused: Readonly<Record<string, (client: SQSClient, QueueUrl: string) => Promise<unknown>>> = {
  "a name of no queue": (client) => client.send(new GetQueueUrlCommand({ QueueName: "none" })),
  "a URL of no queue": (client, url) => client.send(new ReceiveMessageCommand({ QueueUrl: `${url}-none` })),
  "more than ten": (client, QueueUrl) => client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 11 })),
  "too long a wait": (client, QueueUrl) => client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 21 })),
  "too long a visibility": (client, QueueUrl) =>
    client.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 43_201 })),
  "a receipt of nobody's": (client, QueueUrl) =>
    client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: "none" })),
  "a receipt of nobody's to hide": (client, QueueUrl) =>
    client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: "none", VisibilityTimeout: 1 })),
  "no entries": (client, QueueUrl) => client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [] })),
  "no entries to send": (client, QueueUrl) => client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] })),
  "eleven entries": (client, QueueUrl) =>
    client.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries("abcdefghijk".split("")) })),
  "an id twice": (client, QueueUrl) =>
    client.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries(["a", "a"]) })),
  "an unknown attribute": (client, QueueUrl) =>
    client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Nothing" as "All"] })),
  "too long a delay": (client, QueueUrl) =>
    client.send(new SendMessageCommand({ QueueUrl, MessageBody: "x", DelaySeconds: 901 })),
};

const entries = (ids: readonly string[]) => ids.map((Id) => ({ Id, MessageBody: "x" }));

async function compareRefusals(t: Test, moto: Moto): Promise<void> {
  const queues = [aQueue({ name: "q" })];
  const regions = [aRegion({ name: "us-east-1", queues })];
  const { aws } = await startOffline(t, {
    scenario: anOrganization({ accounts: [anAccount({ id: accountId, regions })] }),
  });
  const theirs = new SQSClient(clientConfig(moto.environment()));
  const ours = new SQSClient(clientConfig(aws.environment()));
  const { QueueUrl = "" } = await theirs.send(new CreateQueueCommand({ QueueName: "q" }));
  for (const [name, ask] of Object.entries(refused)) {
    const our = await codeOf(ask(ours, `${aws.url}/${accountId}/q`));
    t.strictSame(our, await codeOf(ask(theirs, QueueUrl)), name);
    t.match(our, { name: /^[A-Z]/, Code: /[A-Z]/, Type: "Sender" }, name);
  }
}

/** Without its status: moto has 400 for all, SQS's model 404 for a receipt of nobody's. */
async function codeOf(answer: Promise<unknown>) {
  try {
    return await answer;
  } catch (thrown) {
    const { name, Code, Type } = Object(thrown);
    return { name, Code, Type };
  }
}

async function openIn(moto: Moto): Promise<OpenQueue> {
  const session = openOfflineSession(file, moto);
  const sqs = new SQSClient(clientConfig(moto.environment()));
  let made = 0;
  const makeQueue = async (name: string, Attributes: Readonly<Record<string, string>>): Promise<string> =>
    (await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }))).QueueUrl ?? "";
  const open = (queue: string) => openSqsQueue({ session, queue, stop: new AbortController().signal });

  return async (_t, { isFifo = false }) => {
    made += 1;
    const [end, kind] = isFifo ? [".fifo", { FifoQueue: "true" }] : ["", {}];
    const [name, deadName] = [`q-${made}${end}`, `dead-${made}${end}`];
    const deadUrl = await makeQueue(deadName, kind);
    const deadLetterTargetArn = `arn:aws:sqs:${session.region}:${accountId}:${deadName}`;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 });
    const QueueUrl = await makeQueue(name, { ...kind, RedrivePolicy });
    let sent = 0;
    return {
      // One by its name, the other by its URL.
      ...{ queue: await open(name), deadLetters: await open(deadUrl) },
      async send(body, { group } = {}) {
        sent += 1;
        const ordered = group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: String(sent) };
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body, ...ordered }));
      },
      pass: (count) => new Promise((resolve) => setTimeout(resolve, seconds(count + 0.5))),
    };
  };
}
