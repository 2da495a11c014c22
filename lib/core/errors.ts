/** Why a call failed, as far as a program's next step depends on it; see `aws/classify-error.ts` for where AWS's names fall. */
export type FailureCode =
  | "denied"
  | "throttled"
  | "missing"
  | "expired"
  | "no_credentials"
  | "unreachable"
  | "not_ready"
  | "stopped"
  | "other";

/** A failure worth one line: `message` says what failed, on what and why. */
export class OpsError extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "OpsError";
    this.code = code;
  }
}

/** The cause at hand as one line of bounded length, whatever was thrown. */
export function messageOf(thrown: unknown): string {
  const line = (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\s+/g, " ").trim();
  return line.length <= longest ? line : `${line.slice(0, longest)}...`;
}

/** A message may quote a whole answer, and goes into logs and into the field `last_error`. */
const longest = 1000;

export const failureCodeOf = (thrown: unknown): FailureCode => (thrown instanceof OpsError ? thrown.code : "other");
