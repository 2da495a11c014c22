export type Cell = string | number | undefined;

/** Rows of one table; units are in the names of the columns. */
export interface Table {
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

export interface Target {
  readonly what: string;
  readonly want: string;
  readonly got: number;
  readonly met: boolean;
}

export interface Measured {
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
  /** What a reader must know to read the numbers right. */
  readonly notes: readonly string[];
}

export interface BenchOptions {
  /** Interleaved runs per candidate, where whole processes are compared. */
  readonly runs: number;
}

export type Section = (options: BenchOptions) => Promise<Measured>;

export const atMost = (what: string, limit: number, got: number): Target => ({
  ...{ what, want: `at most ${limit}`, got, met: got <= limit },
});

export const atLeast = (what: string, limit: number, got: number): Target => ({
  ...{ what, want: `at least ${limit}`, got, met: got >= limit },
});
