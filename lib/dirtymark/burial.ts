import { messageOf } from "../core/errors.ts";
import type { Refused } from "../core/queue.ts";
import { days, type Millis } from "../core/time.ts";
import type { Queue } from "../queue/queue.ts";
import type { Store } from "../state/store.ts";
import type { RefusedMessage } from "./drain.ts";

const kept = days(30);

/** As much of a body as says what it was. */
const longestBody = 4096;

/** Has what was refused too often in the queue's dead-letter queue, else in the store, for people to look at. */
export const openBurial =
  (queue: Queue, store: Store, clock: () => Millis) =>
  async (refused: readonly RefusedMessage[]): Promise<readonly Refused[]> => {
    const { deadLetterQueue } = await queue.state();
    if (deadLetterQueue !== undefined) return queue.bury(refused.map(({ message }) => message));
    const left: Refused[] = [];
    for (const one of refused) {
      try {
        await keepRecord(one, { queue, store, now: clock() });
      } catch (thrown) {
        left.push({ message: one.message, says: messageOf(thrown) });
      }
    }
    return left;
  };

interface Grave {
  readonly queue: Pick<Queue, "name">;
  readonly store: Store;
  readonly now: Millis;
}

/** The same message is the same record, however often it is kept. */
async function keepRecord({ message, verdict }: RefusedMessage, { queue, store, now }: Grave): Promise<void> {
  const { id, senderId, sentAt, receiveCount, body } = message;
  const record = { reason: verdict.reason, says: verdict.says, sentAt, receiveCount, refusedAt: now };
  // DynamoDB takes no half of a surrogate pair.
  const start = body.slice(0, longestBody).replace(/[\ud800-\udbff]$/, "");
  await store.create(
    `dirty.refused#${queue.name}`,
    id,
    { ...record, ...(senderId !== undefined && { senderId }), body: start },
    { expiresAt: now + kept },
  );
}
