import { catalogue as builtIn, type Catalogue, inOrder, type KnownAction } from "./catalogue.ts";
import { compileGlob, foldCase, hasWildcard } from "./glob.ts";
import { partsOf } from "./pattern.ts";

/** What patterns stand for, as far as a catalogue knows. */
export interface Expansion {
  readonly actions: ReadonlySet<KnownAction>;
  /** Patterns that match no known action, as written: of a service or an action that AWS has added since. */
  readonly unknown: readonly string[];
}

/** All known actions that one pattern matches. */
export function matchPattern(pattern: string, catalogue: Catalogue): readonly KnownAction[] {
  const [service, action] = partsOf(pattern).map(foldCase) as [string, string];
  const matches = compileGlob(action);
  const actionsOf = (one: string) => catalogue.actionsOf(one).filter((known) => matches(known.action));
  return hasWildcard(service) ? catalogue.services.filter(compileGlob(service)).flatMap(actionsOf) : actionsOf(service);
}

export function expandPatterns(patterns: readonly string[], catalogue: Catalogue): Expansion {
  const actions = new Set<KnownAction>();
  const unknown: string[] = [];
  for (const pattern of patterns) {
    const matched = matchPattern(pattern, catalogue);
    for (const action of matched) actions.add(action);
    if (matched.length === 0) unknown.push(pattern);
  }
  return { actions, unknown };
}

/** All known actions but those that the patterns match: what `NotAction` stands for. */
export function complementOf(patterns: readonly string[], catalogue: Catalogue): ReadonlySet<KnownAction> {
  const { actions } = expandPatterns(patterns, catalogue);
  return new Set(matchPattern("*", catalogue).filter((action) => !actions.has(action)));
}

export interface CatalogueOptions {
  /** The actions that are known; those that came with this version if absent. */
  readonly catalogue?: Catalogue;
}

/**
 * The actions that patterns such as `s3:Get*` match, in AWS's spelling, sorted, each once. A pattern that matches nothing known
 * stands for itself, as written.
 */
export const expand = (
  patterns: readonly string[],
  { catalogue = builtIn }: CatalogueOptions = {},
): readonly string[] => namesOf(expandPatterns(patterns, catalogue));

/** The known actions that none of the patterns matches, in AWS's spelling, sorted. */
export const complement = (
  patterns: readonly string[],
  { catalogue = builtIn }: CatalogueOptions = {},
): readonly string[] => namesOf({ actions: complementOf(patterns, catalogue), unknown: [] });

/** Sorted, each once; of two unknown patterns that differ in case alone, the first. */
export function namesOf({ actions, unknown }: Expansion): readonly string[] {
  const written = new Map([...unknown].reverse().map((name) => [foldCase(name), name]));
  const all = [...actions, ...[...written].map(([folded, name]) => ({ folded, name }))];
  return all.sort(inOrder).map(({ name }) => name);
}
