import { call } from "../aws/call.ts";
import type { JsonObject } from "../core/json.ts";
import type { Range, Store } from "./store.ts";

/**
 * The store, whose every method throws at the stop, whatever it waits for: a table that throttles is asked again for longer
 * than any deadline. What is under way then may be done or not.
 */
export function storeUntil(store: Store, stop: AbortSignal): Store {
  const within = <Answer>(collection: string, ask: () => Promise<Answer>): Promise<Answer> =>
    call(`state of "${collection}"`, stop, ask);
  return {
    get: (collection, id) => within(collection, () => store.get(collection, id)),
    create: (...asked) => within(asked[0], () => store.create(...asked)),
    replace: (...asked) => within(asked[0], () => store.replace(...asked)),
    remove: (...asked) => within(asked[0], () => store.remove(...asked)),
    async *list<Body extends JsonObject>(collection: string, range?: Range) {
      const rows = store.list<Body>(collection, range)[Symbol.asyncIterator]();
      for (;;) {
        const row = await within(collection, () => rows.next());
        if (row.done === true) return;
        yield row.value;
      }
    },
    close: store.close,
  };
}
