import type { Point } from "../core/point.ts";
import type { SinkTotals } from "./sink.ts";

/** One point as one line without its newline; undefined where nothing of it can be written. */
export type EncodeLine = (point: Point) => { readonly line: string | undefined; readonly droppedFields: number };

export interface LineChunks {
  write(points: readonly Point[]): Promise<SinkTotals>;
  flush(): Promise<void>;
}

/** What a pipe holds on Linux: larger chunks save nothing. */
const chunkLength = 64 * 1024;

/**
 * Gathers whole lines into chunks and sends one after the other. Each write waits for its own, so that no more than a
 * chunk per overlapping write is held, however slow the reader. After a failed send every call fails with its error.
 */
export function chunkLines(encode: EncodeLine, send: (lines: string) => Promise<void>): LineChunks {
  let pending = "";
  let sent = Promise.resolve();
  const flush = (): Promise<void> => {
    const chunk = pending;
    pending = "";
    if (chunk !== "") sent = sent.then(() => send(chunk));
    return sent;
  };
  return {
    async write(points) {
      await sent;
      let droppedPoints = 0;
      let droppedFields = 0;
      for (const point of points) {
        const encoded = encode(point);
        droppedFields += encoded.droppedFields;
        if (encoded.line === undefined) {
          droppedPoints += 1;
          continue;
        }
        pending += `${encoded.line}\n`;
        if (pending.length >= chunkLength) await flush();
      }
      return { points: points.length - droppedPoints, droppedPoints, droppedFields };
    },
    flush,
  };
}
