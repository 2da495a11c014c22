import type { JsonObject } from "../core/json.ts";
import { days, type Millis } from "../core/time.ts";
import type { Store } from "../state/store.ts";
import { updateRecord } from "../state/update-record.ts";
import type { Ladder } from "./ladder.ts";

/** The ladders of one account's keys, by key id. */
export interface Ladders {
  load(): Promise<ReadonlyMap<string, Ladder>>;
  find(keyId: string): Promise<Ladder | undefined>;
  /** Creates it from `initial` where there is none yet. */
  update(initial: Ladder, alter: (ladder: Ladder) => Ladder): Promise<Ladder>;
}

/** As long as the journal keeps what was done. */
const kept = days(400);

export function openLadders(store: Store, accountId: string, clock: () => Millis): Ladders {
  const collection = `keycheck.keys#${accountId}`;
  return {
    async load() {
      const ladders = new Map<string, Ladder>();
      for await (const { id, body } of store.list(collection)) {
        const ladder = asLadder(body);
        if (ladder !== undefined) ladders.set(id, ladder);
      }
      return ladders;
    },
    async find(keyId) {
      const found = await store.get(collection, keyId);
      return found && asLadder(found.body);
    },
    update: (initial, alter) =>
      updateRecord(store, {
        ...{ collection, id: initial.keyId, read: asLadder },
        alter: (ladder) => alter(ladder ?? initial),
        lifetime: () => ({ expiresAt: clock() + kept }),
      }),
  };
}

/** `update` wrote it, or an older version of this program, whose records begin anew. */
const asLadder = (body: JsonObject): Ladder | undefined => (body.shape === 1 ? (body as unknown as Ladder) : undefined);
