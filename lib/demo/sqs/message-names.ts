import type { Call } from "../operation.ts";
import { type RequestParameters, readText } from "../parameters.ts";
import type { Queue } from "./queue.ts";

/** What a fault may name a message by where the request has its receipt alone. */
export function namesOfMessage({ parameters }: Call, { mailbox }: Queue, entry: RequestParameters): RequestParameters {
  const message = mailbox.find(readText(entry, "ReceiptHandle") ?? "");
  return { QueueUrl: parameters.QueueUrl, MessageId: message?.id, MessageBody: message?.body };
}
