import { groupByService, serviceOf } from "./by-service.ts";
import { foldCase, hasWildcard } from "./glob.ts";
import { includedInPatterns, isInsidePattern } from "./pattern.ts";

/**
 * The patterns less those of which another one matches all; of several that match the same, the first stays.
 *
 * @param unique patterns of which none lies inside another
 */
export function withoutRepeated(
  patterns: readonly string[],
  unique: ReadonlySet<string> = new Set(),
): readonly string[] {
  const seen = new Set<string>();
  const wide = groupByService(
    [...patterns.entries()]
      .filter(([, pattern]) => hasWildcard(pattern))
      .map(([at, pattern]) => ({ at, pattern, includes: includedInPatterns([pattern]) })),
  );
  return patterns.filter((pattern, index) => {
    if (unique.has(pattern)) return true;
    const folded = foldCase(pattern);
    if (seen.has(folded)) return false;
    seen.add(folded);
    const covering = wide(serviceOf(pattern)).filter(
      ({ at, includes }) => at !== index && includes(pattern) === "inside",
    );
    return !covering.some(({ at, pattern: other }) => at < index || !isInsidePattern(other, pattern));
  });
}
