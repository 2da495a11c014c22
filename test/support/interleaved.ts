import type { Scheduler } from "fast-check";
import type { Store } from "../../lib/state/store.ts";

/** A store of which the scheduler says whose call comes next: each of several processes gets one of its own. */
export function interleaved(store: Store, scheduler: Scheduler): Store {
  const turn = <Value>(call: () => Promise<Value>): Promise<Value> => scheduler.schedule(Promise.resolve()).then(call);
  return {
    get: (collection, id) => turn(() => store.get(collection, id)),
    create: (...asked) => turn(() => store.create(...asked)),
    replace: (...asked) => turn(() => store.replace(...asked)),
    remove: (...asked) => turn(() => store.remove(...asked)),
    list: (collection, range) => store.list(collection, range),
    close: () => store.close(),
  };
}
