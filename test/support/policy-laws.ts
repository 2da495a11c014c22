import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Catalogue,
  diff,
  overlap,
  type Policy,
  permissionsOf,
  type StatementChange,
  type Subtracted,
  subtract,
} from "../../lib/policy/library.ts";
import { isInsidePattern } from "../../lib/policy/pattern.ts";
import { endOf, type Statement, textAt } from "../../lib/policy/policy.ts";
import { catalogueOf, matching, policyFrom } from "./policies.ts";
import { type World, worldArb } from "./policy-worlds.ts";

interface Run extends World {
  readonly catalogue: Catalogue;
  /** What is asked for, of what is known. */
  readonly asked: ReadonlySet<string>;
  /** By each statement, of what is known. */
  readonly named: ReadonlyMap<Statement, readonly string[]>;
  readonly before: readonly Policy[];
  readonly result: Subtracted;
  readonly after: readonly Policy[];
}

/** That subtract and diff keep what they promise, over random policies, catalogues and wishes. */
export const policyLaws = (runs: number): void =>
  fc.assert(
    fc.property(worldArb, (world) => holdLaws(world)),
    { numRuns: runs },
  );

function holdLaws(world: World): void {
  const catalogue = catalogueOf(...world.names);
  const before = world.texts.map((text, index) => policyFrom(text, `p${index}`));
  const result = subtract(before, world.entries, { ...world.options, catalogue });
  const after = result.policies.map(({ text, name }) => policyFrom(text, name));
  const asked = new Set(matching(world.entries.map(toPattern), world.names));
  const named = new Map(
    before.flatMap(({ statements }) => statements).map((one) => [one, namesOf(one, world.names)] as const),
  );
  for (const law of laws) law({ ...world, catalogue, asked, named, before, result, after });
}

function everyPolicyIsAccountedFor({ before, result: { policies, emptied } }: Run): void {
  const [left, gone] = [policies.map(({ name }) => name), new Set(emptied)];
  assert.deepEqual(
    left,
    before.map(({ name }) => name).filter((name) => !gone.has(name)),
  );
  assert.equal(left.length + emptied.length, before.length);
}

/** By the specification's words, without the code's. */
function justWhatMustChangesDoes(run: Run): void {
  for (const policy of run.before)
    for (const statement of policy.statements) {
      const hit = (run.named.get(statement) ?? []).filter((name) => run.asked.has(name));
      const change = changeOf(run.result.changes, statement);
      const isHit = statement.effect === "Allow" && hit.length > 0;
      const { immutableSid = "NOREPO", rewriteNotAction = false } = run.options;
      const isImmutable = immutableSid !== "" && statement.sid?.startsWith(immutableSid) === true;
      const isNegated = statement.element === "NotAction" || statement.hasNotResource;
      assert.equal(change !== undefined, isHit);
      if (change === undefined) continue;
      assert.equal(change.is === "left_alone", isImmutable || (isNegated && !rewriteNotAction));
      assert.deepEqual([...(change.is === "left_alone" ? change.keeps : change.lost)].sort(), [...hit].sort());
    }
}

const toPattern = (entry: string): string => (/[:*]/.test(entry) ? entry : `${entry}:*`);

function namesOf({ element, patterns }: Statement, names: readonly string[]): readonly string[] {
  const matched = matching(patterns, names);
  return element === "Action" ? matched : names.filter((name) => !matched.includes(name));
}

const changeOf = (changes: readonly StatementChange[], { policy, index }: Statement): StatementChange | undefined =>
  changes.find((change) => change.policy === policy && change.index === index);

function allElseKeepsItsBytes({ before, after, result }: Run): void {
  for (const policy of before) {
    const now = after.find(({ name }) => name === policy.name);
    const changes = policy.statements.map((statement) => changeOf(result.changes, statement)?.is);
    const isChanged = changes.some((is) => is === "narrowed" || is === "removed");
    if (!isChanged) assert.equal(now?.text, policy.text);
    const left = policy.statements.filter((_, index) => changes[index] !== "removed");
    assert.equal(now?.statements.length ?? 0, left.length);
    for (const [place, statement] of left.entries()) {
      const other = now?.statements[place];
      assert(now && other);
      if (changes[statement.index] === "narrowed")
        sameButActions(statement, partsOf(policy, statement), partsOf(now, other));
      else assert.equal(textAt(now.text, other.at), textAt(policy.text, statement.at));
    }
    if (now !== undefined) assert.deepEqual(framesOf(now), framesOf(policy));
  }
}

