import type { AwsError } from "./aws-error.ts";
import type { Answer } from "./operation.ts";

/** What AWS refuses before an operation runs; each protocol has its own codes for it. */
export type RefusalKind =
  | "missing_token"
  | "incomplete_signature"
  | "unknown_key"
  | "expired"
  | "bad_signature"
  | "denied"
  | "throttled"
  | "unknown_action";

export interface Protocol {
  readonly contentType: string;
  /** A message where the protocol has its own words. */
  readonly refusals: Readonly<Record<RefusalKind, readonly [code: string, status: number, message?: string]>>;
  encodeAnswer(action: string, answer: Answer, requestId: string): string;
  encodeError(error: AwsError, requestId: string): string;
  /** What an error says beside its body. */
  errorHeaders?(error: AwsError): Readonly<Record<string, string>>;
}
