import { AwsError } from "../aws-error.ts";
import type { Useless } from "./mailbox.ts";

/** Codes and words as SQS has them: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html */
export const invalidValue = (name: string, value: string | number, reason: string): AwsError =>
  new AwsError("InvalidParameterValue", 400, `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`);

export const missingParameter = (name: string): AwsError =>
  new AwsError("MissingParameter", 400, `The request must contain the parameter ${name}.`);

/** A receipt that is none is known by its own code, any other by its message (aws-sdk-net #1927, aws-sdk-js #1750). */
export function uselessReceipt(why: Useless, receipt: string, visibility = 0): AwsError {
  switch (why) {
    case "unknown":
      return new AwsError(
        "ReceiptHandleIsInvalid",
        404,
        `The input receipt handle "${receipt}" is not a valid receipt handle.`,
      );
    case "expired":
      return invalidValue("ReceiptHandle", receipt, "The receipt handle has expired.");
    case "not_in_flight":
      return invalidValue(
        "ReceiptHandle",
        receipt,
        "Message does not exist or is not available for visibility timeout change.",
      );
    case "beyond_limit":
      return invalidValue(
        "VisibilityTimeout",
        visibility,
        "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]",
      );
  }
}
