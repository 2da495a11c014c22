import type { Readable, Writable } from "node:stream";
import type { Millis } from "../core/time.ts";
import type { Log } from "./log.ts";

/** All that a program may see of the process it runs in. */
export interface Frame {
  readonly argv: readonly string[];
  /** Where the executables lie, whatever link or directory they were called from. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly log: Log;
  /** Aborted on SIGTERM and SIGINT; its reason names the signal. */
  readonly stop: AbortSignal;
  readonly now: () => Millis;
}

/** What the shell and Telegraf see: 0 usable output, 1 nothing usable, 2 bad settings, 3 refused to a person's command. */
export type ExitCode = 0 | 1 | 2 | 3;

export type Main = (frame: Frame) => Promise<ExitCode>;
