import type { JsonObject } from "../core/json.ts";
import type { Store } from "../state/store.ts";
import { asEntry, type LeaseTerm } from "./entry.ts";
import type { Holder } from "./holder.ts";

interface TakenRow {
  readonly body: JsonObject;
  /** What it held before; undefined where there was none. */
  readonly previous: JsonObject | undefined;
}

/** The small collection that says what is begun and not ended. */
export interface OpenRows {
  /** It outlives its entry's making: whoever finds it without an entry leaves it alone while we live. */
  take(id: string): Promise<TakenRow>;
  /** As it was before it was taken in vain; one that was made for it stays while somebody is about what it names. */
  giveBack(id: string, row: TakenRow, isEnded: boolean): Promise<void>;
  /** Unless another process has it, which then needs it. */
  remove(id: string, mayRemove: (row: LeaseTerm) => boolean): Promise<void>;
}

interface RowsRequest {
  readonly store: Store;
  readonly collection: string;
  readonly lease: () => { readonly holder: Holder; readonly until: number };
}

export function openRows({ store, collection, lease }: RowsRequest): OpenRows {
  const take = async (id: string): Promise<TakenRow> => {
    const { holder, until } = lease();
    const body = { lease: { holder: { ...holder }, until } };
    if ((await store.create(collection, id, body)) === "created") return { body, previous: undefined };
    const found = await store.get(collection, id);
    // An intent without a row would never be settled.
    if (found === undefined) return take(id);
    const taken = await store.replace(collection, id, { body, expectedVersion: found.version });
    return taken === "replaced" ? { body, previous: found.body } : take(id);
  };
  return {
    take,
    async giveBack(id, { body, previous }, isEnded) {
      const found = await store.get(collection, id);
      if (found === undefined || JSON.stringify(found.body) !== JSON.stringify(body)) return;
      const { version } = found;
      if (previous !== undefined) await store.replace(collection, id, { body: previous, expectedVersion: version });
      else if (isEnded) await store.remove(collection, id, version);
    },
    async remove(id, mayRemove) {
      const found = await store.get(collection, id);
      if (found !== undefined && mayRemove(asEntry(found.body).lease))
        await store.remove(collection, id, found.version);
    },
  };
}
