import { type FailureCode, messageOf } from "../core/errors.ts";

/** What nodemailer says of a failure, as far as judging it goes. */
export interface SmtpError extends Error {
  /** Nodemailer's word for the step that failed. */
  readonly code?: string;
  /** The command that was answered, such as `RCPT TO`. */
  readonly command?: string;
  /** The server's answer; absent where there was none. */
  readonly response?: string | false;
  readonly responseCode?: number;
}

export interface MailFailure {
  readonly code: FailureCode;
  readonly says: string;
  /** The server has said no: the message is surely not taken. */
  readonly isRefusal: boolean;
}

/** By the server's answer, else by the step at which there was none. */
export function judgeMailFailure(thrown: unknown): MailFailure {
  const { code, command, response, responseCode }: Partial<SmtpError> = Object(thrown);
  if (typeof response === "string" && responseCode !== undefined && responseCode >= 400) {
    const says = [...(isCommand(command) ? [command] : []), response].join(": ");
    return { code: codeOfReply(command ?? "", response), says: messageOf(says), isRefusal: true };
  }
  return { code: codeByStep.get(code) ?? "other", says: reasonOf(thrown), isRefusal: false };
}

/** Nodemailer names two steps that are none of SMTP's. */
const isCommand = (command: string | undefined): command is string =>
  command !== undefined && command !== "CONN" && command !== "API";

/**
 * RFC 5321 section 4.2.1: 4yz may be tried again later, as a server asks of everybody whom it does not know yet, and 421 is
 * the end of the connection; 5yz is for good. The class 5.7 of RFC 3463 is about what the sender may do.
 */
function codeOfReply(command: string, reply: string): FailureCode {
  if (reply.startsWith("421")) return "unreachable";
  if (reply.startsWith("4")) return "throttled";
  if (/^53[0458]|^5\d\d[ -]5\.7\./.test(reply)) return "denied";
  if (/^(AUTH|CONN)/.test(command) && !reply.startsWith("50")) return "denied";
  if (command === "MAIL FROM" && /^55[034]/.test(reply)) return "denied";
  return command === "RCPT TO" && /^55[0135]/.test(reply) ? "missing" : "other";
}

const codeByStep: ReadonlyMap<unknown, FailureCode> = new Map([
  ["EAUTH", "denied"],
  ["ETLS", "unreachable"],
  ["ESOCKET", "unreachable"],
  ["ECONNECTION", "unreachable"],
  ["ETIMEDOUT", "unreachable"],
  ["EPROTOCOL", "unreachable"],
]);

/** Socket errors of several addresses come as an AggregateError without a message of its own. */
const reasonOf = (thrown: unknown): string =>
  messageOf(thrown instanceof AggregateError && thrown.errors.length > 0 ? thrown.errors[0] : thrown);
