import { groupByService, serviceOf } from "./by-service.ts";
import type { Catalogue, KnownAction } from "./catalogue.ts";
import { expandPatterns, matchPattern } from "./expand.ts";
import { hasWildcard } from "./glob.ts";
import { findIncludingPattern, overlap } from "./pattern.ts";

/** What may be granted: what one of the patterns in `within` matches, and none in `without`. */
export interface Bounds {
  readonly within: readonly string[];
  /** The patterns of a `NotAction`, which takes them out of `*`. */
  readonly without?: readonly string[];
}

/** One pattern of `within`, and what of it is known and not taken out. */
export interface Grant {
  readonly pattern: string;
  readonly actions: readonly KnownAction[];
}

export function grantsOf({ within, without = [] }: Bounds, catalogue: Catalogue): readonly Grant[] {
  const takenOut = expandPatterns(without, catalogue).actions;
  return within.map((pattern) => ({
    pattern,
    actions: matchPattern(pattern, catalogue).filter((action) => !takenOut.has(action)),
  }));
}

/** Whether something of what a pattern may ever match was taken out of the bounds. */
export const isTouched = (pattern: string, { without = [] }: Bounds): boolean =>
  without.some((taken) => overlap(pattern, taken));

/**
 * The pattern of the bounds inside which another one lies, if nothing of it was taken out. Only patterns with a wildcard are looked
 * at: inside a name lies nothing but itself.
 */
export function homesIn({ within, without = [] }: Bounds): (pattern: string) => string | undefined {
  const wide = groupByService(within.filter(hasWildcard).map((pattern) => ({ pattern })));
  const takenOut = groupByService(without.map((pattern) => ({ pattern })));
  const finders = new Map<string | undefined, (pattern: string) => string | undefined>();
  return (pattern) => {
    const service = serviceOf(pattern);
    if (takenOut(service).some((taken) => overlap(pattern, taken.pattern))) return undefined;
    const find = finders.get(service) ?? findIncludingPattern(wide(service).map((one) => one.pattern));
    finders.set(service, find);
    return find(pattern);
  };
}
