import { groupByService, serviceOf } from "./by-service.ts";
import type { Catalogue, KnownAction } from "./catalogue.ts";
import { matchPattern } from "./expand.ts";
import { compileGlob, hasWildcard } from "./glob.ts";
import { includedInPatterns, overlap } from "./pattern.ts";

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
  const takenOut = without.map(compileGlob);
  return within.map((pattern) => ({
    pattern,
    actions: matchPattern(pattern, catalogue).filter(({ folded }) => !takenOut.some((matches) => matches(folded))),
  }));
}

/** Whether something of what a pattern may ever match was taken out of the bounds. */
export const isTouched = (pattern: string, { without = [] }: Bounds): boolean =>
  without.some((taken) => overlap(pattern, taken));

/**
 * The pattern of the bounds inside which another one lies, if nothing of it was taken out. Only patterns with a wildcard are looked
 * at: inside a name lies nothing but itself.
 */
export function homesIn(bounds: Bounds): (pattern: string) => string | undefined {
  const wide = bounds.within.filter(hasWildcard);
  const homes = groupByService(wide.map((pattern) => ({ pattern, includes: includedInPatterns([pattern]) })));
  const takenOut = groupByService((bounds.without ?? []).map((pattern) => ({ pattern })));
  return (pattern) => {
    const service = serviceOf(pattern);
    if (takenOut(service).some((taken) => overlap(pattern, taken.pattern))) return undefined;
    return homes(service).find(({ includes }) => includes(pattern) === "inside")?.pattern;
  };
}
