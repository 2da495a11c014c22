import type { Document } from "../core/document.ts";
import type { Point } from "../core/point.ts";

/** What became of some points. */
export interface SinkTotals {
  readonly points: number;
  /** Points of which nothing could be written. */
  readonly droppedPoints: number;
  readonly droppedFields: number;
}

/** What became of some documents: each is in at least one of the four, and in one alone where a single sink takes them. */
export interface DocumentTotals {
  readonly stored: number;
  /** Were there already, from an earlier delivery of the same id. */
  readonly duplicates: number;
  /** Refused for good: no later delivery would change it. */
  readonly rejected: readonly RejectedDocument[];
  /** Could not be delivered now; delivering them again does no harm. */
  readonly undelivered: readonly Document[];
  /** Why there are undelivered ones; names the target. */
  readonly reason: string | undefined;
}

export interface RejectedDocument {
  readonly document: Document;
  readonly reason: string;
}

/** Never rejects: what kept documents from being stored is in the totals. The signal ends it early. */
export type WriteDocuments = (documents: readonly Document[], stop: AbortSignal) => Promise<DocumentTotals>;

/**
 * Where points go, and documents where it takes any. Rounds follow one another on one sink: write any number of times, flush, and again. A sink that failed
 * says so at once and again at the end of the round; whether the next round works depends on its target.
 */
export interface Sink {
  /** How messages name the target: a setting with its value, or `stdout`. */
  readonly name: string;
  /** Points that can't be encoded are counted, never an error. Waits while the target is slow; calls may overlap. */
  write(points: readonly Point[]): Promise<SinkTotals>;
  /** Absent: it takes no documents. Stored means stored when this settles, not at the flush; calls may overlap. */
  readonly writeDocuments?: WriteDocuments;
  /** Ends the round: all of it is out when this settles, and a file has been replaced by it. */
  flush(): Promise<void>;
  /** Ends a round that is still open, if any. A second close does nothing. */
  close(): Promise<void>;
}
