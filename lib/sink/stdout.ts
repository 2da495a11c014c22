import type { Writable } from "node:stream";
import { nameFailure } from "./errors.ts";
import { chunkLines, type EncodeLine } from "./line-chunks.ts";
import type { Sink } from "./sink.ts";

/** Lines to a stream that stays open: the process' own. */
export function openStdoutSink(stdout: Writable, encode: EncodeLine): Sink {
  const name = "stdout";
  if (!stdout.listeners("error").includes(ignore)) stdout.on("error", ignore);
  const { write, flush } = chunkLines(encode, (lines) => nameFailure(name, send(stdout, lines)));
  return { name, write, flush, close: flush };
}

/** Each write's own callback reports its failure; unheard, the event beside it would end the process. */
function ignore(): void {}

/** Settles when the stream has handed the lines on, which is later than `drain`: nothing queues up behind a slow reader. */
const send = (stdout: Writable, lines: string): Promise<void> =>
  new Promise((resolve, reject) => {
    stdout.write(lines, (error) => (error ? reject(error) : resolve()));
  });
