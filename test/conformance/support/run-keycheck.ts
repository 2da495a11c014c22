import type { Test } from "tap";
import { keycheckPath } from "../../support/run-executable.ts";
import { type Finished, type RunningProcess, runProcess, startProcess } from "./start-process.ts";

export interface Launch {
  readonly environment: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

const specOf = ({ environment, args = [] }: Launch) => ({
  command: process.execPath,
  args: [keycheckPath, ...args],
  environment,
});

/** Starts the built keycheck in an environment, whosever AWS that is. */
export const startKeycheck = (t: Test, launch: Launch): Promise<RunningProcess> => startProcess(t, specOf(launch));

export const runKeycheck = (t: Test, launch: Launch): Promise<Finished> => runProcess(t, specOf(launch));
