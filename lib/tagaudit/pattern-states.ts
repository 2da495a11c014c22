import type { PatternTree } from "./pattern-tree.ts";

/** What a machine may be in: in several of them at once, so that no text makes it go back. */
export type State =
  | { readonly kind: "letter"; readonly fits: (letter: string) => boolean; readonly next: State }
  | { readonly kind: "start" | "end"; readonly next: State }
  | { readonly kind: "fork"; readonly ways: readonly State[] }
  | { readonly kind: "done" };

/** How many states the tree needs, at least: what is repeated is there as often as it may be. */
export function countStates(tree: PatternTree): number {
  switch (tree.kind) {
    case "letter":
    case "start":
    case "end":
      return 1;
    case "sequence":
      return sum(tree.parts);
    case "choice":
      return 1 + sum(tree.options);
    case "repeat":
      return (1 + countStates(tree.part)) * Math.max(1, tree.max ?? tree.min + 1);
  }
}

const sum = (trees: readonly PatternTree[]): number => trees.reduce((total, tree) => total + countStates(tree), 0);

/** The machine's first state. */
export function buildStates(tree: PatternTree, next: State = { kind: "done" }): State {
  switch (tree.kind) {
    case "letter":
    case "start":
    case "end":
      return { ...tree, next };
    case "sequence":
      return tree.parts.reduceRight((after, part) => buildStates(part, after), next);
    case "choice":
      return { kind: "fork", ways: tree.options.map((option) => buildStates(option, next)) };
    case "repeat":
      return times(tree.min, buildOptional(tree, next), (after) => buildStates(tree.part, after));
  }
}

type Repeat = Extract<PatternTree, { kind: "repeat" }>;

/** What may follow the repetitions that must be. */
function buildOptional({ part, min, max }: Repeat, next: State): State {
  if (max !== undefined)
    return times(max - min, next, (after) => ({ kind: "fork", ways: [buildStates(part, after), next] }));
  const ways: State[] = [next];
  const loop: State = { kind: "fork", ways };
  ways.push(buildStates(part, loop));
  return loop;
}

function times(count: number, last: State, before: (state: State) => State): State {
  let state = last;
  for (let turn = 0; turn < count; turn += 1) state = before(state);
  return state;
}
