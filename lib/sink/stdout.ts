import type { Writable } from "node:stream";
import { nameFailure } from "./errors.ts";
import { chunkLines, type EncodeLine } from "./line-chunks.ts";
import type { Sink } from "./sink.ts";

/** Points as lines to a stream that stays open: the process' own. */
export function openStdoutSink(stdout: Writable, encode: EncodeLine): Sink {
  const { name, write, flush } = openLines(stdout, encode);
  return { name, write, flush, close: flush };
}

export function openLines<Item>(stdout: Writable, encode: EncodeLine<Item>) {
  const name = "stdout";
  if (!stdout.listeners("error").includes(ignore)) stdout.on("error", ignore);
  return { name, ...chunkLines(encode, (lines) => nameFailure(name, send(stdout, lines))) };
}

/** Each write's own callback reports its failure; unheard, the event beside it would end the process. */
function ignore(): void {}

/** Settles when the stream has handed the lines on, which is later than `drain`: nothing queues up behind a slow reader. */
const send = (stdout: Writable, lines: string): Promise<void> =>
  new Promise((resolve, reject) => {
    stdout.write(lines, (error) => (error ? reject(error) : resolve()));
  });
