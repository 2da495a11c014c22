import { type FailureCode, messageOf } from "../core/errors.ts";
import { type Millis, seconds } from "../core/time.ts";
import { cleanLine } from "./jira-text.ts";

/** An answer as it came, before anybody knows whether it is Jira's. */
export interface RawAnswer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: unknown;
}

/** Why a request to Jira did not do what it was for; `message` is the reason alone, as long as Jira has it. */
export class JiraFailure extends Error {
  readonly code: FailureCode;
  /** The request asked for a change, and it may have been made. */
  readonly mayBeDone: boolean;
  readonly status: number | undefined;
  /** What Jira says of single fields. */
  readonly fieldErrors: Readonly<Record<string, string>>;

  constructor(code: FailureCode, reason: string, what: FailureParts) {
    super(reason);
    this.name = "JiraFailure";
    this.code = code;
    this.mayBeDone = what.mayBeDone;
    this.status = what.status;
    this.fieldErrors = what.fieldErrors ?? {};
  }
}

interface FailureParts {
  readonly mayBeDone: boolean;
  readonly status?: number;
  readonly fieldErrors?: Readonly<Record<string, string>>;
}

/** Undefined for an answer that says it is done. */
export function failureOf(answer: RawAnswer, isChange: boolean): JiraFailure | undefined {
  const { status } = answer;
  const login = answer.header("x-seraph-loginreason");
  // Jira goes on as if nobody had signed in where it can't make out who did: what it then finds missing may well be there.
  const isAnonymous =
    login !== undefined && /AUTHENTICATED_FAILED|AUTHENTICATION_DENIED|AUTHORISATION_FAILED/.test(login);
  if (status >= 200 && status < 300 && !isAnonymous) return undefined;
  const code = isAnonymous ? "denied" : codeOf(status);
  const mayBeDone = isChange && (status < 300 || status === 408 || status >= 500);
  const reason = [
    `HTTP ${status}`,
    ...(isAnonymous ? [`sign-in failed (${cleanLine(login)})`] : []),
    ...reasons(answer),
  ];
  return new JiraFailure(code, reason.join(": "), {
    mayBeDone,
    status,
    fieldErrors: fieldErrors(answer.body),
  });
}

function codeOf(status: number): FailureCode {
  if (status === 401 || status === 403 || status === 407) return "denied";
  if (status === 404 || status === 410) return "missing";
  if (status === 429) return "throttled";
  return status === 408 || status >= 500 ? "unreachable" : "other";
}

function reasons({ status, header, body }: RawAnswer): readonly string[] {
  const location = header("location");
  if (status >= 300 && status < 400) return [`sent elsewhere, to "${originOf(location ?? "")}"`];
  const denied = header("x-authentication-denied-reason");
  const said = [...(denied === undefined ? [] : [denied]), ...saidBy(body)]
    .map(cleanLine)
    .filter((line) => line !== "");
  if (said.length > 0) return [said.join("; ")];
  const type = header("content-type") ?? "";
  return typeof body === "string" && body !== "" ? [`an answer of type "${cleanLine(type)}", which is not Jira's`] : [];
}

/** A sign-in page's address can hold a token of its own. */
const originOf = (location: string): string => (URL.canParse(location) ? new URL(location).origin : "");

/** Jira says it in errorMessages and errors, Atlassian's gateway in message. */
function saidBy(body: unknown): readonly string[] {
  const { errorMessages, message }: { errorMessages?: unknown; message?: unknown } = Object(body);
  const general = Array.isArray(errorMessages) ? errorMessages.map(String) : [];
  const ofFields = Object.entries(fieldErrors(body)).map(([field, says]) => `field "${field}": ${says}`);
  const said = [...general, ...ofFields];
  return said.length === 0 && typeof message === "string" ? [message] : said;
}

function fieldErrors(body: unknown): Readonly<Record<string, string>> {
  const { errors }: { errors?: unknown } = Object(body);
  if (typeof errors !== "object" || errors === null) return {};
  return Object.fromEntries(Object.entries(errors).map(([field, says]) => [field, String(says)]));
}

/** What a socket, the resolver or TLS said instead of an answer. */
export function failureWithoutAnswer(thrown: unknown, isChange: boolean): JiraFailure {
  const reason = messageOf(innermost(thrown)) || codesOf(thrown)[0] || "no answer";
  return new JiraFailure("unreachable", reason, { mayBeDone: isChange && !wasNeverSent(thrown) });
}

interface SystemError {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** A connection was never made, or not to whom it should have been: nothing has gone out. */
function wasNeverSent(thrown: unknown): boolean {
  const { code, syscall, cause, errors }: SystemError = Object(thrown);
  if (syscall === "connect" || syscall === "getaddrinfo") return true;
  if (typeof code === "string" && refusedBefore.test(code)) return true;
  if (Array.isArray(errors) && errors.length > 0) return errors.every(wasNeverSent);
  return cause !== undefined && wasNeverSent(cause);
}

/** Node's and OpenSSL's names for a certificate that is not accepted, and Node's for a request that it won't write. */
const refusedBefore =
  /^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_|UNABLE_TO_|HOSTNAME_MISMATCH|ERR_INVALID_CHAR|ERR_INVALID_URL)/;

function innermost(thrown: unknown): unknown {
  const { errors, cause }: SystemError = Object(thrown);
  if (Array.isArray(errors) && errors.length > 0) return innermost(errors[0]);
  return cause instanceof Error ? innermost(cause) : thrown;
}

const codesOf = (thrown: unknown): readonly string[] => {
  const { code }: SystemError = Object(thrown);
  return typeof code === "string" ? [code] : [];
};

/** How long a throttled request is to wait: Jira says it in seconds. */
export function retryDelay(retryAfter: string | undefined): Millis {
  const asked = (retryAfter ?? "").trim();
  return /^\d+(\.\d+)?$/.test(asked) ? Math.max(seconds(Number(asked)), shortestDelay) : unsaidDelay;
}

/** Never so short that waiting becomes a loop. */
const shortestDelay: Millis = seconds(1);
const unsaidDelay: Millis = seconds(5);
