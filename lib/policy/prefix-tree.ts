import { inOrder, type KnownAction } from "./catalogue.ts";

export interface Cover {
  /** Actions of one service that the patterns have to match. */
  readonly wanted: readonly KnownAction[];
  /** Actions of the same service that no pattern may match. */
  readonly forbidden: readonly KnownAction[];
  /** Whether a pattern stays inside what was granted. */
  readonly allows: (pattern: string) => boolean;
}

/**
 * Patterns that match all that is wanted and nothing forbidden: the shortest beginnings with `*` behind them, a whole name where
 * none is shorter, and beginnings with `?*` where just the beginning itself is forbidden, and names go on from it in several ways. One
 * for each branch of the tree of names in which nothing is forbidden.
 */
export function coverByPrefixes({ wanted, forbidden, allows }: Cover): readonly string[] {
  const isForbidden = new Set(forbidden);
  const isClean = (names: readonly KnownAction[]) => !names.some((name) => isForbidden.has(name));
  /** Of names that have their first `depth` letters in common. */
  const cover = (names: readonly KnownAction[], depth: number): readonly string[] => {
    const first = names.find((name) => !isForbidden.has(name));
    if (first === undefined) return [];
    if (names.length === 1 && first.name.length <= depth + 1) return [first.name];
    const start = first.name.slice(0, depth);
    if (isClean(names) && allows(`${start}*`)) return [`${start}*`];
    const [whole, longer] = divide(names, depth);
    const own = whole.filter((name) => !isForbidden.has(name)).map(({ name }) => name);
    const next = branches(longer, depth);
    if (next.length > 1 && whole.length > 0 && isClean(longer) && allows(`${start}?*`)) return [...own, `${start}?*`];
    return [...own, ...next.flatMap((branch) => cover(branch, depth + 1))];
  };
  const names = [...wanted, ...forbidden].sort(inOrder);
  return cover(names, (names[0]?.name.indexOf(":") ?? 0) + 1);
}

/** The name that ends at this depth, if there is one, and those that go on. */
const divide = (names: readonly KnownAction[], depth: number) =>
  [names.filter(({ name }) => name.length === depth), names.filter(({ name }) => name.length > depth)] as const;

/** By their next letter; they are sorted. */
function branches(names: readonly KnownAction[], depth: number): readonly (readonly KnownAction[])[] {
  const found: KnownAction[][] = [];
  let last: string | undefined;
  for (const name of names) {
    if (name.folded[depth] !== last) found.push([]);
    found.at(-1)?.push(name);
    last = name.folded[depth];
  }
  return found;
}
