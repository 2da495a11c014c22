import { test } from "tap";
import { classifyError } from "../../lib/aws/classify-error.ts";

const named = (name: string) => Object.assign(new Error("words that decide nothing"), { name });
const status = (httpStatusCode: number) => Object.assign(named("Unheard"), { $metadata: { httpStatusCode } });

const cases = [
  { name: "IAM's denial", thrown: named("AccessDenied"), want: "denied" },
  { name: "Organizations' denial", thrown: named("AccessDeniedException"), want: "denied" },
  { name: "EC2's denial", thrown: named("UnauthorizedOperation"), want: "denied" },
  { name: "a queue's own key, denied", thrown: named("KmsAccessDenied"), want: "denied" },
  { name: "a region that is not enabled", thrown: named("AuthFailure"), want: "denied" },
  { name: "an unknown name under 403", thrown: status(403), want: "denied" },
  { name: "throttling", thrown: named("Throttling"), want: "throttled" },
  { name: "the report's own limit", thrown: named("LimitExceededException"), want: "throttled" },
  { name: "a table beyond its capacity", thrown: named("ProvisionedThroughputExceededException"), want: "throttled" },
  { name: "EC2's own throttling", thrown: named("RequestLimitExceeded"), want: "throttled" },
  { name: "SQS's throttling", thrown: named("RequestThrottled"), want: "throttled" },
  { name: "too many messages in flight", thrown: named("OverLimit"), want: "throttled" },
  { name: "a queue's own key, asked too often", thrown: named("KmsThrottled"), want: "throttled" },
  { name: "an unknown name under 429", thrown: status(429), want: "throttled" },
  { name: "a user that vanished", thrown: named("NoSuchEntityException"), want: "missing" },
  { name: "a table or secret that is not there", thrown: named("ResourceNotFoundException"), want: "missing" },
  { name: "a queue that is not there", thrown: named("QueueDoesNotExist"), want: "missing" },
  { name: "an instance that is not there", thrown: named("InvalidInstanceID.NotFound"), want: "missing" },
  { name: "an unknown name under 404, which is no evidence", thrown: status(404), want: "other" },
  { name: "a report still being made", thrown: named("CredentialReportNotReadyException"), want: "not_ready" },
  { name: "an expired session", thrown: named("ExpiredToken"), want: "expired" },
  { name: "no credentials to be found", thrown: named("CredentialsProviderError"), want: "no_credentials" },
  { name: "a key AWS does not know", thrown: named("InvalidClientTokenId"), want: "no_credentials" },
  {
    name: "nobody listens",
    thrown: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
    want: "unreachable",
  },
  { name: "no answer in time", thrown: named("TimeoutError"), want: "unreachable" },
  {
    name: "a code the SDK does not model",
    thrown: Object.assign(named("Error"), { Code: "AccessDenied" }),
    want: "denied",
  },
  { name: "an answer cut off", thrown: named("TornAnswer"), want: "unreachable" },
  { name: "a server's failure is as no answer", thrown: status(500), want: "unreachable" },
  { name: "a name that is every object's", thrown: named("constructor"), want: "other" },
  { name: "a bare text", thrown: "Throttling", want: "other" },
  { name: "nothing at all", thrown: null, want: "other" },
] as const;

for (const { name, thrown, want } of cases) test(name, async (t) => t.equal(classifyError(thrown), want));
