import { test } from "tap";
import { buildStates, countStates, type State } from "../../lib/tagaudit/pattern-states.ts";
import { type PatternTree, readPattern } from "../../lib/tagaudit/pattern-tree.ts";

function treeOf(source: string): PatternTree {
  const read = readPattern(source);
  if (!read.ok) throw new Error(read.says);
  return read.tree;
}

const counts = [
  { name: "letters and anchors", source: "^ab$", want: 5 },
  { name: "alternatives", source: "a|b", want: 3 },
  { name: "what may come again once and a loop", source: "a*", want: 3 },
  { name: "what must come as often as it must", source: "a{5}", want: 11 },
  { name: "what may come as often as it may", source: "a{2,5}", want: 11 },
  { name: "what must come and may go on", source: "a{5,}", want: 13 },
  { name: "repetitions multiply", source: "(a{10}){10}", want: 221 },
] as const;

for (const { name, source, want } of counts)
  test(`counts ${name}`, async (t) => t.equal(countStates(treeOf(source)), want));

/** The states in one line, as far as they are not shown already. */
function show(state: State, seen: readonly State[] = []): string {
  const at = seen.indexOf(state);
  if (at !== -1) return `@${at}`;
  const path = [...seen, state];
  if (state.kind === "done") return "done";
  if (state.kind === "fork") return `(${state.ways.map((way) => show(way, path)).join("|")})`;
  return `${state.kind} ${show(state.next, path)}`;
}

const built = [
  { name: "letters one after another", source: "ab", want: "(letter letter done)" },
  { name: "anchors", source: "^$", want: "(start end done)" },
  { name: "alternatives, of which one is nothing", source: "a|", want: "(letter done|done)" },
  { name: "a loop", source: "a*", want: "((done|letter @1))" },
  { name: "one, and a loop", source: "a+", want: "(letter (done|letter @2))" },
  { name: "as often as it must", source: "a{2}", want: "(letter letter done)" },
  { name: "as often as it may", source: "a{0,2}", want: "((letter (letter done|done)|done))" },
] as const;

for (const { name, source, want } of built)
  test(`builds ${name}`, async (t) => t.equal(show(buildStates(treeOf(source))), want));
