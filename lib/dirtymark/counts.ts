import type { Message } from "../core/queue.ts";
import type { Millis } from "../core/time.ts";
import { type RefusalReason, refusalReasons } from "../host-events/event.ts";
import type { MarkedEvent } from "../marks/mark.ts";

/** What became of a message. All but the last two are deleted. */
export const fates = [
  /** What it says is durable. */
  "recorded",
  /** Understood, and nothing to mark. */
  "ignored",
  /** A filter, or the principal of an automation, says that it marks nothing. */
  "dropped",
  /** A tunnel of which nobody can say where it leads. */
  "unresolved",
  /** Refused too often, and kept elsewhere. */
  "buried",
  /** Left in the queue, for it may be believed or be read some time. */
  "refused",
  /** Left in the queue: something could not be done now. */
  "kept",
] as const;
export type Fate = (typeof fates)[number];

export interface Counts {
  /** Deliveries: each has one fate. */
  readonly received: number;
  readonly byFate: Readonly<Record<Fate, number>>;
  readonly byReason: Readonly<Record<RefusalReason, number>>;
  /** Delivered before. */
  readonly redelivered: number;
  /** When the oldest one was sent. */
  readonly oldest: Millis | undefined;
  readonly events: number;
  readonly unverified: number;
  /** Written: one for each instance and window. */
  readonly records: number;
}

export interface Counter {
  receive(messages: readonly Message[]): void;
  end(fate: Fate): void;
  refuse(reason: RefusalReason): void;
  note(kept: { readonly records: number; readonly events: readonly MarkedEvent[] }): void;
  counts(): Counts;
}

export function openCounter(): Counter {
  const byFate = zeros(fates);
  const byReason = zeros(refusalReasons);
  const sums = { received: 0, redelivered: 0, events: 0, unverified: 0, records: 0 };
  let oldest: Millis | undefined;
  return {
    receive(messages) {
      sums.received += messages.length;
      sums.redelivered += messages.filter(({ receiveCount }) => receiveCount > 1).length;
      for (const { sentAt } of messages) oldest = Math.min(oldest ?? sentAt, sentAt);
    },
    end(fate) {
      byFate[fate] += 1;
    },
    refuse(reason) {
      byReason[reason] += 1;
    },
    note({ records, events }) {
      sums.records += records;
      sums.events += events.length;
      sums.unverified += events.filter(({ isVerified }) => !isVerified).length;
    },
    counts: () => ({ ...sums, oldest, byFate: { ...byFate }, byReason: { ...byReason } }),
  };
}

const zeros = <Name extends string>(names: readonly Name[]): Record<Name, number> =>
  // The entries are those names.
  Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
