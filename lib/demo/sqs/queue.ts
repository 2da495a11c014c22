import type { Millis } from "../../core/time.ts";
import type { Mailbox } from "./mailbox.ts";

/** A queue of one account in one region. */
export interface Queue {
  readonly name: string;
  readonly isFifo: boolean;
  readonly createdAt: Millis;
  /** Its FIFO messages without a deduplication id are told apart by their bodies. */
  readonly deduplicatesByContent: boolean;
  /** Where a call says none. */
  visibilityMs: Millis;
  waitMs: Millis;
  delayMs: Millis;
  redrive: RedrivePolicy | undefined;
  /** Short ones so far: each asks other machines than the one before. */
  shortPolls: number;
  /** Ids of other accounts that may use it; `*`: all. */
  readonly sharedWith: string[];
  readonly mailbox: Mailbox;
}

export interface RedrivePolicy {
  maxReceives: number;
  /** Of the same account and region. */
  deadLetterQueue: string;
}
