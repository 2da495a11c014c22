import type { Millis } from "../../core/time.ts";
import type { Kept } from "./kept-message.ts";

export interface Counts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** Where messages lie: those that may be delivered apart from the others, so that a delivery looks at no more than it takes. */
export interface Shelf {
  add(message: Kept, now: Millis): void;
  remove(message: Kept): void;
  /** Its `visibleAt` has changed. */
  move(message: Kept): void;
  find(id: string): Kept | undefined;
  list(): readonly Kept[];
  /** Those that may be delivered now. */
  ready(now: Millis): Iterable<Kept>;
  /** Those that may not yet. */
  hidden(now: Millis): ReadonlySet<Kept>;
  counts(now: Millis): Counts;
}

export function createShelf(): Shelf {
  const all = new Map<string, Kept>();
  const ready = new Set<Kept>();
  const hidden = new Set<Kept>();
  let nextAt = Number.POSITIVE_INFINITY;

  const hide = (message: Kept) => {
    ready.delete(message);
    hidden.add(message);
    nextAt = Math.min(nextAt, message.visibleAt);
  };
  const bringOut = (now: Millis) => {
    if (now < nextAt) return;
    nextAt = Number.POSITIVE_INFINITY;
    for (const message of hidden) {
      if (message.visibleAt > now) nextAt = Math.min(nextAt, message.visibleAt);
      else {
        hidden.delete(message);
        ready.add(message);
      }
    }
  };
  return {
    add(message, now) {
      all.set(message.id, message);
      if (message.visibleAt > now) hide(message);
      else ready.add(message);
    },
    remove(message) {
      all.delete(message.id);
      ready.delete(message);
      hidden.delete(message);
    },
    move: hide,
    find: (id) => all.get(id),
    list: () => [...all.values()],
    ready(now) {
      bringOut(now);
      return ready;
    },
    hidden(now) {
      bringOut(now);
      return hidden;
    },
    counts(now) {
      bringOut(now);
      const inFlight = [...hidden].filter(({ takenAt }) => takenAt !== undefined).length;
      return { visible: ready.size, inFlight, delayed: hidden.size - inFlight };
    },
  };
}

/** Of a group of a FIFO queue nothing is delivered while one of its messages is in flight. */
export function findDeliverable(shelf: Shelf, isFifo: boolean, now: Millis): Iterable<Kept> {
  if (!isFifo) return shelf.ready(now);
  const blocked = new Set([...shelf.hidden(now)].map(({ group }) => group));
  return [...shelf.ready(now)]
    .filter(({ group }) => !blocked.has(group))
    .sort((left, right) => left.sequence - right.sequence);
}
