import { errors } from "@elastic/elasticsearch";
import { type FailureCode, messageOf, OpsError } from "../core/errors.ts";
import { type Millis, seconds } from "../core/time.ts";

interface FailureParts {
  readonly status?: number;
  /** Elasticsearch's own name for it. */
  readonly type?: string;
  /** The same request may well be taken a little later. */
  readonly isPassing?: boolean;
  /** How long the server asks to be left alone. */
  readonly retryAfter?: Millis | undefined;
}

/** Why a request to Elasticsearch did not do what it was for. It has no cause: the client's errors hold whole requests. */
export class ElasticsearchFailure extends OpsError {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly isPassing: boolean;
  readonly retryAfter: Millis | undefined;

  constructor(code: FailureCode, message: string, { status, type, isPassing = false, retryAfter }: FailureParts = {}) {
    super(code, message);
    this.name = "ElasticsearchFailure";
    this.status = status;
    this.type = type;
    this.isPassing = isPassing;
    this.retryAfter = retryAfter;
  }
}

/** An answer as the client hands it on, whatever its status. */
export interface RawAnswer {
  readonly statusCode?: number | undefined;
  readonly headers?: object | undefined;
  readonly body?: unknown;
}

/** What the client threw, by its class and the status; the words of servers and sockets are only repeated. */
export function classifyThrown(thrown: unknown): ElasticsearchFailure {
  if (thrown instanceof ElasticsearchFailure) return thrown;
  if (thrown instanceof errors.ResponseError) return refusal(thrown.meta);
  if (thrown instanceof errors.ProductNotSupportedError)
    return new ElasticsearchFailure("other", foreignAnswer(thrown.meta ?? {}));
  if (thrown instanceof errors.DeserializationError)
    return new ElasticsearchFailure("unreachable", "the answer is no JSON", { isPassing: true });
  if (thrown instanceof errors.TimeoutError)
    return new ElasticsearchFailure("unreachable", "no answer in time", { isPassing: true });
  // A refused connection to a name with several addresses comes without any words.
  if (thrown instanceof errors.ConnectionError)
    return new ElasticsearchFailure("unreachable", messageOf(thrown) || "no connection", { isPassing: true });
  return new ElasticsearchFailure("other", messageOf(thrown));
}

/** An answer that is not of the form that was asked for; the client takes a redirect, too, for success. */
export const unexpected = (answer: RawAnswer): ElasticsearchFailure =>
  new ElasticsearchFailure("other", foreignAnswer(answer));

const foreignAnswer = ({ statusCode, headers }: RawAnswer): string =>
  `HTTP ${statusCode}: the answer, of type "${headerOf(headers, "content-type") ?? ""}", is not Elasticsearch's`;

function refusal(answer: RawAnswer): ElasticsearchFailure {
  const { statusCode: status = 0, headers, body } = answer;
  const said = sayError(Object(body).error);
  const isPassing = status === 408 || status === 429 || status >= 500;
  const retryAfter = isPassing ? parseRetryAfter(headerOf(headers, "retry-after")) : undefined;
  const message = said === undefined ? foreignAnswer(answer) : `HTTP ${status}: ${said}`;
  const type = typeOf(Object(body).error);
  return new ElasticsearchFailure(codeOf(status), message, { status, isPassing, retryAfter, ...(type && { type }) });
}

function codeOf(status: number): FailureCode {
  if (status === 401 || status === 403 || status === 407) return "denied";
  if (status === 404) return "missing";
  if (status === 429) return "throttled";
  return status === 408 || status >= 500 ? "unreachable" : "other";
}

/** Of an item or of a whole answer: an object with type and reason, and what caused it; older paths give a text alone. */
export function sayError(error: unknown): string | undefined {
  if (typeof error === "string") return error;
  const { type, reason, caused_by: cause }: { type?: unknown; reason?: unknown; caused_by?: unknown } = Object(error);
  if (typeof type !== "string") return undefined;
  const own = typeof reason === "string" ? `${type}: ${reason}` : type;
  const deeper = sayError(cause);
  return deeper === undefined ? own : `${own}: ${deeper}`;
}

const typeOf = (error: unknown): string | undefined => {
  const { type }: { type?: unknown } = Object(error);
  return typeof type === "string" ? type : undefined;
};

const headerOf = (headers: object | undefined, name: string): string | undefined => {
  const value: unknown = new Map(Object.entries(headers ?? {})).get(name);
  return value === undefined ? undefined : String(value);
};

/** The date that HTTP allows as well is not worth a clock: without a number the wait is our own. */
const parseRetryAfter = (header: string | undefined): Millis | undefined =>
  header !== undefined && /^\d+$/.test(header) ? seconds(Number(header)) : undefined;
