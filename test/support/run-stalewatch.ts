import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { seconds } from "../../lib/core/time.ts";
import { openLog } from "../../lib/runtime/log.ts";
import { main } from "../../lib/stalewatch/main.ts";
import { executablePath } from "./run-executable.ts";

export const stalewatchPath = executablePath("stalewatch");

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Runs the built umbrella command with no variables but those named. */
export const runStalewatch = (args: readonly string[], environment: Variables = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH ?? "", HOME: tmpdir(), ...environment };
    execFile(process.execPath, [stalewatchPath, ...args], { env, timeout: seconds(50) }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

/** The same in this process, which is much quicker: for what does not depend on how it is built. */
export async function callStalewatch(args: readonly string[], environment: Variables = {}): Promise<Ended> {
  const said: string[] = [];
  const stdout = new PassThrough();
  const printed = text(stdout);
  const log = openLog({ program: "stalewatch", write: (line) => said.push(line), now: Date.now });
  const code = await main({
    ...{ argv: args, environment, home: tmpdir(), stdin: new PassThrough(), stdout, log, now: Date.now },
    stop: new AbortController().signal,
  });
  stdout.end();
  return { code, stdout: await printed, stderr: said.join("") };
}
