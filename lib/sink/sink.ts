import type { Point } from "../core/point.ts";

/** What became of some points. */
export interface SinkTotals {
  readonly points: number;
  /** Points of which nothing could be written. */
  readonly droppedPoints: number;
  readonly droppedFields: number;
}

/**
 * Where points go. Rounds follow one another on one sink: write any number of times, flush, and again. A sink that failed
 * says so at once and again at the end of the round; whether the next round works depends on its target.
 */
export interface Sink {
  /** How messages name the target: a setting with its value, or `stdout`. */
  readonly name: string;
  /** Points that can't be encoded are counted, never an error. Waits while the target is slow; calls may overlap. */
  write(points: readonly Point[]): Promise<SinkTotals>;
  /** Ends the round: all of it is out when this settles, and a file has been replaced by it. */
  flush(): Promise<void>;
  /** Ends a round that is still open, if any. A second close does nothing. */
  close(): Promise<void>;
}
