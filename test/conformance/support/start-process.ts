import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { createInterface, type Interface } from "node:readline";
import type { Test } from "tap";
import { type Millis, seconds } from "../../../lib/core/time.ts";

export interface ProcessSpec {
  readonly command: string;
  readonly args?: readonly string[];
  /** Beside PATH and HOME; nothing else of this machine's settings counts. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningProcess {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  readonly stdin: ChildProcessWithoutNullStreams["stdin"];
  /** Its stdout line by line, from now on. */
  readonly lines: Interface;
  /** Everything printed so far. */
  stdout(): string;
  stderr(): string;
  /** Sends the signal and waits for the end, which SIGKILL brings about where nothing else does. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
}

/** How long a process may take to end before it is killed; Telegraf gives its own children ten seconds. */
const grace: Millis = seconds(15);

/**
 * Starts a process that ends with its test at the latest. It starts by way of env(1), because tap gives every child
 * variables that make a Node record what it runs, which costs it time and memory.
 */
export async function startProcess(t: Test, { command, args = [], environment }: ProcessSpec): Promise<RunningProcess> {
  const variables = Object.entries({ PATH: process.env.PATH, HOME: tmpdir(), ...environment });
  const child = spawn("env", ["-i", ...variables.map(([name, value]) => `${name}=${value}`), command, ...args]);
  const exited = new Promise<Exit>((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  // A process that never reads its input may be gone before the input ends.
  child.stdin.on("error", () => {});
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    child.kill(signal);
    const kill = setTimeout(() => child.kill("SIGKILL"), grace);
    const exit = await exited;
    clearTimeout(kill);
    return exit;
  };
  t.teardown(() => stop());
  // A test file that is ended for taking too long has no teardown.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("close", () => process.removeListener("exit", kill));
  // A child that was spawned has a pid.
  const pid = child.pid as number;
  const stdout = gather(child.stdout);
  const lines = createInterface({ input: child.stdout });
  return { pid, exited, stdin: child.stdin, lines, stdout, stderr: gather(child.stderr), stop };
}

function gather(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

export interface Finished extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a process to its end, on an input that is given whole. */
export async function runProcess(t: Test, spec: ProcessSpec & { readonly input?: string }): Promise<Finished> {
  const running = await startProcess(t, spec);
  running.stdin.end(spec.input);
  const exit = await running.exited;
  return { ...exit, stdout: running.stdout(), stderr: running.stderr() };
}
