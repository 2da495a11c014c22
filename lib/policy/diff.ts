import { expansionOf } from "./allowed.ts";
import type { Catalogue } from "./catalogue.ts";
import { type CatalogueOptions, type Expansion, namesOf } from "./expand.ts";
import { includedInPatterns, overlap } from "./pattern.ts";
import type { Policy, Statement } from "./policy.ts";
import { sizeOf } from "./size.ts";

/** What became of the statements with one effect and one scope, in whichever policies they stand. */
export interface ScopeDifference extends Change {
  readonly effect: Statement["effect"];
  readonly before: readonly StatementName[];
  readonly after: readonly StatementName[];
}

export type StatementName = Pick<Statement, "policy" | "index" | "sid">;

/**
 * Of access, so that a Deny counts the other way round: what it no longer names is gained. Sorted names of known actions, and
 * patterns that match none.
 */
export interface Change {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  /** Patterns of a Deny before, of an Allow now, that match more than is proven to have been matched, be it known today or not. */
  readonly widened: readonly string[];
}

export interface Difference extends Change {
  /** Of the scopes that anything changed in. */
  readonly scopes: readonly ScopeDifference[];
  /** Characters, as IAM counts them. */
  readonly size: { readonly before: number; readonly after: number };
}

/**
 * What policies allow or deny now and did not before, and the other way round. Statements are compared where their effect and all
 * that they say beside their actions are the same; so what moves to another Resource is both lost and gained, even where one
 * Resource lies inside the other.
 */
export function diff(before: readonly Policy[], after: readonly Policy[], options: CatalogueOptions = {}): Difference {
  const [old, now] = [byScope(before), byScope(after)];
  const scopes = [...new Set([...old.keys(), ...now.keys()])]
    .map((scope) => {
      const effect = scope.startsWith("Allow ") ? "Allow" : "Deny";
      return compare({ effect, before: old.get(scope) ?? [], after: now.get(scope) ?? [] }, options.catalogue);
    })
    .filter(({ gained, lost, widened }) => gained.length + lost.length + widened.length > 0);
  const all = (part: keyof Change) => sortNames([...new Set(scopes.flatMap((scope) => scope[part]))]);
  return {
    ...{ scopes, gained: all("gained"), lost: all("lost"), widened: all("widened") },
    size: { before: sizeOf(textsOf(before)), after: sizeOf(textsOf(after)) },
  };
}

const sortNames = (names: readonly string[]): readonly string[] => namesOf({ actions: new Set(), unknown: names });

const textsOf = (policies: readonly Policy[]): readonly string[] => policies.map(({ text }) => text);

function byScope(policies: readonly Policy[]): ReadonlyMap<string, readonly Statement[]> {
  const groups = new Map<string, Statement[]>();
  for (const statement of policies.flatMap(({ statements }) => statements)) {
    const key = `${statement.effect} ${statement.scope}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [statement]);
    else group.push(statement);
  }
  return groups;
}

interface Compared {
  readonly effect: Statement["effect"];
  readonly before: readonly Statement[];
  readonly after: readonly Statement[];
}

function compare({ effect, before, after }: Compared, catalogue: Catalogue | undefined): ScopeDifference {
  const [narrow, wide] = effect === "Allow" ? [before, after] : [after, before];
  const [less, more] = [namedIn(narrow, catalogue), namedIn(wide, catalogue)];
  return {
    ...{ effect, before: before.map(nameOf), after: after.map(nameOf) },
    ...{ gained: namesOf(without(more, less)), lost: namesOf(without(less, more)) },
    widened: wide.flatMap((statement) => findWider(statement, less)),
  };
}

const nameOf = ({ policy, index, sid }: Statement): StatementName => ({ policy, index, sid });

/** What statements of one effect and scope name together. */
interface Named extends Expansion {
  readonly includes: (pattern: string) => boolean;
  /** The patterns of each NotAction. */
  readonly excluded: readonly (readonly string[])[];
}

function namedIn(statements: readonly Statement[], catalogue: Catalogue | undefined): Named {
  const expansions = statements.map((statement) => expansionOf(statement, catalogue));
  const inPatterns = includedInPatterns(patternsOf(statements, "Action").flat());
  const excluded = patternsOf(statements, "NotAction");
  return {
    actions: new Set(expansions.flatMap(({ actions }) => [...actions])),
    unknown: expansions.flatMap(({ unknown }) => unknown),
    includes: (pattern) =>
      inPatterns(pattern) === "inside" || excluded.some((taken) => !taken.some((one) => overlap(one, pattern))),
    excluded,
  };
}

const patternsOf = (statements: readonly Statement[], element: Statement["element"]) =>
  statements.filter((statement) => statement.element === element).map(({ patterns }) => patterns);

const without = ({ actions, unknown }: Expansion, taken: Named): Expansion => ({
  actions: new Set([...actions].filter((action) => !taken.actions.has(action))),
  unknown: unknown.filter((pattern) => !taken.includes(pattern)),
});

/** The patterns of a statement that match more than is named; of a NotAction, all of it. */
function findWider({ element, patterns }: Statement, { includes, excluded }: Named): readonly string[] {
  if (element === "Action") return patterns.filter((pattern) => !includes(pattern));
  const inPatterns = includedInPatterns(patterns);
  const isKnown = includes("*") || excluded.some((taken) => taken.every((one) => inPatterns(one) === "inside"));
  return isKnown ? [] : [`NotAction ${patterns.join(" ")}`];
}
