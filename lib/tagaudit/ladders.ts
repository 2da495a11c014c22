import type { JsonObject } from "../core/json.ts";
import { days, type Millis } from "../core/time.ts";
import type { Store } from "../state/store.ts";
import { updateRecord } from "../state/update-record.ts";
import { type InstanceLadder, ladderId } from "./ladder.ts";

type LadderName = Pick<InstanceLadder, "region" | "instanceId">;

/** The ladders of one account's instances. */
export interface Ladders {
  /** By `ladderId`. */
  load(): Promise<ReadonlyMap<string, InstanceLadder>>;
  find(name: LadderName): Promise<InstanceLadder | undefined>;
  /** Creates it from `initial` where there is none yet. */
  update(initial: InstanceLadder, alter: (ladder: InstanceLadder) => InstanceLadder): Promise<InstanceLadder>;
}

/** As long as the journal keeps what was done. */
const kept = days(400);

export function openLadders(store: Store, accountId: string, clock: () => Millis): Ladders {
  const collection = `tagaudit.instances#${accountId}`;
  return {
    async load() {
      const ladders = new Map<string, InstanceLadder>();
      for await (const { id, body } of store.list(collection)) {
        const ladder = asLadder(body);
        if (ladder !== undefined) ladders.set(id, ladder);
      }
      return ladders;
    },
    async find(name) {
      const found = await store.get(collection, ladderId(name));
      return found && asLadder(found.body);
    },
    update: (initial, alter) =>
      updateRecord(store, {
        ...{ collection, id: ladderId(initial), read: asLadder },
        alter: (ladder) => alter(ladder ?? initial),
        lifetime: () => ({ expiresAt: clock() + kept }),
      }),
  };
}

/** `update` wrote it, or an older version of this program, whose records begin anew. */
const asLadder = (body: JsonObject): InstanceLadder | undefined =>
  body.shape === 1 ? (body as unknown as InstanceLadder) : undefined;
