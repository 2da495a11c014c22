import type { Call, Operation } from "../operation.ts";
import { type RequestParameters, requireText } from "../parameters.ts";
import { answerBatch } from "./batch.ts";
import { missingParameter, uselessReceipt } from "./errors.ts";
import { namesOfMessage } from "./message-names.ts";
import type { Queue } from "./queue.ts";
import { requestedArn, requestedQueue } from "./requested-queue.ts";
import { readVisibility } from "./whole-numbers.ts";

export const changeMessageVisibility: Operation = {
  action: "ChangeMessageVisibility",
  resource: requestedArn,
  isWrite: true,
  answer(call) {
    change(call, requestedQueue(call).queue, call.parameters);
    return {};
  },
};

/** Refused as a whole only for its form, never for what one entry asks. */
export const changeMessageVisibilityBatch: Operation = {
  action: "ChangeMessageVisibilityBatch",
  resource: requestedArn,
  isWrite: true,
  answer(call) {
    const { queue } = requestedQueue(call);
    return answerBatch(call, {
      single: "sqs:ChangeMessageVisibility",
      about: (entry) => namesOfMessage(call, queue, entry),
      answer(entry) {
        change(call, queue, entry);
        return {};
      },
    });
  },
};

function change({ now }: Call, { mailbox }: Queue, entry: RequestParameters): void {
  const receipt = requireText(entry, "ReceiptHandle");
  const visibility = readVisibility(entry);
  if (visibility === undefined) throw missingParameter("VisibilityTimeout");
  const why = mailbox.hide(receipt, visibility, now);
  if (why !== undefined) throw uselessReceipt(why, receipt, visibility / 1000);
}
