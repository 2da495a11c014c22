import { createHash } from "node:crypto";
import { seconds } from "../../core/time.ts";
import { AwsError } from "../aws-error.ts";
import type { Answer, Call, Operation } from "../operation.ts";
import { readTexts } from "../parameters.ts";
import { hashText } from "../random.ts";
import type { Kept } from "./kept-message.ts";
import type { Queue } from "./queue.ts";
import { requestedArn, requestedQueue } from "./requested-queue.ts";
import { readVisibility, readWholeNumber } from "./whole-numbers.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
export const receiveMessage: Operation = {
  action: "ReceiveMessage",
  resource: requestedArn,
  answer(call) {
    const { queue } = requestedQueue(call);
    refuseOverflow(queue, call);
    const most = readWholeNumber(call.parameters, "MaxNumberOfMessages", { fallback: 1, least: 1, most: 10 });
    const visibility = readVisibility(call.parameters) ?? queue.visibilityMs;
    const taken = queue.mailbox.take({ most: sampled(call, queue, most), visibility }, call.now);
    const names = namesOf(call);
    return { Messages: taken.length === 0 ? undefined : taken.map((message) => describeMessage(message, names)) };
  },
  waits: {
    most: (call) => seconds(readWait(call, requestedQueue(call).queue)),
    isEnough: ({ Messages }) => Messages !== undefined,
  },
};

const readWait = ({ parameters }: Call, { waitMs }: Queue): number =>
  readWholeNumber(parameters, "WaitTimeSeconds", { fallback: waitMs / 1000, least: 0, most: 20 });

/** A short poll asks some of AWS's machines only, so it may answer fewer than there are, even none. */
function sampled(call: Call, queue: Queue, most: number): number {
  if (call.shortPages === undefined || readWait(call, queue) > 0) return most;
  queue.shortPolls += 1;
  return hashText(`${call.shortPages} ${queue.name} ${queue.shortPolls}`) % (most + 1);
}

/** Of a standard queue; a FIFO queue only stops answering (Amazon SQS message quotas). */
const mostInFlight = 120_000;

function refuseOverflow({ isFifo, mailbox }: Queue, { now }: Call): void {
  if (isFifo || !mailbox.isCrowded(mostInFlight, now)) return;
  throw new AwsError("OverLimit", 403, `Too many messages in flight: the limit is ${mostInFlight}.`);
}

const namesOf = ({ parameters }: Call): readonly string[] => [
  ...readTexts(parameters, "MessageSystemAttributeNames"),
  ...readTexts(parameters, "AttributeNames"),
];

function describeMessage(message: Kept, names: readonly string[]): Answer {
  const attributes = Object.entries(attributesOf(message)).filter(
    ([name, value]) => value !== undefined && (names.includes(name) || names.includes("All")),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5(message.body),
    Body: message.body,
    Attributes: attributes.length === 0 ? undefined : Object.fromEntries(attributes),
  };
}

/** Numbers, too, are texts. */
const attributesOf = (message: Kept): Readonly<Record<string, string | undefined>> => ({
  SenderId: message.senderId,
  SentTimestamp: String(message.sentAt),
  ApproximateReceiveCount: String(message.receiveCount),
  ApproximateFirstReceiveTimestamp: String(message.firstTakenAt),
  MessageGroupId: message.group,
  MessageDeduplicationId: message.deduplicationId,
  SequenceNumber: message.deduplicationId && sequenceNumber(message),
});

export const sequenceNumber = ({ sequence }: Kept): string => String(sequence).padStart(20, "0");

export const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
