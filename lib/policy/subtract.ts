import { type Allowed, allowedBy, type EligibilityOptions, type LeftAlone } from "./allowed.ts";
import type { KnownAction } from "./catalogue.ts";
import { compileGlob, foldCase, hasWildcard } from "./glob.ts";
import { type MinimiseOptions, minimise, type Narrowed } from "./minimise.ts";
import { isPattern, isService, overlap, partsOf } from "./pattern.ts";
import { type Policy, type Statement, textAt } from "./policy.ts";
import { writePatterns, writeStatements } from "./rewrite.ts";

export interface SubtractOptions extends MinimiseOptions, EligibilityOptions {}

/** What becomes of a statement that allows something of what is to be taken. */
export type StatementChange = Pick<Statement, "policy" | "index" | "sid"> & (Taken | NotTaken);

export interface Taken {
  readonly is: "narrowed" | "removed";
  /** Names of actions. */
  readonly lost: readonly string[];
  readonly narrowed: readonly Narrowed[];
}

export interface NotTaken {
  readonly is: "left_alone";
  readonly because: LeftAlone;
  /** What of it would have been taken. */
  readonly keeps: readonly string[];
}

export interface UnknownPattern extends Pick<Statement, "policy" | "index" | "sid"> {
  readonly pattern: string;
}

export interface Subtracted {
  /** The policies that anything is left of, in their order; those without a change have the text that they had. */
  readonly policies: readonly Pick<Policy, "name" | "text">[];
  /** Names of policies that nothing is left of. */
  readonly emptied: readonly string[];
  readonly changes: readonly StatementChange[];
  /** Patterns that stay though an entry may mean some of what they match: it is not known what that is. */
  readonly unknown: readonly UnknownPattern[];
  /** Entries that nothing of what any Allow statement names has to do with. */
  readonly unmatched: readonly string[];
}

/**
 * Takes actions from what policies allow, statement by statement. Only the actions of a changed statement are written anew: its
 * Resource, Condition, Sid and Principal, and all other statements, keep every byte. A statement without actions goes, and a
 * policy without statements. A Deny is never touched, and a pattern that matches no known action is never taken.
 *
 * @param repoable patterns such as `s3:Put*`, in any case; a service alone, such as `s3`, is all of its actions
 */
export function subtract(
  policies: readonly Policy[],
  repoable: readonly string[],
  options: SubtractOptions = {},
): Subtracted {
  const isTaken = compileEntries(repoable);
  const taken = policies.map((policy) => takeFrom(policy, isTaken, options));
  const statements = taken.flatMap((policy) => policy.statements);
  const hit = statements.flatMap((statement) => statement.hit);
  const patterns = repoable.flatMap((entry) => asPattern(entry) ?? []);
  const unknown = statements
    .flatMap((statement) => statement.unknown)
    .filter(({ pattern }) => patterns.some((entry) => overlap(entry, pattern)));
  return {
    policies: taken.flatMap(({ name, text }) => (text === undefined ? [] : [{ name, text }])),
    emptied: taken.flatMap(({ name, text }) => (text === undefined ? [name] : [])),
    changes: statements.flatMap(({ change }) => change ?? []),
    ...{ unknown, unmatched: findUnmatched(repoable, hit, unknown) },
  };
}

/** Undefined for what is neither a pattern of actions nor the name of a service. */
function asPattern(entry: string): string | undefined {
  if (isPattern(entry)) return foldCase(entry);
  return isService(entry) ? foldCase(`${entry}:*`) : undefined;
}

type IsTaken = (action: Pick<KnownAction, "folded" | "service" | "action">) => boolean;

/** Most entries are names, of which there may be thousands. */
function compileEntries(entries: readonly string[]): IsTaken {
  const patterns = entries.flatMap((entry) => asPattern(entry) ?? []);
  const names = new Set(patterns);
  const tests = patterns.filter(hasWildcard).map(compilePattern);
  return (action) => names.has(action.folded) || tests.some((matches) => matches(action));
}

function compilePattern(pattern: string): IsTaken {
  const [inService, inAction] = partsOf(pattern).map(compileGlob) as [Test, Test];
  return ({ service, action }) => inService(service) && inAction(action);
}

type Test = ReturnType<typeof compileGlob>;

function findUnmatched(
  entries: readonly string[],
  hit: readonly KnownAction[],
  unknown: readonly UnknownPattern[],
): readonly string[] {
  const actions = new Map(hit.map((action) => [action.folded, action]));
  return entries.filter((entry) => {
    const pattern = asPattern(entry);
    if (pattern === undefined) return true;
    if (actions.has(pattern) || unknown.some((one) => overlap(one.pattern, pattern))) return false;
    return !(hasWildcard(pattern) && [...actions.values()].some(compilePattern(pattern)));
  });
}

function takeFrom(policy: Policy, isTaken: IsTaken, options: SubtractOptions) {
  const statements = policy.statements.map((statement) => takeFromStatement({ policy, statement }, isTaken, options));
  const isChanged = statements.some(({ change }) => change !== undefined && change.is !== "left_alone");
  const texts = statements.map(({ text }) => text);
  return { name: policy.name, text: isChanged ? writeStatements(policy, texts) : policy.text, statements };
}

interface TakenStatement {
  /** Undefined where nothing is left. */
  readonly text: string | undefined;
  /** What is to be taken and is allowed here. */
  readonly hit: readonly KnownAction[];
  readonly unknown: readonly UnknownPattern[];
  readonly change: StatementChange | undefined;
}

function takeFromStatement(
  { policy, statement }: { readonly policy: Policy; readonly statement: Statement },
  isTaken: IsTaken,
  options: SubtractOptions,
): TakenStatement {
  const text = textAt(policy.text, statement.at);
  const allowed = allowedBy(statement, options);
  const hit = [...(allowed?.actions ?? [])].filter(isTaken);
  const place = { policy: policy.name, index: statement.index, sid: statement.sid };
  const unknown = (allowed?.unknown ?? []).map((pattern) => ({ ...place, pattern }));
  if (allowed === undefined || hit.length === 0) return { text, hit, unknown, change: undefined };
  const names = hit.map(({ name }) => name);
  if (allowed.leftAlone !== undefined)
    return { text, hit, unknown, change: { ...place, is: "left_alone", because: allowed.leftAlone, keeps: names } };
  const { patterns, narrowed } = minimise(namesLeft(allowed, isTaken), boundsOf(statement), options);
  const isEmpty = patterns.length === 0;
  return {
    text: isEmpty ? undefined : writePatterns(policy, statement, patterns),
    ...{ hit, unknown },
    change: { ...place, is: isEmpty ? "removed" : "narrowed", lost: names, narrowed },
  };
}

const namesLeft = ({ actions, unknown }: Allowed, isTaken: IsTaken): readonly string[] => [
  ...[...actions].filter((action) => !isTaken(action)).map(({ name }) => name),
  ...unknown,
];

const boundsOf = ({ element, patterns }: Statement) =>
  element === "Action" ? { within: patterns } : { within: ["*"], without: patterns };
