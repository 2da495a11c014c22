import { AwsError } from "./aws-error.ts";
import type { AnswerValue } from "./operation.ts";
import type { RequestParameters } from "./parameters.ts";
import type { Protocol } from "./protocol.ts";

/** AWS JSON: `X-Amz-Target` names the action, instants are epoch seconds (Organizations 1.1, DynamoDB and SQS 1.0). */
export const jsonProtocol = (version: "1.0" | "1.1", throttledCode: string): Protocol => ({
  contentType: `application/x-amz-json-${version}`,
  refusals: {
    missing_token: ["MissingAuthenticationTokenException", 400],
    incomplete_signature: ["IncompleteSignatureException", 400],
    unknown_key: ["UnrecognizedClientException", 400],
    expired: ["ExpiredTokenException", 400],
    bad_signature: ["InvalidSignatureException", 400],
    denied: ["AccessDeniedException", 400],
    throttled: [throttledCode, 400],
    unknown_action: ["UnknownOperationException", 400],
  },
  encodeAnswer: (_action, answer) => JSON.stringify(asJson(answer)),
  encodeError: ({ code, message }) =>
    JSON.stringify({
      __type: code === "ValidationError" ? "ValidationException" : code,
      ...(message !== "" && { Message: message }),
    }),
});

export function parseJson(body: string): RequestParameters {
  const parsed: unknown = parseOrRefuse(body === "" ? "{}" : body);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw notAnObject();
  // JSON.parse yields exactly the values ParameterValue lists.
  return parsed as RequestParameters;
}

function parseOrRefuse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw notAnObject();
  }
}

const notAnObject = (): AwsError =>
  new AwsError("SerializationException", 400, "the request body is not a JSON object");

function asJson(value: AnswerValue): unknown {
  if (typeof value !== "object") return value;
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(asJson);
  return Object.fromEntries(Object.entries(value).map(([member, item]) => [member, asJson(item)]));
}
