import type { Intent } from "../act/journal.ts";
import { type FailureCode, OpsError } from "../core/errors.ts";
import type { Message } from "../core/message.ts";
import type { Millis } from "../core/time.ts";

export interface Ticket {
  readonly key: string;
  /** Where a person reads it. */
  readonly url: string;
  /** Its status counts as done; any other status is open. */
  readonly isDone: boolean;
  /** As the tracker calls it; of a ticket made just now, `created`. */
  readonly status: string;
}

export interface NewTicket {
  /** One per subject, without spaces: what it is found by again. */
  readonly label: string;
  readonly message: Message;
  readonly dueAt: Millis | undefined;
}

/**
 * Where tickets are kept. A change that fails says by `mayBeDone` whether it may have been made all the same; nothing
 * is sent twice.
 *
 * @throws TrackerError
 */
export interface Tracker {
  /** A search, which may miss a ticket of the last minutes and show an old status; oldest first. */
  findTicket(label: string): Promise<readonly Ticket[]>;
  /** Read directly; undefined only where it is sure that there is none. */
  getTicket(key: string): Promise<Ticket | undefined>;
  createTicket(intent: Intent, ticket: NewTicket): Promise<Ticket>;
  comment(intent: Intent, key: string, message: Message): Promise<void>;
  /** Whether an intent with this reference has left its comment. */
  hasComment(key: string, reference: string): Promise<boolean>;
  /** Comments and moves it to a status that counts as done; what of this is so already is left. */
  close(intent: Intent, key: string, message: Message): Promise<void>;
  /** Comments and moves it to an open status; what of this is so already is left. */
  reopen(intent: Intent, key: string, message: Message): Promise<void>;
}

export class TrackerError extends OpsError {
  readonly mayBeDone: boolean;

  constructor(code: FailureCode, message: string, mayBeDone: boolean) {
    super(code, message);
    this.name = "TrackerError";
    this.mayBeDone = mayBeDone;
  }
}

/** False only where it is sure that a failed change was not made. */
export const mayBeDone = (thrown: unknown): boolean => !(thrown instanceof TrackerError) || thrown.mayBeDone;
