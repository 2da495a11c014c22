import { wasAnswered } from "../aws/was-answered.ts";
import { type FailureCode, failureCodeOf, messageOf, OpsError } from "../core/errors.ts";
import type { Millis } from "../core/time.ts";
import type { Attempt, Confirmation } from "./kind.ts";

interface Awaiting {
  readonly attempt: Attempt;
  readonly clock: () => Millis;
  /** How long the world's answers may be older than its last change. */
  readonly consistency: Millis;
  readonly stop: AbortSignal;
  /** What is said of a change that is not there, such as `the key is not Inactive`. */
  readonly absent: string;
}

/** AWS has looked at the request, and done nothing. */
const refusals: readonly FailureCode[] = ["denied", "throttled", "expired", "no_credentials"];

/**
 * Looks until the world shows what became of a write. What is not there yet may be slow to show: no verdict before that
 * is over, which is counted from the end of the write, or of one that nothing is known of from now. A write that was
 * taken, or that was never answered and may yet be, is for a later run to look after.
 */
export async function awaitChange(
  look: () => Promise<Confirmation | undefined>,
  awaiting: Awaiting,
): Promise<Confirmation> {
  const { attempt, clock, consistency, absent } = awaiting;
  const from = attempt.endedAt ?? clock();
  const notDone = { is: "not_done", says: messageOf(attempt.thrown ?? absent) } as const;
  if (refusals.includes(failureCodeOf(attempt.thrown))) return notDone;
  for (;;) {
    const isLast = clock() - from >= consistency;
    const seen = await look();
    if (seen !== undefined) return seen;
    if (isLast) {
      if (attempt.written !== undefined) throw new OpsError("not_ready", `AWS took the change, and ${absent} yet`);
      if (isUnanswered(attempt.thrown)) throw attempt.thrown;
      return notDone;
    }
    await pause(awaiting);
  }
}

const isUnanswered = (thrown: unknown): boolean =>
  thrown instanceof OpsError && thrown.code === "unreachable" && !wasAnswered(thrown);

async function pause({ stop, consistency }: Awaiting): Promise<void> {
  if (stop.aborted) throw new OpsError("stopped", `stopped by ${messageOf(stop.reason)}`);
  await new Promise((resolve) => setTimeout(resolve, consistency / 5));
}
