import { PassThrough } from "node:stream";
import type { Frame } from "./frame.ts";
import { openLog } from "./log.ts";
import { openStop } from "./stop.ts";

/** The process of a function that a service calls: nobody gives it arguments or input, and its settings are variables. */
export function functionFrame(program: string): Frame {
  const { env: environment, stdout } = process;
  return {
    ...{ argv: [], home: import.meta.dirname, environment, stdin: new PassThrough(), stdout, now: Date.now },
    log: openLog({ program, write: (line) => process.stderr.write(line), now: Date.now }),
    // The service ends the process as it likes; each call has its own deadline.
    stop: openStop().signal,
  };
}
