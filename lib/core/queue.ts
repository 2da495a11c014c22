import type { Millis } from "./time.ts";

/** One delivery of a message: the same message may come again, under another receipt. */
export interface Message {
  /** The same at every delivery. */
  readonly id: string;
  /** Of this delivery alone; what it is deleted by. */
  readonly receipt: string;
  readonly body: string;
  /** When the queue took it. */
  readonly sentAt: Millis;
  /** How often it was delivered, this time included. */
  readonly receiveCount: number;
  /** Who sent it, as SQS says: `AROA...:i-...` for an instance's role. Not of the sender's making. */
  readonly senderId: string | undefined;
  /** Of a FIFO queue: messages of one group are delivered in their order, and not while an earlier one is in flight. */
  readonly group: string | undefined;
}

/** A delivery about which the queue did not do what it was asked; it comes again once its visibility ends. */
export interface Refused {
  readonly message: Message;
  readonly says: string;
}

export interface QueueState {
  /** By the queue's own words approximate. */
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** How often a message is delivered before the queue moves it away by itself; undefined: never. */
  readonly maxReceives: number | undefined;
  /** Where it moves it to; undefined: nowhere. */
  readonly deadLetterQueue: string | undefined;
}
