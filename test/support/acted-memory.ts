import { asEntry, type JournalEntry, journalOf, openOf } from "../../lib/act/entry.ts";
import { openEmbeddedStore } from "../../lib/state/embedded.ts";
import type { Store, Stored } from "../../lib/state/store.ts";

/** What a program that acts on an account remembers of it, between its runs. */
export interface ActedMemory {
  inStore<Value>(work: (store: Store) => Promise<Value>): Promise<Value>;
  /** By id, which is in the order of kinds and subjects. */
  journal(): Promise<readonly JournalEntry[]>;
  /** Ids of what was begun and has not ended. */
  open(): Promise<readonly string[]>;
}

export interface Acted {
  readonly program: string;
  readonly accountId: string;
}

export function openActedMemory(directory: string, acted: Acted): ActedMemory {
  const inStore = async <Value>(work: (store: Store) => Promise<Value>): Promise<Value> => {
    const store = await openEmbeddedStore({ directory });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  return {
    inStore,
    journal: () => inStore((store) => readJournalOf(store, acted)),
    open: () => inStore(async (store) => (await readAll(store, openOf(acted))).map(({ id }) => id)),
  };
}

export const readJournalOf = async (store: Store, acted: Acted): Promise<readonly JournalEntry[]> =>
  (await readAll(store, journalOf(acted))).map(({ body }) => asEntry(body));

async function readAll(store: Store, collection: string): Promise<readonly Stored[]> {
  const found: Stored[] = [];
  for await (const one of store.list(collection)) found.push(one);
  return found;
}
