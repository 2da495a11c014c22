import { encodeEc2Members } from "./ec2/encode-xml.ts";
import type { Protocol } from "./protocol.ts";
import { escapeXml } from "./xml.ts";

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * EC2's dialect of AWS query: lists without `member` going in, `item` coming out, no result element, and errors of its own.
 * Codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html; a region that is not enabled answers
 * AuthFailure with status 401, as a wrong key does (steampipe-plugin-aws #75, boto3 #1943).
 */
export const ec2Protocol = (namespace: string): Protocol => ({
  contentType: "text/xml;charset=UTF-8",
  refusals: {
    missing_token: ["MissingParameter", 400, "The request must contain the parameter AWSAccessKeyId"],
    incomplete_signature: ["IncompleteSignature", 400],
    unknown_key: ["AuthFailure", 401, "AWS was not able to validate the provided access credentials"],
    expired: ["RequestExpired", 400, "Request has expired."],
    bad_signature: ["AuthFailure", 401, "AWS was not able to validate the provided access credentials"],
    denied: ["UnauthorizedOperation", 403],
    throttled: ["RequestLimitExceeded", 503, "Request limit exceeded."],
    unknown_action: ["InvalidAction", 400],
  },
  encodeAnswer: (action, answer, requestId) =>
    `${declaration}<${action}Response xmlns="${namespace}">\n    <requestId>${requestId}</requestId>` +
    `${encodeEc2Members(answer)}\n</${action}Response>`,
  encodeError: ({ code, message }, requestId) =>
    `${declaration}<Response><Errors><Error><Code>${escapeXml(ec2Code(code))}</Code>` +
    `<Message>${escapeXml(message)}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
});

const ec2Code = (code: string): string => (code === "ValidationError" ? "InvalidParameterValue" : code);
