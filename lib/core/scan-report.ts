import type { CallCounts } from "./call-counts.ts";
import type { Millis } from "./time.ts";

/** How one scope's scan went: `ok` read everything, `partial` printed what it could, `failed` printed nothing of use. */
export interface ScanReport {
  readonly program: string;
  readonly mode: string;
  readonly scopeName: string;
  /** Absent where not even the account could be learnt. */
  readonly accountId: string | undefined;
  readonly outcome: "ok" | "partial" | "failed";
  readonly duration: Millis;
  readonly calls: CallCounts;
  /** Subjects judged: keys, instances, roles. */
  readonly items: number;
  readonly points: number;
  readonly droppedPoints: number;
  /** The first thing that went wrong, as one line. */
  readonly lastError: string | undefined;
  /** Age of the oldest evidence that was judged by; absent where nothing was. */
  readonly evidenceAge: Millis | undefined;
}
