import { type Allowed, allowedBy, type EligibilityOptions } from "./allowed.ts";
import { hasWildcard } from "./glob.ts";
import { minimise } from "./minimise.ts";
import { isInsidePattern } from "./pattern.ts";
import { type Policy, type Statement, textAt } from "./policy.ts";
import { writePatterns, writeStatements } from "./rewrite.ts";
import { sizeOf } from "./size.ts";

export interface MinimisePoliciesOptions extends Pick<EligibilityOptions, "catalogue" | "immutableSid"> {
  /**
   * Names of actions inside one of these patterns may become shorter patterns inside it, which grant what AWS adds there as well.
   * Without it nothing more is ever granted.
   */
  readonly within?: readonly string[];
}

export interface ShortenedStatement extends Pick<Statement, "policy" | "index" | "sid"> {
  /** Patterns that it had and has no more. */
  readonly dropped: readonly string[];
  /** Patterns that it has now and had not. */
  readonly added: readonly string[];
}

export interface MinimisedPolicies {
  /** All policies, in their order; those without a change have the text that they had. */
  readonly policies: readonly Pick<Policy, "name" | "text">[];
  readonly changes: readonly ShortenedStatement[];
}

/**
 * Policies that allow the same actions by fewer patterns: what another pattern of the same statement matches goes. Only Allow
 * statements with an Action change, and only where they get shorter; those that `subtract` leaves alone stay as they are.
 */
export function minimisePolicies(
  policies: readonly Policy[],
  options: MinimisePoliciesOptions = {},
): MinimisedPolicies {
  const shortened = policies.map((policy) => shortenPolicy(policy, options));
  return {
    policies: shortened.map(({ name, text }) => ({ name, text })),
    changes: shortened.flatMap(({ changes }) => changes),
  };
}

function shortenPolicy(policy: Policy, options: MinimisePoliciesOptions) {
  const patterns = policy.statements.map((statement) => shortenStatement({ policy, statement }, options));
  const texts = policy.statements.map((statement, at) => writeShortened(policy, statement, patterns[at]));
  const changes = policy.statements.flatMap((statement, at) => changeOf(statement, patterns[at]));
  // There are as many texts as statements, so that something is always left.
  const text = writeStatements(policy, texts) as string;
  return { name: policy.name, text, changes };
}

const writeShortened = (policy: Policy, statement: Statement, patterns: readonly string[] | undefined): string =>
  patterns === undefined ? textAt(policy.text, statement.at) : writePatterns(policy, statement, patterns);

function changeOf(statement: Statement, now: readonly string[] | undefined): readonly ShortenedStatement[] {
  if (now === undefined) return [];
  const { policy, index, sid, patterns } = statement;
  const [had, left] = [new Set(patterns), new Set(now)];
  // One of those that are written twice is left.
  const dropped = patterns.filter((pattern) => !left.delete(pattern));
  return [{ policy, index, sid, dropped, added: now.filter((pattern) => !had.has(pattern)) }];
}

interface Place {
  readonly policy: Policy;
  readonly statement: Statement;
}

/** The shortest of its forms, or the first of these; undefined where none is shorter than it is. */
function shortenStatement(
  { policy, statement }: Place,
  { within = [], ...options }: MinimisePoliciesOptions,
): readonly string[] | undefined {
  const allowed = allowedBy(statement, options);
  if (allowed === undefined || allowed.leftAlone !== undefined) return undefined;
  const kept = [...[...allowed.actions].map(({ name }) => name), ...allowed.unknown];
  const size = sizeOf([textAt(policy.text, statement.at)]);
  const [shortest] = [statement.patterns, ...(within.length === 0 ? [] : [boundsOf(statement, within, allowed)])]
    .map((bounds) => minimise(kept, { within: bounds }, options).patterns)
    .map((patterns) => ({ patterns, size: sizeOf([writePatterns(policy, statement, patterns)]) }))
    .filter((form) => form.size < size)
    .sort((one, other) => one.size - other.size);
  return shortest?.patterns;
}

/** Names of known actions give way to the patterns that they lie inside; a wildcard stays, and its future actions with it. */
function boundsOf({ patterns }: Statement, within: readonly string[], { unknown }: Allowed): readonly string[] {
  const isFree = (pattern: string) =>
    !hasWildcard(pattern) && !unknown.includes(pattern) && within.some((wide) => isInsidePattern(pattern, wide));
  const first = patterns.findIndex(isFree);
  return patterns.flatMap((pattern, at) => {
    if (!isFree(pattern)) return [pattern];
    return at === first ? within : [];
  });
}
