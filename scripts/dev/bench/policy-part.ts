import type { Cell, Table, Target } from "./section.ts";

export interface PolicyBench {
  /** Runs policy-work.ts, as it would be shipped, on an input; returns what it says. */
  work<Said>(kind: string, input?: object): Said;
  /** Leaves a file with this input. */
  writeInput(input: object): string;
  readonly notes: string[];
}

/** What one kind of work brings to the section. */
export interface PolicyPart {
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
}

export type Row = Readonly<Record<string, Cell>>;
