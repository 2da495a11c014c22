import type { State } from "./pattern-states.ts";

/** All states that a text so far may have led to, and where further letters have led from there before. */
interface Stage {
  readonly states: ReadonlySet<State>;
  readonly steps: Map<string, Stage>;
}

/** Tags' values are much alike, and so are the steps that they take. */
const mostSteps = 2_000;

/** Says of a text whether the states take the whole of it; what it remembers of earlier texts is bounded. */
export function buildMachine(first: State): (text: string) => boolean {
  let book = openBook(first);
  return (text) => {
    if (book.steps() > mostSteps) book = openBook(first);
    let stage = book.start;
    for (const letter of text) stage = book.step(stage, letter);
    return [...reach(stage.states, { isStart: text === "", isEnd: true })].some(({ kind }) => kind === "done");
  };
}

function openBook(first: State) {
  const names = new Map<State, number>();
  const stages = new Map<string, Stage>();
  let steps = 0;
  const nameOf = (state: State): number => {
    const name = names.get(state) ?? names.size;
    names.set(state, name);
    return name;
  };
  const stageOf = (states: ReadonlySet<State>): Stage => {
    const name = [...states].map(nameOf).sort().join();
    const stage = stages.get(name) ?? { states, steps: new Map() };
    stages.set(name, stage);
    return stage;
  };
  return {
    start: stageOf(reach([first], { isStart: true, isEnd: false })),
    steps: () => steps,
    step(stage: Stage, letter: string): Stage {
      const known = stage.steps.get(letter);
      if (known !== undefined) return known;
      const nexts = [...stage.states].flatMap((state) =>
        state.kind === "letter" && state.fits(letter) ? [state.next] : [],
      );
      const next = stageOf(reach(nexts, { isStart: false, isEnd: false }));
      stage.steps.set(letter, next);
      steps += 1;
      return next;
    },
  };
}

interface Place {
  readonly isStart: boolean;
  readonly isEnd: boolean;
}

/** All states to be had from these without another letter. */
function reach(from: Iterable<State>, { isStart, isEnd }: Place): ReadonlySet<State> {
  const reached = new Set(from);
  // A set goes on to what is added while it is gone through.
  for (const state of reached) {
    if (state.kind === "fork") for (const way of state.ways) reached.add(way);
    if ((state.kind === "start" && isStart) || (state.kind === "end" && isEnd)) reached.add(state.next);
  }
  return reached;
}
