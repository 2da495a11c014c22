import type { CallCounts } from "./call-counts.ts";
import type { Millis } from "./time.ts";

/** What became of the actions that findings asked for. */
export interface ActCounts {
  readonly planned: number;
  readonly permitted: number;
  readonly refused: number;
  /** Done and verified. */
  readonly applied: number;
  /** Tried and not done, or of unknown end. */
  readonly failed: number;
}

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
  /** Absent where nothing could have been done, as in mode observe. */
  readonly acts?: ActCounts | undefined;
  /** The first thing that went wrong, as one line. */
  readonly lastError: string | undefined;
  /** Age of the oldest evidence that was judged by; absent where nothing was. */
  readonly evidenceAge: Millis | undefined;
}
