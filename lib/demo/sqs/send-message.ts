import { createHash, randomUUID } from "node:crypto";
import { seconds } from "../../core/time.ts";
import { AwsError } from "../aws-error.ts";
import type { Answer, Call, Operation } from "../operation.ts";
import { type RequestParameters, readText } from "../parameters.ts";
import { answerBatch } from "./batch.ts";
import { invalidValue, missingParameter } from "./errors.ts";
import type { Queue } from "./queue.ts";
import { md5, sequenceNumber } from "./receive-message.ts";
import { requestedArn, requestedQueue } from "./requested-queue.ts";
import { readWholeNumber } from "./whole-numbers.ts";

export const sendMessage: Operation = {
  action: "SendMessage",
  resource: requestedArn,
  isWrite: true,
  answer: (call) => send(call, requestedQueue(call).queue, call.parameters),
};

export const sendMessageBatch: Operation = {
  action: "SendMessageBatch",
  resource: requestedArn,
  isWrite: true,
  answer(call) {
    const { queue } = requestedQueue(call);
    refuseLongBatch(call);
    return answerBatch(call, {
      single: "sqs:SendMessage",
      about: () => ({ QueueUrl: call.parameters.QueueUrl }),
      answer: (entry) => send(call, queue, entry),
    });
  },
};

/** Of one message as of all of a batch together (Amazon SQS message quotas). */
const longestBody = 1_048_576;

const lengthOf = (entry: RequestParameters): number => Buffer.byteLength(readText(entry, "MessageBody") ?? "");

function refuseLongBatch({ parameters: { Entries: given } }: Call): void {
  // JSON's list of entries is a list of records.
  const entries = Array.isArray(given) ? (given as readonly RequestParameters[]) : [];
  const length = entries.reduce((sum, entry) => sum + lengthOf(entry), 0);
  if (length <= longestBody) return;
  throw new AwsError(
    "BatchRequestTooLong",
    400,
    `Batch requests cannot be longer than ${longestBody} bytes. You have sent ${length} bytes.`,
  );
}

function send(call: Call, queue: Queue, entry: RequestParameters): Answer {
  const body = readBody(entry);
  const message = queue.mailbox.send(
    {
      ...{ id: randomUUID(), body, senderId: call.caller.userId },
      group: readGroup(queue, entry),
      deduplicationId: readDeduplicationId(queue, entry, body),
      delay: seconds(readWholeNumber(entry, "DelaySeconds", { fallback: queue.delayMs / 1000, least: 0, most: 900 })),
    },
    call.now,
  );
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(body),
    SequenceNumber: queue.isFifo ? sequenceNumber(message) : undefined,
  };
}

/** What XML 1.0 has no characters for, SQS refuses. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const unsendable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

function readBody(entry: RequestParameters): string {
  const body = readText(entry, "MessageBody");
  if (body === undefined || body === "") throw missingParameter("MessageBody");
  if (lengthOf(entry) > longestBody)
    throw invalidValue("MessageBody", "...", `Message must be shorter than ${longestBody} bytes.`);
  if (unsendable.test(body))
    throw new AwsError(
      "InvalidMessageContents",
      400,
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
    );
  return body;
}

/** A standard queue takes one, too, for fair shares; it orders nothing there. */
function readGroup({ isFifo }: Queue, entry: RequestParameters): string | undefined {
  const group = readText(entry, "MessageGroupId");
  if (isFifo && group === undefined) throw missingParameter("MessageGroupId");
  return group;
}

function readDeduplicationId(queue: Queue, entry: RequestParameters, body: string): string | undefined {
  const said = readText(entry, "MessageDeduplicationId");
  if (!queue.isFifo) {
    if (said === undefined) return undefined;
    throw invalidValue(
      "MessageDeduplicationId",
      said,
      "The request includes a parameter that is not valid for this queue type.",
    );
  }
  if (said !== undefined) return said;
  if (queue.deduplicatesByContent) return createHash("sha256").update(body).digest("hex");
  throw new AwsError(
    "InvalidParameterValue",
    400,
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
}
