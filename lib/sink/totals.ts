import type { Document } from "../core/document.ts";
import type { DocumentTotals, SinkTotals } from "./sink.ts";

/** Also what a sink for documents alone says of points, which it neither writes nor misses. */
export const noTotals: SinkTotals = { points: 0, droppedPoints: 0, droppedFields: 0 };

/** The point is out where one sink wrote it, and missed where one sink dropped it. */
export const largest = (left: SinkTotals, right: SinkTotals): SinkTotals => ({
  points: Math.max(left.points, right.points),
  droppedPoints: Math.max(left.droppedPoints, right.droppedPoints),
  droppedFields: Math.max(left.droppedFields, right.droppedFields),
});

export const noDocuments: DocumentTotals = {
  ...{ stored: 0, duplicates: 0, rejected: [], undelivered: [], reason: undefined },
};

export const undeliveredFor = (reason: string, undelivered: readonly Document[]): DocumentTotals => ({
  ...noDocuments,
  ...(undelivered.length === 0 ? {} : { undelivered, reason }),
});

/** Of other documents, one batch after the other. */
export const addDocuments = (left: DocumentTotals, right: DocumentTotals): DocumentTotals => ({
  stored: left.stored + right.stored,
  duplicates: left.duplicates + right.duplicates,
  rejected: [...left.rejected, ...right.rejected],
  undelivered: [...left.undelivered, ...right.undelivered],
  reason: left.reason ?? right.reason,
});

/** Of the same documents in several sinks: stored where one has it, and undelivered or rejected where one is without it. */
export const joinDocuments = (each: readonly DocumentTotals[]): DocumentTotals => ({
  stored: Math.max(...each.map(({ stored }) => stored)),
  duplicates: Math.max(...each.map(({ duplicates }) => duplicates)),
  rejected: each.flatMap(({ rejected }) => rejected),
  undelivered: [...new Set(each.flatMap(({ undelivered }) => undelivered))],
  reason: joinReasons(each.flatMap(({ reason }) => reason ?? [])),
});

const joinReasons = (reasons: readonly string[]): string | undefined =>
  reasons.length === 0 ? undefined : [...new Set(reasons)].join("; ");
