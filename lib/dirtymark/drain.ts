import type { Message, Refused } from "../core/queue.ts";
import type { Assessed } from "./assess.ts";
import { type Collecting, collectWindow, type Received } from "./collect.ts";
import type { Counter, Fate } from "./counts.ts";
import type { Keeper } from "./keep.ts";

export interface Draining extends Collecting {
  readonly counter: Counter;
  /** One for each message, in their order. */
  readonly assess: (messages: readonly Message[]) => Promise<readonly Assessed[]>;
  readonly keeper: Keeper;
  /** Takes what is refused out of the queue's way; answers what could not be. */
  readonly bury: (refused: readonly RefusedMessage[]) => Promise<readonly Refused[]>;
  /** Refused as often as this, a message is buried. */
  readonly maxReceives: number;
  /** Stays when the queue is empty, until it is stopped. */
  readonly follow: boolean;
  /** Keeps messages from other consumers while they are worked on. */
  readonly keepHidden: (received: Received) => { release(): Promise<void> };
  /** Told of what went wrong with messages, which stay in the queue. */
  readonly note: (what: string, why: unknown) => void;
}

export interface RefusedMessage {
  readonly message: Message;
  readonly verdict: Extract<Assessed, { readonly is: "refused" }>;
}

/**
 * Takes window after window until the queue is empty or the run is stopped. A message is deleted once all that it says is
 * durable, and where that can't be had, nothing more is received: false.
 */
export async function drain(draining: Draining): Promise<boolean> {
  const { follow, stop, counter } = draining;
  while (!stop.aborted) {
    const received = await collectWindow(draining);
    const count = received.messages.length;
    counter.receive(received.messages);
    if (count === 0 && !follow) return true;
    if (count > 0 && !(await workThrough(received, draining))) return false;
  }
  return true;
}

/** False where more could not be kept either. */
async function workThrough(received: Received, draining: Draining): Promise<boolean> {
  const { messages } = received;
  const { counter, note, queue, follow } = draining;
  const hidden = draining.keepHidden(received);
  const fates = new Map<Message, Fate>();
  let isSettled = false;
  try {
    isSettled = await settleMessages(messages, draining, fates);
  } catch (thrown) {
    note("marks", thrown);
  }
  await hidden.release();
  const fateOf = (message: Message): Fate => fates.get(message) ?? "kept";
  for (const message of messages) counter.end(fateOf(message));
  if (isSettled) return true;
  const kept = messages.filter((message) => fateOf(message) === "kept");
  // Another consumer may have better luck. Where we go on, what is left waits its time, or it would come to us again at once.
  if (!follow) await queue.hide(kept, 0).catch((thrown: unknown) => note("messages given back", thrown));
  return false;
}

/** False where marks could not be kept, or nothing can be deleted. */
async function settleMessages(
  messages: readonly Message[],
  draining: Draining,
  fates: Map<Message, Fate>,
): Promise<boolean> {
  const { keeper, counter, note } = draining;
  const verdicts = await draining.assess(messages);
  const assessed = messages.map((message, at) => ({ message, verdict: verdicts[at] ?? unsaid }));
  const marking = assessed.flatMap(({ message, verdict }) =>
    verdict.is === "marks" ? [{ message, events: verdict.events }] : [],
  );
  const { recorded, marks, failure } = await keeper.keep(marking);
  if (failure !== undefined) note("marks", failure);
  const durable = new Set(recorded);
  for (const { message, verdict } of assessed) {
    if (verdict.is === "refused") counter.refuse(verdict.reason);
    const isKept = verdict.is === "marks" && !durable.has(message);
    if (!isKept) fates.set(message, verdict.is === "marks" ? "recorded" : verdict.is);
  }
  const events = marking.flatMap((one) => (durable.has(one.message) ? one.events : []));
  counter.note({ records: marks.length, events });
  for (const message of await buryOverdue(assessed, draining)) fates.set(message, "buried");
  const ended = [...fates].flatMap(([message, fate]) => (staysInQueue.includes(fate) ? [] : [message]));
  const undeleted = await acknowledge(ended, draining);
  // They come again, and add nothing then.
  for (const message of undeleted) fates.set(message, "kept");
  return failure === undefined && (ended.length === 0 || undeleted.length < ended.length);
}

/** What is not deleted. */
async function acknowledge(ended: readonly Message[], { queue, note }: Draining): Promise<readonly Message[]> {
  try {
    const refused = await queue.acknowledge(ended);
    for (const { says } of refused) note("a message that is done with", says);
    return refused.map(({ message }) => message);
  } catch (thrown) {
    note("messages that are done with", thrown);
    return ended;
  }
}

const unsaid: Assessed = { is: "kept", says: "nothing was said of it" };

const staysInQueue: readonly Fate[] = ["refused", "kept"];

/** Nobody can ever read them, and the queue may hold no others: other refusals end when a setting is mended. */
const buried: readonly RefusedMessage["verdict"]["reason"][] = ["malformed", "too_large", "forged"];

async function buryOverdue(
  assessed: readonly { readonly message: Message; readonly verdict: Assessed }[],
  { bury, maxReceives, note }: Draining,
): Promise<readonly Message[]> {
  const overdue = assessed.flatMap(({ message, verdict }): readonly RefusedMessage[] =>
    verdict.is === "refused" && buried.includes(verdict.reason) && message.receiveCount >= maxReceives
      ? [{ message, verdict }]
      : [],
  );
  if (overdue.length === 0) return [];
  try {
    const refused = await bury(overdue);
    for (const { says } of refused) note("a message that was refused too often", says);
    const left = new Set(refused.map(({ message }) => message));
    return overdue.flatMap(({ message }) => (left.has(message) ? [] : [message]));
  } catch (thrown) {
    // They keep no other message from its end.
    note("messages that were refused too often", thrown);
    return [];
  }
}
