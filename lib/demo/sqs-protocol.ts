import { jsonProtocol } from "./json-protocol.ts";
import type { Protocol } from "./protocol.ts";

const json = jsonProtocol("1.0", "RequestThrottled");

/**
 * AWS JSON 1.0 that still tells an error's code of the query protocol, in a header (smithy's awsQueryCompatible trait):
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
 */
export const sqsProtocol: Protocol = {
  ...json,
  refusals: { ...json.refusals, denied: ["AccessDenied", 403], throttled: ["RequestThrottled", 403] },
  encodeError: ({ code, message }) => JSON.stringify({ __type: shapeOf(code), message }),
  errorHeaders: ({ code, status }) => ({
    "x-amzn-query-error": `${queryCodes[code] ?? code};${status < 500 ? "Sender" : "Receiver"}`,
  }),
};

/** Those that SQS's model does not have are Coral's own, with another ending. */
const shapeOf = (code: string): string =>
  Object.hasOwn(coralShapes, code) ? `com.amazon.coral.service#${coralShapes[code]}` : `com.amazonaws.sqs#${code}`;

const coralShapes: Readonly<Record<string, string>> = {
  AccessDenied: "AccessDeniedException",
  InvalidParameterValue: "InvalidParameterValueException",
  MissingParameter: "MissingRequiredParameterException",
  ThrottlingException: "ThrottlingException",
};

const queryCodes: Readonly<Record<string, string>> = {
  BatchEntryIdsNotDistinct: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  BatchRequestTooLong: "AWS.SimpleQueueService.BatchRequestTooLong",
  EmptyBatchRequest: "AWS.SimpleQueueService.EmptyBatchRequest",
  InvalidBatchEntryId: "AWS.SimpleQueueService.InvalidBatchEntryId",
  MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  TooManyEntriesInBatchRequest: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
  UnsupportedOperation: "AWS.SimpleQueueService.UnsupportedOperation",
};
