import { type Millis, minutes } from "../../core/time.ts";
import { type Kept, noteDelivery } from "./kept-message.ts";
import { type Counts, createShelf, findDeliverable } from "./shelf.ts";

export interface Sending {
  readonly id: string;
  readonly body: string;
  readonly senderId: string;
  readonly group: string | undefined;
  /** Within five minutes a FIFO queue takes one message of it. */
  readonly deduplicationId: string | undefined;
  readonly delay: Millis;
  /** How often it was delivered before; never if absent. */
  readonly receiveCount?: number;
}

export interface Taking {
  readonly most: number;
  readonly visibility: Millis;
}

/** Why a receipt is of no use. */
export type Useless = "unknown" | "expired" | "not_in_flight" | "beyond_limit";

export interface MailboxRules {
  readonly isFifo: boolean;
  /** Read anew at every delivery; undefined: messages stay however often they are delivered. */
  readonly redrive: () => Redrive | undefined;
}

export interface Redrive {
  readonly maxReceives: number;
  readonly moveTo: (message: Kept, now: Millis) => void;
}

/** What a queue does with messages, by whatever clock. Standard: any order, at least once; FIFO: by groups. */
export interface Mailbox {
  /** The message, or the one that it repeats. */
  send(sending: Sending, now: Millis): Kept;
  /** A message as it was elsewhere. */
  accept(message: Kept, now: Millis): void;
  take(taking: Taking, now: Millis): readonly Kept[];
  remove(receipt: string, now: Millis): Useless | undefined;
  hide(receipt: string, visibility: Millis, now: Millis): Useless | undefined;
  /** By a receipt of any delivery. */
  find(receipt: string): Kept | undefined;
  counts(now: Millis): Counts;
  /** As many as this wait for their visibility to end. */
  isCrowded(most: number, now: Millis): boolean;
  /** All that were not removed. */
  list(): readonly Kept[];
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html */
const deduplicated: Millis = minutes(5);

/** From the reception on: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
const longestInFlight: Millis = minutes(12 * 60);

export function createMailbox(rules: MailboxRules): Mailbox {
  const shelf = createShelf();
  const receipts = new Map<string, string>();
  const repeats = new Map<string, { readonly at: Millis; readonly message: Kept }>();
  let sequence = 0;

  const findRepeated = (deduplicationId: string | undefined, now: Millis): Kept | undefined => {
    if (!rules.isFifo || deduplicationId === undefined) return undefined;
    const first = repeats.get(deduplicationId);
    return first === undefined || first.at <= now - deduplicated ? undefined : first.message;
  };
  const moveAway = (message: Kept, redrive: Redrive, now: Millis) => {
    shelf.remove(message);
    redrive.moveTo(message, now);
  };
  const deliver = (message: Kept, visibility: Millis, now: Millis): Kept => {
    noteDelivery(message, { now, visibility });
    receipts.set(message.receipt, message.id);
    shelf.move(message);
    return { ...message };
  };
  const find = (receipt: string): Kept | undefined => shelf.find(receipts.get(receipt) ?? "");

  return {
    send({ delay, receiveCount = 0, ...sending }, now) {
      const repeated = findRepeated(sending.deduplicationId, now);
      if (repeated !== undefined) return repeated;
      sequence += 1;
      const message: Kept = {
        ...{ ...sending, sequence, sentAt: now, receiveCount, receipt: "" },
        ...{ takenAt: undefined, firstTakenAt: undefined, visibleAt: now + delay },
      };
      if (sending.deduplicationId !== undefined) repeats.set(sending.deduplicationId, { at: now, message });
      shelf.add(message, now);
      return message;
    },
    accept(message, now) {
      sequence += 1;
      shelf.add({ ...message, sequence, receipt: "", takenAt: undefined, visibleAt: now }, now);
    },
    take({ most, visibility }, now) {
      const redrive = rules.redrive();
      const taken: Kept[] = [];
      for (const message of findDeliverable(shelf, rules.isFifo, now)) {
        if (taken.length >= most) break;
        if (redrive !== undefined && message.receiveCount >= redrive.maxReceives) moveAway(message, redrive, now);
        else taken.push(deliver(message, visibility, now));
      }
      return taken;
    },
    remove(receipt, now) {
      if (!receipts.has(receipt)) return "unknown";
      const message = find(receipt);
      if (message === undefined) return undefined;
      const isCurrent = message.receipt === receipt;
      if (rules.isFifo && (!isCurrent || message.visibleAt <= now)) return "expired";
      // "If you don't provide the most recent receipt handle, the message might not be deleted" (DeleteMessage).
      if (isCurrent) shelf.remove(message);
      return undefined;
    },
    hide(receipt, visibility, now) {
      if (!receipts.has(receipt)) return "unknown";
      const message = find(receipt);
      if (message?.takenAt === undefined || message.receipt !== receipt || message.visibleAt <= now)
        return "not_in_flight";
      if (now + visibility - message.takenAt > longestInFlight) return "beyond_limit";
      message.visibleAt = now + visibility;
      shelf.move(message);
      return undefined;
    },
    find,
    counts: (now) => shelf.counts(now),
    isCrowded: (most, now) => shelf.hidden(now).size >= most,
    list: () => shelf.list(),
  };
}
