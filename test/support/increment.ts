import type { Store } from "../../lib/state/store.ts";

type Counter = { readonly n: number };

/** Adds one to a stored count, however many others do so at once. */
export async function increment(store: Store, collection: string, id: string): Promise<void> {
  for (;;) {
    const found = await store.get<Counter>(collection, id);
    if (found === undefined) throw new Error("nothing to count");
    const replacement = { body: { n: found.body.n + 1 }, expectedVersion: found.version };
    if ((await store.replace(collection, id, replacement)) === "replaced") return;
  }
}
