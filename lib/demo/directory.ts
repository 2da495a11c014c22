/** Named things in the order a list answers them; sorted again only after a change, because a page must not cost a sort. */
export interface Directory<Item> {
  add(item: Item): void;
  remove(name: string): void;
  find(name: string): Item | undefined;
  list(): readonly Item[];
  /** What the order goes by: the place a page starts after. */
  orderOf(item: Item): string;
}

interface Named {
  readonly name: string;
  readonly path?: string;
}

export function createDirectory<Item extends Named>(items: Iterable<Item> = []): Directory<Item> {
  const byName = new Map<string, Item>();
  const orderOf = (item: Item): string => `${item.path ?? "/"}${item.name}`;
  let sorted: readonly Item[] | undefined;
  const directory: Directory<Item> = {
    add(item) {
      byName.set(item.name, item);
      sorted = undefined;
    },
    remove(name) {
      byName.delete(name);
      sorted = undefined;
    },
    find: (name) => byName.get(name),
    list() {
      sorted ??= [...byName.values()].sort((a, b) => compareText(orderOf(a), orderOf(b)));
      return sorted;
    },
    orderOf,
  };
  for (const item of items) directory.add(item);
  return directory;
}

export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
