import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { openStop } from "./stop.ts";

interface Rounds {
  readonly input: Readable;
  /** SIGTERM and SIGINT. */
  readonly stop: AbortSignal;
  /** Gathers once; the signal it is given is also aborted at the end of input. */
  readonly gather: (stop: AbortSignal) => Promise<unknown>;
}

/**
 * Telegraf's execd with `signal = "STDIN"`: each line asks for one round. The end of input, as the stop signal, ends the
 * round at hand early and drops the lines that still wait.
 */
export async function gatherOnLines({ input, stop, gather }: Rounds): Promise<void> {
  const ending = openStop(stop);
  const lines = createInterface({ input, terminal: false });
  let asked = 0;
  let wake = () => {};
  lines.on("line", () => {
    asked += 1;
    wake();
  });
  lines.on("close", () => ending.stop("the end of input"));
  ending.signal.addEventListener("abort", () => wake(), { once: true });

  while (!ending.signal.aborted) {
    if (asked === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    asked -= 1;
    await gather(ending.signal);
  }
  lines.close();
  ending.release();
}
