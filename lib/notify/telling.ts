import type { JournalEntry } from "../act/entry.ts";
import type { Attempt, Confirmation, Intended, Standing } from "../act/kind.ts";
import { messageOf } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { Millis } from "../core/time.ts";
import { type Delivery, type FoundPerson, type Notifier, NotifyError, type Recipient } from "./notifier.ts";

interface Reaching {
  readonly fallbackChannel: string | undefined;
  /** What else the notice will say, or is remembered by. */
  readonly kept: JsonObject;
}

/** Whom a notice goes to, as the journal keeps it: the fallback channel where nobody can be found. */
export function standToReach(found: FoundPerson, { fallbackChannel: channel, kept }: Reaching): Standing {
  if ("person" in found) return { is: "due", before: { person: { ...found.person }, ...kept } };
  if (channel !== undefined) return { is: "due", before: { channel, because: found.missing, ...kept } };
  return { is: "refused", gate: "owner", says: found.missing };
}

/** As `standToReach` found it. */
export const recipientOf = ({ person, channel }: JsonObject): Recipient =>
  (person === undefined ? { channel } : { person }) as Recipient;

/** Whether a notice went out: by its answer, or by what the channel shows. */
export async function confirmSent(
  notifier: Notifier,
  intended: Intended,
  { written, thrown }: Attempt,
): Promise<Confirmation> {
  if (written !== undefined) return { is: "done", after: written };
  if (thrown instanceof NotifyError && !thrown.mayBeSent) return { is: "not_done", says: messageOf(thrown) };
  const { reference, before, since } = intended;
  const sent = await notifier.findSent(reference, recipientOf(before), since);
  if (sent === "unreadable")
    return { is: "unknown", says: "its answer was lost, and the channel's history can't be read" };
  return sent === undefined
    ? { is: "not_done", says: messageOf(thrown ?? "the channel does not show it") }
    : { is: "done", after: sent };
}

export interface Receipt {
  readonly at: Millis;
  /** The person it provably reached. */
  readonly person: string | undefined;
}

/** What came of a notice that went out. */
export function receiptOf({
  before,
  after,
  intendedAt,
}: Pick<JournalEntry, "before" | "after" | "intendedAt">): Receipt {
  // `send` and `findSent` both gave it.
  const delivery = after as unknown as Delivery;
  const recipient = recipientOf(before);
  return {
    // By whichever clock is ahead: what counts from it is judged by ours alone, and ours may be wrong.
    at: Math.max(delivery.at, intendedAt),
    person: delivery.isDelivered && "person" in recipient ? recipient.person.id : undefined,
  };
}
