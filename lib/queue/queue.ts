import type { Message, QueueState, Refused } from "../core/queue.ts";
import type { Millis } from "../core/time.ts";

export interface Receiving {
  /** How long it waits for the first; 0: it answers at once. */
  readonly wait: Millis;
  /** How long nobody else is delivered them. */
  readonly visibility: Millis;
  readonly stop: AbortSignal;
}

/**
 * At least once, in any order but within a group of a FIFO queue. Every method throws an OpsError that names the queue
 * where it can't be asked at all; what is refused message by message is answered.
 */
export interface Queue {
  readonly name: string;
  /** At most ten; none where none came within `wait`, which does not mean that there is none. */
  receive(receiving: Receiving): Promise<readonly Message[]>;
  /** Deletes them, ten a call. */
  acknowledge(messages: readonly Message[]): Promise<readonly Refused[]>;
  /** From now on nobody else is delivered them for `visibility`; 0: they may come again at once. */
  hide(messages: readonly Message[], visibility: Millis): Promise<readonly Refused[]>;
  /**
   * Sends copies to the queue's dead-letter queue, and says of which it did not. The message itself stays until it is
   * acknowledged.
   */
  bury(messages: readonly Message[]): Promise<readonly Refused[]>;
  /** Receives nothing, so it raises no receive count. */
  state(): Promise<QueueState>;
}
