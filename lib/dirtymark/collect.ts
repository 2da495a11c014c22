import type { Message } from "../core/queue.ts";
import type { Millis } from "../core/time.ts";
import type { Queue } from "../queue/queue.ts";

export interface Collecting {
  readonly queue: Queue;
  /** How many are asked for at once, ten each. */
  readonly receivers: number;
  /** Messages that are worked on together, about. */
  readonly window: number;
  /** How long one waits for a first message. */
  readonly wait: Millis;
  readonly visibility: Millis;
  /** Aborted: nothing more is asked for. */
  readonly stop: AbortSignal;
}

export interface Received {
  readonly messages: readonly Message[];
  /** By `performance.now`: the first of them was received then. */
  readonly since: Millis;
}

/**
 * What the queue has, up to a window; none: it had nothing for `wait`, or this was stopped. What can't be received while
 * other messages are in hand is left to the next window, which then says why.
 */
export async function collectWindow(collecting: Collecting): Promise<Received> {
  const { receivers, window, wait, stop } = collecting;
  const first = await receive(collecting, wait).catch((thrown: unknown) => {
    if (stop.aborted) return [];
    throw thrown;
  });
  const since = performance.now();
  const messages = [...first];
  let isFull = first.length === fullBatch;
  while (isFull && messages.length < window && !stop.aborted) {
    const asked = Math.min(receivers, Math.ceil((window - messages.length) / fullBatch));
    const batches = await Promise.allSettled(Array.from({ length: asked }, () => receive(collecting, 0)));
    const answered = batches.flatMap((batch) => (batch.status === "fulfilled" ? [batch.value] : []));
    messages.push(...answered.flat());
    isFull = answered.length === asked && answered.some(({ length }) => length > 0);
  }
  return { messages, since };
}

/** The most that SQS hands out at once. */
const fullBatch = 10;

const receive = ({ queue, visibility, stop }: Collecting, wait: Millis): Promise<readonly Message[]> =>
  queue.receive({ wait, visibility, stop });