interface Parts {
  readonly around: readonly string[];
  readonly key: string;
  readonly isList: boolean;
  readonly count: number;
}

function partsOf({ text }: Policy, { at, elementAt: { key, value, patterns, isList } }: Statement): Parts {
  const around = [
    text.slice(at.offset, key.offset),
    text.slice(endOf(key), value.offset),
    text.slice(endOf(value), endOf(at)),
  ];
  return { around, key: textAt(text, key), isList, count: patterns.length };
}

function sameButActions({ element }: Statement, old: Parts, now: Parts): void {
  assert.deepEqual(now.around, old.around);
  assert.equal(now.key, element === "Action" ? old.key : '"Action"');
  assert.equal(now.isList, old.isList || now.count > 1);
}

/** What is before the first statement and behind the last. */
function framesOf({ text, statements }: Policy): readonly unknown[] {
  const [first, last] = [statements[0], statements.at(-1)];
  assert(first && last);
  return [text.slice(0, first.at.offset), text.slice(endOf(last.at))];
}

function whatWasAskedIsGone({ names, asked, before, after, options, catalogue }: Run): void {
  const [old, now] = [before, after].map((policies) => permissionsOf(policies, { ...options, catalogue }));
  assert(old && now);
  const isKnown = new Set(names);
  const known = (all: readonly string[]) => all.filter((name) => isKnown.has(name));
  assert.deepEqual(
    known(now.eligible),
    known(old.eligible).filter((name) => !asked.has(name)),
  );
  const patterns = after.flatMap(({ statements }) => statements).flatMap(({ patterns }) => patterns);
  for (const name of old.total.filter((name) => !isKnown.has(name)))
    assert(
      patterns.some((pattern) => isInsidePattern(name, pattern)),
      `${name} is lost`,
    );
}

function nothingIsGained({ names, future, before, after, asked }: Run): void {
  const later = [...new Map([...future, ...names].map((name) => [name.toLowerCase(), name])).values()];
  const { gained, widened, lost } = diff(before, after, { catalogue: catalogueOf(...later) });
  assert.deepEqual({ gained, widened }, { gained: [], widened: [] });
  const isNew = new Set(later.filter((name) => !names.includes(name)));
  assert.deepEqual(
    lost.filter((name) => !asked.has(name) && !isNew.has(name)),
    [],
  );
}

function twiceIsOnce({ after, entries, options, catalogue, result }: Run): void {
  const again = subtract(after, entries, { ...options, catalogue });
  assert.deepEqual(again.policies, result.policies);
  assert.deepEqual(
    again.changes.filter(({ is }) => is !== "left_alone"),
    [],
  );
}

function nothingAskedNothingDone({ before, options, catalogue }: Run): void {
  const { policies, emptied, changes } = subtract(before, [], { ...options, catalogue });
  const same = before.map(({ name, text }) => ({ name, text }));
  assert.deepEqual({ policies, emptied, changes }, { policies: same, emptied: [], changes: [] });
  const { scopes, size } = diff(before, before, { catalogue });
  assert.deepEqual({ scopes, size: size.after }, { scopes: [], size: size.before });
}

function whatIsUnmatchedIsSaid({ named, entries, result }: Run): void {
  const allowed = [...named].flatMap(([{ effect }, names]) => (effect === "Allow" ? names : []));
  const isMatched = (entry: string) => matching([toPattern(entry)], allowed).length > 0;
  const mayMean = (entry: string) => result.unknown.some(({ pattern }) => overlap(toPattern(entry), pattern));
  assert.deepEqual(
    result.unmatched,
    entries.filter((entry) => !isMatched(entry) && !mayMean(entry)),
  );
  for (const { pattern } of result.unknown) assert(entries.some((entry) => overlap(toPattern(entry), pattern)));
}

const laws: readonly ((run: Run) => void)[] = [
  ...[everyPolicyIsAccountedFor, justWhatMustChangesDoes, allElseKeepsItsBytes, whatWasAskedIsGone],
  ...[nothingIsGained, twiceIsOnce, nothingAskedNothingDone, whatIsUnmatchedIsSaid],
];
