import { type Bounds, type Grant, grantsOf, homesIn, isTouched } from "./bounds.ts";
import { groupByService, serviceOf } from "./by-service.ts";
import { catalogue as builtIn, type Catalogue, inOrder, type KnownAction } from "./catalogue.ts";
import { foldCase, hasWildcard } from "./glob.ts";
import { overlap } from "./pattern.ts";
import { coverByPrefixes } from "./prefix-tree.ts";
import { withoutRepeated } from "./repeated.ts";

export interface MinimiseOptions {
  readonly catalogue?: Catalogue;
  /** `explicit` lists every action by its name; `minimal` is the default. */
  readonly patterns?: "minimal" | "explicit";
}

/** A pattern of which something was taken. What AWS adds to it later is lost, too, unless one of `to` matches it. */
export interface Narrowed {
  readonly pattern: string;
  /** What still stands for some of it, or may, of what AWS adds; nothing where all was taken. */
  readonly to: readonly string[];
  /** Names of actions. */
  readonly lost: readonly string[];
}

export interface Minimised {
  readonly patterns: readonly string[];
  readonly narrowed: readonly Narrowed[];
}

/**
 * Few and short patterns that give just the actions `kept` over the catalogue. Each lies inside one pattern of the bounds, so that
 * it never matches what they did not, whatever AWS adds. A pattern of the bounds of which all is kept stays as it is written,
 * unless another one covers it. What is to be kept and lies outside the bounds is not granted.
 *
 * @param kept names of actions, and patterns of the bounds that match nothing known, where they are to stay; in any case
 */
export function minimise(kept: readonly string[], bounds: Bounds, options: MinimiseOptions = {}): Minimised {
  const { catalogue = builtIn, patterns: form = "minimal" } = options;
  const names = new Set(kept.map(foldCase));
  const isExplicit = form === "explicit";
  const grants = grantsOf(bounds, catalogue).map((grant) => judge(grant, { names, bounds, isExplicit }));
  const patterns = isExplicit ? listNames(grants) : shorten(grants, bounds);
  return { patterns, narrowed: narrow(grants, patterns) };
}

interface JudgedGrant extends Grant {
  readonly kept: readonly KnownAction[];
  readonly lost: readonly KnownAction[];
  /** It stays as it is written. */
  readonly isWhole: boolean;
}

interface Wanted {
  /** Folded. */
  readonly names: ReadonlySet<string>;
  readonly bounds: Bounds;
  readonly isExplicit: boolean;
}

function judge(grant: Grant, { names, bounds, isExplicit }: Wanted): JudgedGrant {
  const kept = grant.actions.filter(({ folded }) => names.has(folded));
  const lost = grant.actions.filter(({ folded }) => !names.has(folded));
  const isUnknown = grant.actions.length === 0;
  const isKept = isUnknown ? names.has(foldCase(grant.pattern)) : lost.length === 0;
  const isSpelledOut = isExplicit && !isUnknown && hasWildcard(grant.pattern);
  return { ...grant, kept, lost, isWhole: isKept && !isSpelledOut && !isTouched(grant.pattern, bounds) };
}

const listNames = (grants: readonly JudgedGrant[]): readonly string[] => [
  ...[...new Set(grants.flatMap(({ kept }) => kept))].sort(inOrder).map(({ name }) => name),
  ...grants.filter(({ isWhole, kept }) => isWhole && kept.length === 0).map(({ pattern }) => pattern),
];

/** Patterns that stay are left where they are; what is made anew stands where the first of them was that it lies inside. */
function shorten(grants: readonly JudgedGrant[], bounds: Bounds): readonly string[] {
  const covered = new Set(grants.filter(({ isWhole }) => isWhole).flatMap(({ actions }) => actions));
  const wanted = new Set(grants.flatMap(({ kept }) => kept).filter((action) => !covered.has(action)));
  const forbidden = new Set(grants.flatMap(({ lost }) => lost));
  const made = makePatterns([...wanted], [...forbidden], bounds);
  const unique = new Set([...made.values()].flat());
  const patterns = grants.flatMap(({ pattern, isWhole }) => {
    if (isWhole) return [pattern];
    const own = made.get(pattern) ?? [];
    made.delete(pattern);
    return own;
  });
  return withoutRepeated(patterns, unique);
}

/** By the pattern of the bounds that each lies inside. */
function makePatterns(
  wanted: readonly KnownAction[],
  forbidden: readonly KnownAction[],
  bounds: Bounds,
): Map<string, readonly string[]> {
  const lost = byService(forbidden);
  const made = new Map<string, string[]>();
  const homeOf = homesIn(bounds);
  const allows = (pattern: string) => homeOf(pattern) !== undefined;
  for (const [service, actions] of byService(wanted)) {
    for (const pattern of coverByPrefixes({ wanted: actions, forbidden: lost.get(service) ?? [], allows })) {
      // A name that is wanted, and that no pattern covers which stays, came of a pattern with a wildcard.
      const home = homeOf(pattern) as string;
      const others = made.get(home);
      if (others === undefined) made.set(home, [pattern]);
      else others.push(pattern);
    }
  }
  return made;
}

function byService(actions: readonly KnownAction[]): ReadonlyMap<string, readonly KnownAction[]> {
  const groups = new Map<string, KnownAction[]>();
  for (const action of actions) {
    const group = groups.get(action.service);
    if (group === undefined) groups.set(action.service, [action]);
    else group.push(action);
  }
  return groups;
}

function narrow(grants: readonly JudgedGrant[], patterns: readonly string[]): readonly Narrowed[] {
  const left = groupByService(patterns.map((pattern) => ({ pattern })));
  const leftOf = (pattern: string) =>
    left(serviceOf(pattern))
      .map((one) => one.pattern)
      .filter((one) => overlap(one, pattern));
  return grants
    .filter(({ isWhole }) => !isWhole)
    .map(({ pattern, lost }) => ({
      pattern,
      lost: lost.map(({ name }) => name),
      to: hasWildcard(pattern) ? leftOf(pattern) : [],
    }));
}
