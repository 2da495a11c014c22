import type { Test } from "tap";
import { keycheckPath } from "../../support/run-executable.ts";
import { makeDirectory } from "./make-directory.ts";
import { type Finished, type RunningProcess, runProcess, startProcess } from "./start-process.ts";

export interface Launch {
  readonly environment: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** What it remembers is its own where nothing else is said, so that no run tells anything of another. */
const specOf = (t: Test, { environment, args = [] }: Launch) => ({
  command: process.execPath,
  args: [keycheckPath, ...args],
  environment: { XDG_STATE_HOME: makeDirectory(t), ...environment },
});

/** Starts the built keycheck in an environment, whosever AWS that is. */
export const startKeycheck = (t: Test, launch: Launch): Promise<RunningProcess> => startProcess(t, specOf(t, launch));

export const runKeycheck = (t: Test, launch: Launch): Promise<Finished> => runProcess(t, specOf(t, launch));
