import { type Allowed, allowedBy, type EligibilityOptions, type LeftAlone } from "./allowed.ts";
import type { KnownAction } from "./catalogue.ts";
import { compileGlob, foldCase, hasWildcard } from "./glob.ts";
import { type MinimiseOptions, minimise, type Narrowed } from "./minimise.ts";
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

export interface Subtracted {
  /** The policies that anything is left of, in their order; those without a change have the text that they had. */
  readonly policies: readonly Pick<Policy, "name" | "text">[];
  /** Names of policies that nothing is left of. */
  readonly emptied: readonly string[];
  readonly changes: readonly StatementChange[];
  /** Entries of which no Allow statement has any known action. */
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
  const hit = taken.flatMap(({ statements }) => statements.flatMap(({ hit }) => hit));
  return {
    policies: taken.flatMap(({ name, text }) => (text === undefined ? [] : [{ name, text }])),
    emptied: taken.flatMap(({ name, text }) => (text === undefined ? [name] : [])),
    changes: taken.flatMap(({ statements }) => statements.flatMap(({ change }) => change ?? [])),
    unmatched: findUnmatched(repoable, hit),
  };
}

/** Undefined for what is neither a pattern of actions nor the name of a service. */
function asPattern(entry: string): string | undefined {
  if (entry.includes(":") || entry === "*") return foldCase(entry);
  return hasWildcard(entry) ? undefined : foldCase(`${entry}:*`);
}

type IsTaken = (action: Pick<KnownAction, "folded">) => boolean;

/** Most entries are names, of which there may be thousands. */
function compileEntries(entries: readonly string[]): IsTaken {
  const patterns = entries.flatMap((entry) => asPattern(entry) ?? []);
  const names = new Set(patterns);
  const tests = patterns.filter(hasWildcard).map(compileGlob);
  return ({ folded }) => names.has(folded) || tests.some((matches) => matches(folded));
}

function findUnmatched(entries: readonly string[], hit: readonly KnownAction[]): readonly string[] {
  const names = new Set(hit.map(({ folded }) => folded));
  return entries.filter((entry) => {
    const pattern = asPattern(entry);
    if (pattern === undefined) return true;
    return !names.has(pattern) && !(hasWildcard(pattern) && [...names].some(compileGlob(pattern)));
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
  if (allowed === undefined || hit.length === 0) return { text, hit, change: undefined };
  const place = { policy: policy.name, index: statement.index, sid: statement.sid };
  const names = hit.map(({ name }) => name);
  if (allowed.leftAlone !== undefined)
    return { text, hit, change: { ...place, is: "left_alone", because: allowed.leftAlone, keeps: names } };
  const { patterns, narrowed } = minimise(namesLeft(allowed, isTaken), boundsOf(statement), options);
  const isEmpty = patterns.length === 0;
  return {
    text: isEmpty ? undefined : writePatterns(policy, statement, patterns),
    hit,
    change: { ...place, is: isEmpty ? "removed" : "narrowed", lost: names, narrowed },
  };
}

const namesLeft = ({ actions, unknown }: Allowed, isTaken: IsTaken): readonly string[] => [
  ...[...actions].filter((action) => !isTaken(action)).map(({ name }) => name),
  ...unknown,
];

const boundsOf = ({ element, patterns }: Statement) =>
  element === "Action" ? { within: patterns } : { within: ["*"], without: patterns };
