import { type FailureCode, OpsError } from "../core/errors.ts";

/**
 * The names AWS answers with, by what a program does about them. Names and status decide, never messages: those are
 * reworded without notice. Sources: the services' common error lists, and the SDK's own throttling list.
 */
const codeByName: ReadonlyMap<string, FailureCode> = new Map(
  Object.entries({
    AccessDenied: "denied",
    AccessDeniedException: "denied",
    UnauthorizedOperation: "denied",
    KmsAccessDenied: "denied",
    // Credentials that STS took: EC2's words for a region that is not enabled.
    OptInRequired: "denied",
    AuthFailure: "denied",

    Throttling: "throttled",
    ThrottlingException: "throttled",
    ThrottledException: "throttled",
    RequestThrottled: "throttled",
    RequestThrottledException: "throttled",
    RequestLimitExceeded: "throttled",
    EC2ThrottledException: "throttled",
    ProvisionedThroughputExceededException: "throttled",
    TooManyRequestsException: "throttled",
    SlowDown: "throttled",
    LimitExceeded: "throttled",
    LimitExceededException: "throttled",
    // Of SQS: its own calls to KMS, and too many messages in flight.
    KmsThrottled: "throttled",
    OverLimit: "throttled",

    NoSuchEntity: "missing",
    NoSuchEntityException: "missing",
    "InvalidInstanceID.NotFound": "missing",
    "InvalidInstanceConnectEndpointId.NotFound": "missing",
    ResourceNotFoundException: "missing",
    QueueDoesNotExist: "missing",
    CredentialReportNotPresentException: "missing",
    ReportNotPresent: "missing",
    ParameterNotFound: "missing",
    ParameterVersionNotFound: "missing",
    CredentialReportExpiredException: "missing",
    ReportExpired: "missing",
    CredentialReportNotReadyException: "not_ready",
    ReportInProgress: "not_ready",

    ExpiredToken: "expired",
    ExpiredTokenException: "expired",
    RequestExpired: "expired",
    TokenProviderError: "expired",

    CredentialsProviderError: "no_credentials",
    InvalidClientTokenId: "no_credentials",
    UnrecognizedClientException: "no_credentials",
    SignatureDoesNotMatch: "no_credentials",
    InvalidSignatureException: "no_credentials",
    MissingAuthenticationToken: "no_credentials",
    MissingAuthenticationTokenException: "no_credentials",

    AbortError: "stopped",
    TimeoutError: "unreachable",
    TornAnswer: "unreachable",
    ECONNREFUSED: "unreachable",
    ECONNRESET: "unreachable",
    EHOSTUNREACH: "unreachable",
    ENETUNREACH: "unreachable",
    ENOTFOUND: "unreachable",
    EAI_AGAIN: "unreachable",
    EPIPE: "unreachable",
    ETIMEDOUT: "unreachable",
  } satisfies Record<string, FailureCode>),
);

/** The shape of a thrown SDK or socket error, as far as classification looks at it. */
interface FailureShape {
  readonly name?: string;
  readonly Code?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

export function classifyError(thrown: unknown): FailureCode {
  // Of a call within a call: credentials that a role's assumption was to bring.
  if (thrown instanceof OpsError) return thrown.code;
  if (typeof thrown !== "object" || thrown === null) return "other";
  const shape: FailureShape = thrown;
  for (const name of [shape.name, shape.Code, shape.code]) {
    const code = typeof name === "string" ? codeByName.get(name) : undefined;
    if (code !== undefined) return code;
  }
  return codeByStatus(shape.$metadata?.httpStatusCode);
}

/** A 404 without AWS's word for what is missing may be any proxy's page: no evidence that something is gone. */
function codeByStatus(status: number | undefined): FailureCode {
  if (status === 403) return "denied";
  if (status === 429) return "throttled";
  if (status !== undefined && status >= 500) return "unreachable";
  return "other";
}
