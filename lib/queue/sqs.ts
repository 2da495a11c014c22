import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import pLimit from "p-limit";
import { call } from "../aws/call.ts";
import { sqsClient, sqsClientAt } from "../aws/client/sqs.ts";
import { regionalSession } from "../aws/regional-session.ts";
import type { Session } from "../aws/session.ts";
import { messageOf, OpsError } from "../core/errors.ts";
import type { Message, Refused } from "../core/queue.ts";
import { hours, type Millis, seconds } from "../core/time.ts";
import { type BatchAnswer, type BatchLimits, batchesOf, mostEntries, refusedOf } from "./batches.ts";
import type { Queue } from "./queue.ts";
import { placeQueue } from "./queue-place.ts";
import { queueActions } from "./sqs-actions.ts";
import {
  describedAttributes,
  type Redrive,
  readMessage,
  readRedrive,
  readState,
  receivedAttributes,
} from "./sqs-answers.ts";

export interface SqsQueueRequest {
  readonly session: Session;
  /** Its name, or its URL, which is used as it is: its host says region or endpoint. */
  readonly queue: string;
  /** Whose queue of this name; absent: the session's own account's. */
  readonly owner?: string | undefined;
  /** Ends every call but `receive`, which has its own: it should outlast the work under way. */
  readonly stop: AbortSignal;
}

interface Site {
  readonly client: SQSClient;
  readonly name: string;
  readonly url: string;
  readonly stop: AbortSignal;
}

const { observe, drain, bury: burying } = queueActions;

/** Throws an OpsError where there is no such queue, or none that the session may use. */
export async function openSqsQueue(request: SqsQueueRequest): Promise<Queue> {
  const site = await findQueue(request);
  const { client, name, url, stop } = site;
  const isFifo = name.endsWith(".fifo");
  const ask = <Output>(action: string, send: () => Promise<Output>, until = stop): Promise<Output> =>
    call(`${action} on queue "${name}"`, until, send);
  const describe = async () => {
    const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...describedAttributes] });
    return (await ask(observe.describe, () => client.send(command, { abortSignal: stop }))).Attributes ?? {};
  };
  let grave: Promise<Site> | undefined;
  const findGrave = async (): Promise<Site> => {
    const redrive = readRedrive(await describe(), `${observe.describe} on queue "${name}"`);
    if (redrive === undefined) throw new OpsError("missing", `queue "${name}" has no dead-letter queue`);
    return openGrave(site, redrive);
  };

  return {
    name,
    async receive({ wait, visibility, stop: until }) {
      const command = new ReceiveMessageCommand({
        ...{ QueueUrl: url, MaxNumberOfMessages: mostEntries, MessageSystemAttributeNames: [...receivedAttributes] },
        WaitTimeSeconds: wholeSeconds(wait, longestWait),
        VisibilityTimeout: wholeSeconds(visibility, longestVisibility),
      });
      const waiting = { abortSignal: until, requestTimeout: Math.min(wait, longestWait) + patience };
      const { Messages: received = [] } = await ask(drain.receive, () => client.send(command, waiting), until);
      return received.map((one) => readMessage(one, { isFifo, asked: `${drain.receive} on queue "${name}"` }));
    },
    acknowledge: (messages) =>
      inBatches(messages, tenEntries, (batch) => {
        const Entries = batch.map(({ receipt }, place) => ({ Id: String(place), ReceiptHandle: receipt }));
        const command = new DeleteMessageBatchCommand({ QueueUrl: url, Entries });
        return ask(drain.acknowledge, () => client.send(command, { abortSignal: stop }));
      }),
    hide: (messages, visibility) =>
      inBatches(messages, tenEntries, (batch) => {
        const VisibilityTimeout = wholeSeconds(visibility, longestVisibility);
        const Entries = batch.map(({ receipt }, place) => ({
          ...{ Id: String(place), ReceiptHandle: receipt, VisibilityTimeout },
        }));
        const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries });
        return ask(drain.hide, () => client.send(command, { abortSignal: stop }));
      }),
    async bury(messages) {
      if (messages.length === 0) return [];
      grave ??= findGrave();
      try {
        return await buryIn(await grave, messages);
      } catch (thrown) {
        // It may have been replaced by another.
        grave = undefined;
        throw thrown;
      }
    },
    state: async () => readState(await describe(), `${observe.describe} on queue "${name}"`),
  };
}

async function findQueue({ session, queue, owner, stop }: SqsQueueRequest): Promise<Site> {
  const { name, url, region, endpoint } = placeQueue(queue);
  const regional = regionalSession(session, region ?? session.region);
  const client = endpoint === undefined ? sqsClient(regional) : sqsClientAt(regional, endpoint);
  return { client, name, url: url ?? (await findUrl({ client, stop }, name, owner)), stop };
}

async function findUrl({ client, stop }: Pick<Site, "client" | "stop">, name: string, owner?: string): Promise<string> {
  const asked = `${observe.findUrl} on queue "${name}"`;
  const command = new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: owner });
  const { QueueUrl: url } = await call(asked, stop, () => client.send(command, { abortSignal: stop }));
  if (url === undefined) throw new OpsError("other", `${asked}: the answer lacks QueueUrl`);
  return url;
}

const openGrave = async (site: Site, { name, accountId }: Redrive): Promise<Site> => ({
  ...{ ...site, name },
  url: await findUrl(site, name, accountId),
});

/** A copy's sender is whoever buries it: nobody takes it for a host's word when it is moved back. */
const buryIn = ({ client, name, url, stop }: Site, messages: readonly Message[]): Promise<readonly Refused[]> =>
  inBatches(messages, { ...tenEntries, bytes: longestBatch }, (batch) => {
    const Entries = batch.map(({ id, body, group }, place) => ({
      ...{ Id: String(place), MessageBody: body },
      // Only a FIFO queue's messages have a group, and its dead-letter queue is FIFO, too.
      ...(group !== undefined && { MessageGroupId: group, MessageDeduplicationId: id }),
    }));
    const command = new SendMessageBatchCommand({ QueueUrl: url, Entries });
    return call(`${burying.send} on queue "${name}"`, stop, () => client.send(command, { abortSignal: stop }));
  });

const tenEntries: BatchLimits = { entries: mostEntries };

/** Of every partition; most take four times as much (Amazon SQS message quotas). */
const longestBatch = 262_144;

const batchesAtOnce = 8;

/** Where one batch fails all others are still sent, and its messages are answered as refused; where all fail, it throws. */
async function inBatches(
  messages: readonly Message[],
  limits: BatchLimits,
  send: (batch: readonly Message[]) => Promise<BatchAnswer>,
): Promise<readonly Refused[]> {
  const limit = pLimit(batchesAtOnce);
  const batches = batchesOf(messages, limits);
  const answers = await Promise.allSettled(batches.map((batch) => limit(() => send(batch))));
  const failures = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
  if (failures.length > 0 && failures.length === batches.length) throw failures[0];
  return batches.flatMap((batch, at) => {
    const answer = answers[at];
    if (answer?.status === "fulfilled") return refusedOf(batch, answer.value);
    return batch.map((message) => ({ message, says: messageOf(answer?.reason) }));
  });
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const longestWait: Millis = seconds(20);
const longestVisibility: Millis = hours(12);

/** For the way, beside the wait itself. */
const patience: Millis = seconds(20);

/** SQS knows no smaller unit: rounded up, so that a short wait does not become none. */
const wholeSeconds = (length: Millis, most: Millis): number => Math.ceil(Math.min(Math.max(length, 0), most) / 1000);
