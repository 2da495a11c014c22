import type { Point } from "../core/point.ts";
import type { SinkTotals } from "./sink.ts";

/** One item as one line without its newline; undefined where nothing of it can be written. */
export type EncodeLine<Item = Point> = (item: Item) => {
  readonly line: string | undefined;
  readonly droppedFields: number;
};

export interface LineChunks<Item = Point> {
  write(items: readonly Item[]): Promise<SinkTotals>;
  flush(): Promise<void>;
}

/** What a pipe holds on Linux: larger chunks save nothing. */
const chunkLength = 64 * 1024;

/**
 * Gathers whole lines into chunks and sends one after the other. Each write waits for its own, so that no more than a
 * chunk per overlapping write is held, however slow the reader. After a failed send every call fails with its error.
 */
export function chunkLines<Item>(encode: EncodeLine<Item>, send: (lines: string) => Promise<void>): LineChunks<Item> {
  let pending = "";
  let sent = Promise.resolve();
  const flush = (): Promise<void> => {
    const chunk = pending;
    pending = "";
    if (chunk !== "") sent = sent.then(() => send(chunk));
    return sent;
  };
  return {
    async write(items) {
      await sent;
      let droppedPoints = 0;
      let droppedFields = 0;
      for (const item of items) {
        const encoded = encode(item);
        droppedFields += encoded.droppedFields;
        if (encoded.line === undefined) {
          droppedPoints += 1;
          continue;
        }
        pending += `${encoded.line}\n`;
        if (pending.length >= chunkLength) await flush();
      }
      return { points: items.length - droppedPoints, droppedPoints, droppedFields };
    },
    flush,
  };
}
