import type { Message, Refused } from "../core/queue.ts";

/** How many entries SQS takes in one call of a batch (DeleteMessageBatch, SQS API reference). */
export const mostEntries = 10;

export interface BatchLimits {
  readonly entries: number;
  /** Of all bodies together; one that is longer goes alone. Absent: none. */
  readonly bytes?: number;
}

/** In their order; none of none. */
export function batchesOf(messages: readonly Message[], { entries, bytes }: BatchLimits): readonly Message[][] {
  const batches: Message[][] = [];
  let length = 0;
  for (const message of messages) {
    const size = bytes === undefined ? 0 : byteLength(message.body);
    const batch = batches.at(-1);
    if (batch === undefined || batch.length >= entries || length + size > (bytes ?? Number.POSITIVE_INFINITY)) {
      batches.push([message]);
      length = size;
    } else {
      batch.push(message);
      length += size;
    }
  }
  return batches;
}

const encoder = new TextEncoder();
const byteLength = (text: string): number => encoder.encode(text).length;

/** What AWS answers of a batch, entries by their place in it. */
export interface BatchAnswer {
  readonly Successful?: readonly { readonly Id?: string | undefined }[] | undefined;
  readonly Failed?: readonly FailedEntry[] | undefined;
}

interface FailedEntry {
  readonly Id?: string | undefined;
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
}

/** Done is only what the answer says is done. */
export function refusedOf(
  batch: readonly Message[],
  { Successful = [], Failed = [] }: BatchAnswer,
): readonly Refused[] {
  const done = new Set(Successful.map(({ Id }) => Id));
  return batch.flatMap((message, place) => {
    if (done.has(String(place))) return [];
    const failed = Failed.find(({ Id }) => Id === String(place));
    return [{ message, says: failed === undefined ? "the answer does not tell of it" : reasonOf(failed) }];
  });
}

const reasonOf = ({ Code = "refused", Message: said = "" }: FailedEntry): string =>
  said === "" ? Code : `${Code}: ${said}`;
