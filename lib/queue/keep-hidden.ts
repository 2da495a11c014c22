import { messageOf } from "../core/errors.ts";
import type { Message, Refused } from "../core/queue.ts";
import { hours, type Millis, minutes } from "../core/time.ts";
import type { Queue } from "./queue.ts";

/** Messages that nobody else is delivered while they are worked on. */
export interface Hiding {
  /** From now on they are left to their visibility. Waits for a call under way, and never fails. */
  release(): Promise<void>;
}

/** What time is told and awaited by. */
export interface Timers {
  readonly now: () => Millis;
  /** Calls once, unless what it answers is called before. */
  readonly after: (wait: Millis, then: () => void) => () => void;
}

export interface HidingRequest {
  readonly queue: Pick<Queue, "name" | "hide">;
  readonly messages: readonly Message[];
  /** As they were received with, and are hidden for anew. */
  readonly visibility: Millis;
  /** Since when the first of them is hidden, by the timers' clock; absent: now. */
  readonly since?: Millis;
  /** Told of what may be delivered to others meanwhile, or may soon be. */
  readonly note: (what: string, why: unknown) => void;
  /** Absent: this process's, which they do not keep alive. */
  readonly timers?: Timers;
}

/**
 * Hides messages anew when half of their visibility is over. Those for which that fails are tried again when half of the
 * rest is, until too little is left to try.
 */
export function keepHidden(request: HidingRequest): Hiding {
  const { messages, visibility, note, timers = realTimers } = request;
  const since = request.since ?? timers.now();
  const waiting = new Set<() => void>();
  const underWay = new Set<Promise<void>>();
  let isReleased = false;

  const hold = (held: readonly Message[], hiddenUntil: Millis): void => {
    if (isReleased || held.length === 0) return;
    const rest = hiddenUntil - timers.now();
    if (rest < visibility * leastRest) {
      note(phrase(request, held), "others may be delivered them: it is too late to hide them");
      return;
    }
    const cancel = timers.after(rest / 2, () => {
      waiting.delete(cancel);
      const hiding = hideAnew(held, hiddenUntil).finally(() => underWay.delete(hiding));
      underWay.add(hiding);
    });
    waiting.add(cancel);
  };
  const hideAnew = async (held: readonly Message[], hiddenUntil: Millis): Promise<void> => {
    const anewUntil = Math.min(timers.now() + visibility, since + longestHidden);
    if (anewUntil <= hiddenUntil) {
      note(phrase(request, held), "others may be delivered them soon: SQS hides none for longer than 12 hours");
      return;
    }
    const refused = await tryToHide(request, held, anewUntil - timers.now());
    const left = new Set(refused.map(({ message }) => message));
    if (!isReleased) for (const says of new Set(refused.map((one) => one.says))) note(phrase(request, [...left]), says);
    hold(
      held.filter((message) => !left.has(message)),
      anewUntil,
    );
    hold([...left], hiddenUntil);
  };

  hold(messages, since + visibility);
  return {
    async release() {
      isReleased = true;
      for (const cancel of waiting) cancel();
      await Promise.all(underWay);
    },
  };
}

/** From the reception on: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html; less what clocks and ways may take. */
const longestHidden: Millis = hours(12) - minutes(1);

/** Of the visibility: with less of it left a call comes too late. */
const leastRest = 1 / 16;

const phrase = ({ queue }: HidingRequest, messages: readonly Message[]): string =>
  `messages in work (${messages.length}) of queue "${queue.name}"`;

async function tryToHide(
  { queue }: HidingRequest,
  messages: readonly Message[],
  visibility: Millis,
): Promise<readonly Refused[]> {
  try {
    return await queue.hide(messages, visibility);
  } catch (thrown) {
    return messages.map((message) => ({ message, says: messageOf(thrown) }));
  }
}

const realTimers: Timers = {
  now: () => performance.now(),
  after(wait, then) {
    const timer = setTimeout(then, wait);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
