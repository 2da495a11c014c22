import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { type Millis, seconds } from "../../lib/core/time.ts";
import type { Frame } from "../../lib/runtime/frame.ts";
import { openLog } from "../../lib/runtime/log.ts";
import { main } from "../../lib/stalewatch/main.ts";
import { type Ended, stalewatchPath } from "./run-stalewatch.ts";

export interface PolicyRun {
  readonly input?: string | Buffer;
  /** Where its files lie; tests run one after another. */
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What a child can't be given. */
  readonly stdin?: "terminal";
  readonly stdout?: "terminal";
  readonly now?: Millis;
}

/** Runs `stalewatch policy` in this process with an input that ends, and with no variables but those named. */
export async function runPolicy(args: readonly string[], run: PolicyRun = {}): Promise<Ended> {
  const { input = "", directory = tmpdir(), environment = {} } = run;
  const said: string[] = [];
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  if (run.stdin === "terminal") Object.assign(stdin, { isTTY: true });
  if (run.stdout === "terminal") Object.assign(stdout, { isTTY: true });
  stdin.end(input);
  const printed = text(stdout);
  const now = () => run.now ?? Date.now();
  const frame: Frame = {
    ...{ argv: ["policy", ...args], environment, home: tmpdir(), stdin, stdout, now },
    log: openLog({ program: "stalewatch", write: (line) => said.push(line), now }),
    stop: new AbortController().signal,
  };
  const code = await inDirectory(directory, () => main(frame));
  stdout.end();
  return { code, stdout: await printed, stderr: said.join("") };
}

async function inDirectory<Result>(directory: string, run: () => Promise<Result>): Promise<Result> {
  const before = process.cwd();
  process.chdir(directory);
  try {
    return await run();
  } finally {
    process.chdir(before);
  }
}

export interface PolicyChild extends Pick<PolicyRun, "input" | "directory"> {
  /** A line of sh that starts it as `"$0" "$@"`. */
  readonly shell?: string;
}

/** The same as a process of its own. */
export async function startPolicy(args: readonly string[], run: PolicyChild = {}): Promise<Ended> {
  const { input = "", directory = tmpdir(), shell = 'exec "$0" "$@"' } = run;
  const child = spawn("sh", ["-c", shell, process.execPath, stalewatchPath, "policy", ...args], {
    ...{ cwd: directory, env: { PATH: process.env.PATH ?? "", HOME: tmpdir() } },
    ...{ timeout: seconds(50), killSignal: "SIGKILL" },
  });
  // It may be gone before its input is.
  child.stdin.on("error", () => undefined).end(input);
  const closed = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, stdout, stderr };
}

/** As people write them: with lines and spaces that a rewriting has to keep. */
export const writePolicy = (...statements: readonly object[]): string =>
  `${JSON.stringify({ Version: "2012-10-17", Statement: statements }, undefined, 2)}\n`;

export const allowing = (Action: string | readonly string[], more: object = {}) => ({
  ...{ ...more, Effect: "Allow", Action, Resource: "*" },
});

/** What drives a terminal; a line's end does not count. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const drivesTerminal = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;
