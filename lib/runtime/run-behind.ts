import { spawn } from "node:child_process";
import { fstatSync } from "node:fs";
import type { Main } from "./frame.ts";

interface Behind {
  readonly program: string;
  /** Whether these variables call for anything. */
  readonly isDue: (environment: Readonly<Record<string, string | undefined>>) => boolean;
  readonly load: () => Promise<{ readonly main: Main }>;
}

/** Where one of them is given, a person, or the process that was left behind, waits for the work. */
const waitsFor: readonly string[] = ["--foreground", "--help", "-h"];

/**
 * For a program that somebody's login waits for: starts itself again as a process that outlives this one, and ends at
 * once, always with status 0. It imports next to nothing; the work itself, and all that it needs, is loaded there.
 */
export function runBehind({ program, isDue, load }: Behind): void {
  const args = process.argv.slice(2);
  if (args.some((arg) => waitsFor.includes(arg))) {
    void import("./run-executable.ts").then(({ runExecutable }) => runExecutable(program, load));
    return;
  }
  process.on("uncaughtException", (thrown) => giveUp(program, thrown));
  if (isDue(process.env)) startBehind(program, args);
}

/** Its own session, no terminal, no directory and no pipe of this one's: who waits for their end must not wait for it. */
function startBehind(program: string, args: readonly string[]): void {
  const [, script = ""] = process.argv;
  const child = spawn(process.execPath, [...process.execArgv, script, ...args, "--foreground", "--syslog"], {
    detached: true,
    cwd: "/",
    stdio: ["ignore", "ignore", isFile(2) ? "inherit" : "ignore"],
  });
  child.on("error", (thrown) => giveUp(program, thrown));
  child.unref();
}

/** A log file holds up nobody; PAM gives one if told to by `log=`. */
function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    // Closed.
    return false;
  }
}

function giveUp(program: string, thrown: unknown): void {
  const says = thrown instanceof Error ? thrown.message : String(thrown);
  process.stderr.write(`E! ${program}: nothing was started: ${says.replace(/\s+/g, " ")}\n`, () => process.exit(0));
}
