import type { Call, Operation } from "../operation.ts";
import { type RequestParameters, requireText } from "../parameters.ts";
import { answerBatch } from "./batch.ts";
import { uselessReceipt } from "./errors.ts";
import { namesOfMessage } from "./message-names.ts";
import type { Queue } from "./queue.ts";
import { requestedArn, requestedQueue } from "./requested-queue.ts";

export const deleteMessage: Operation = {
  action: "DeleteMessage",
  resource: requestedArn,
  isWrite: true,
  answer(call) {
    remove(call, requestedQueue(call).queue, call.parameters);
    return {};
  },
};

export const deleteMessageBatch: Operation = {
  action: "DeleteMessageBatch",
  resource: requestedArn,
  isWrite: true,
  answer(call) {
    const { queue } = requestedQueue(call);
    return answerBatch(call, {
      single: "sqs:DeleteMessage",
      about: (entry) => namesOfMessage(call, queue, entry),
      answer(entry) {
        remove(call, queue, entry);
        return {};
      },
    });
  },
};

function remove({ now }: Call, { mailbox }: Queue, entry: RequestParameters): void {
  const receipt = requireText(entry, "ReceiptHandle");
  const why = mailbox.remove(receipt, now);
  if (why !== undefined) throw uselessReceipt(why, receipt);
}
