import type { Instance } from "./instance.ts";

/** A region's instances. */
export interface Inventory {
  /** Of all, sorted: the order of a list. */
  ids(): readonly string[];
  /** One that was generated is made anew each time: what is changed of it must be kept. */
  find(id: string): Instance | undefined;
  /** Adds it, or puts it in the place of the one with its id. */
  keep(instance: Instance): void;
  remove(id: string): void;
}

/** Many instances that are made when they are asked for, so that a hundred thousand cost their ids alone. */
export interface GeneratedInstances {
  readonly ids: readonly string[];
  make(id: string): Instance | undefined;
}

const noneGenerated: GeneratedInstances = { ids: [], make: () => undefined };

export function createInventory(instances: Iterable<Instance>, generated = noneGenerated): Inventory {
  const kept = new Map<string, Instance>();
  const removed = new Set<string>();
  let sorted: readonly string[] | undefined;
  const inventory: Inventory = {
    ids() {
      sorted ??= [...new Set([...generated.ids, ...kept.keys()])].filter((id) => !removed.has(id)).sort();
      return sorted;
    },
    find: (id) => kept.get(id) ?? (removed.has(id) ? undefined : generated.make(id)),
    keep(instance) {
      const isNew = inventory.find(instance.id) === undefined;
      kept.set(instance.id, instance);
      removed.delete(instance.id);
      if (isNew) sorted = undefined;
    },
    remove(id) {
      kept.delete(id);
      removed.add(id);
      sorted = undefined;
    },
  };
  for (const instance of instances) inventory.keep(instance);
  return inventory;
}
