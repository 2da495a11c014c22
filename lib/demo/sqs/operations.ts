import type { Call, Cost, Operation } from "../operation.ts";
import { readText } from "../parameters.ts";
import { changeMessageVisibility, changeMessageVisibilityBatch } from "./change-visibility.ts";
import { deleteMessage, deleteMessageBatch } from "./delete-message.ts";
import { getQueueAttributes, getQueueUrl } from "./queue-attributes.ts";
import { receiveMessage } from "./receive-message.ts";
import { sendMessage, sendMessageBatch } from "./send-message.ts";

/** Only FIFO queues have a limit of their own. */
const costs = ({ action, parameters }: Call): readonly Cost[] => {
  const isFifo = readText(parameters, "QueueUrl")?.endsWith(".fifo") === true;
  return [{ bucket: isFifo ? "sqs fifo" : action, tokens: 1 }];
};

const operations: readonly Operation[] = [
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
  getQueueAttributes,
  getQueueUrl,
  receiveMessage,
  sendMessage,
  sendMessageBatch,
];

export const sqsOperations: readonly Operation[] = operations.map((operation) => ({ ...operation, costs }));
