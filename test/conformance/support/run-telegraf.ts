import type { Test } from "tap";
import { makeDirectory } from "./make-directory.ts";
import { getPeer } from "./peers.ts";
import { type Finished, type RunningProcess, runProcess, startProcess } from "./start-process.ts";

export interface TelegrafSpec {
  /** A file of telegraf.d: inputs and processors. */
  readonly conf: string;
  /** Outputs beside stdout, where everything is printed as line protocol. */
  readonly outputs?: string;
}

/** The agent of the tests: no host tag, and metrics written at once. */
const agent = `[agent]
  interval = "1s"
  flush_interval = "200ms"
  omit_hostname = true
  skip_processors_after_aggregators = true

[[outputs.file]]
  files = ["stdout"]
  data_format = "influx"
`;

function launchOf(t: Test, { conf, outputs = "" }: TelegrafSpec, ...flags: readonly string[]) {
  const root = makeDirectory(t, { "telegraf.conf": agent + outputs, "telegraf.d/keycheck.conf": conf });
  const args = ["--config", `${root}/telegraf.conf`, "--config-directory", `${root}/telegraf.d`, ...flags];
  return { command: getPeer("Telegraf"), args };
}

/** Starts the agent; its metrics are its stdout, its log is its stderr. */
export const startTelegraf = (t: Test, spec: TelegrafSpec): Promise<RunningProcess> =>
  startProcess(t, launchOf(t, spec));

/** One round, then the end. */
export const runTelegrafOnce = (t: Test, spec: TelegrafSpec): Promise<Finished> =>
  runProcess(t, launchOf(t, spec, "--once"));

/**
 * Telegraf's own, at its end: it may find the pipe of an execd process closed by its own wait for that process, as Go's
 * Cmd.StdoutPipe says of a Wait before all is read.
 */
const ownEnd = /(^|: )read \|0: file already closed$/;

/** What the log says of an input on a level, without time and plugin. */
export const linesOfInput = (log: string, level: "E" | "W" | "I"): readonly string[] =>
  [...log.matchAll(/ ([EWI])! \[inputs\.\w+\] (.*)$/gm)].flatMap(([, found, line = ""]) =>
    found === level && !ownEnd.test(line) ? [line] : [],
  );
