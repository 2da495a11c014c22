import type { Message as Received } from "@aws-sdk/client-sqs";
import { OpsError } from "../core/errors.ts";
import type { Message, QueueState } from "../core/queue.ts";

export const receivedAttributes = ["SentTimestamp", "SenderId", "ApproximateReceiveCount", "MessageGroupId"] as const;

/** A standard queue's messages may have a group, too, which orders nothing there. */
export function readMessage(
  received: Received,
  { isFifo, asked }: { readonly isFifo: boolean; readonly asked: string },
): Message {
  const { MessageId: id, ReceiptHandle: receipt, Body: body = "", Attributes: attributes = {} } = received;
  const [sentAt, receiveCount] = [Number(attributes.SentTimestamp), Number(attributes.ApproximateReceiveCount)];
  if (id === undefined || receipt === undefined || Number.isNaN(sentAt) || Number.isNaN(receiveCount))
    throw new OpsError("other", `${asked}: the answer has a message without id, receipt, time or receive count`);
  return {
    ...{ id, receipt, body, sentAt, receiveCount, senderId: attributes.SenderId },
    group: isFifo ? attributes.MessageGroupId : undefined,
  };
}

/** Where a queue moves what was delivered too often. */
export interface Redrive {
  readonly maxReceives: number;
  readonly name: string;
  readonly accountId: string;
}

export const describedAttributes = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
  "RedrivePolicy",
] as const;

type Attributes = Readonly<Partial<Record<string, string>>>;

export function readState(attributes: Attributes, asked: string): QueueState {
  const [visible, inFlight, delayed] = describedAttributes.slice(0, 3).map((name) => Number(attributes[name]));
  const counts = [visible, inFlight, delayed];
  if (visible === undefined || inFlight === undefined || delayed === undefined || counts.some(Number.isNaN))
    throw new OpsError("other", `${asked}: the answer lacks a count of messages`);
  const redrive = readRedrive(attributes, asked);
  return { visible, inFlight, delayed, maxReceives: redrive?.maxReceives, deadLetterQueue: redrive?.name };
}

/** `maxReceiveCount` is a number or a text, as whoever set it wrote it. */
export function readRedrive({ RedrivePolicy: text }: Attributes, asked: string): Redrive | undefined {
  if (text === undefined || text === "") return undefined;
  const { deadLetterTargetArn: arn, maxReceiveCount } = parsePolicy(text);
  const [, accountId, name] = /^arn:[^:]+:sqs:[^:]+:(\d{12}):([^:]+)$/.exec(String(arn)) ?? [];
  const maxReceives = Number(maxReceiveCount);
  if (accountId === undefined || name === undefined || !Number.isInteger(maxReceives))
    throw new OpsError("other", `${asked}: the answer's RedrivePolicy can't be read`);
  return { maxReceives, name, accountId };
}

function parsePolicy(text: string): { readonly deadLetterTargetArn?: unknown; readonly maxReceiveCount?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
