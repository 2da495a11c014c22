import type { SQSEvent, SQSRecord } from "aws-lambda";
import { OpsError } from "../core/errors.ts";
import type { Message } from "../core/queue.ts";
import type { Queue } from "../queue/queue.ts";

/** The messages of one invocation as a queue that holds just them. */
export interface EventQueue extends Queue {
  /** Those that were not acknowledged, by message id: what Lambda is answered as `batchItemFailures`. */
  failures(): readonly string[];
}

/**
 * Lambda has received them, hides them while the function runs, and deletes all but those that it is told have failed
 * (Lambda Developer Guide, "Handling errors for an SQS event source"). Of a FIFO queue it says that nothing after a failure
 * may be deleted; marks are the same in whatever order their events come, so here it may.
 */
export function openEventQueue({ Records: records }: SQSEvent, openQueue: () => Promise<Queue>): EventQueue {
  const waiting = records.map(readRecord);
  // The same message may be in an event twice, under two receipts.
  const left = new Map(waiting.map((message) => [message.receipt, message]));
  let opened: Promise<Queue> | undefined;
  const queue = () => {
    opened ??= openQueue();
    return opened;
  };
  return {
    name: records[0]?.eventSourceARN.split(":").at(-1) ?? "none",
    receive: async () => waiting.splice(0, mostAtOnce),
    async acknowledge(messages) {
      for (const { receipt } of messages) left.delete(receipt);
      return [];
    },
    hide: async () => [],
    bury: async (messages) => (await queue()).bury(messages),
    state: async () => (await queue()).state(),
    failures: () => [...new Set([...left.values()].map(({ id }) => id))],
  };
}

const mostAtOnce = 10;

/** A standard queue's messages may have a group, too: its dead-letter queue would not take them with it. */
function readRecord({ messageId: id, receiptHandle: receipt, body, attributes, eventSourceARN }: SQSRecord): Message {
  const { SentTimestamp, ApproximateReceiveCount, SenderId, MessageGroupId } = attributes;
  const group = eventSourceARN.endsWith(".fifo") ? MessageGroupId : undefined;
  const [sentAt, receiveCount] = [Number(SentTimestamp), Number(ApproximateReceiveCount)];
  if (!Number.isSafeInteger(sentAt) || !Number.isSafeInteger(receiveCount))
    throw new OpsError("other", `message "${id}" of the event lacks SentTimestamp or ApproximateReceiveCount`);
  return { id, receipt, body, sentAt, receiveCount, senderId: SenderId, group };
}
