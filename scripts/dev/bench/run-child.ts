import { spawnSync } from "node:child_process";

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface ChildRun {
  readonly wallMs: number;
  readonly stdout: string;
  /** Of a command that says so on descriptor 3; else undefined. */
  readonly peakMb: number | undefined;
}

/** Longer than anything here takes, so that nothing hangs a bench. */
const timeout = 300_000;

/**
 * Runs a command to its end, in an environment of its own: NODE_EXTRA_CA_CERTS alone costs Node 20 some 40 ms.
 * A status other than 0 is an error.
 */
export function runChild({ file, args, environment }: Command): ChildRun {
  const started = performance.now();
  const { error, status, output } = spawnSync(file, [...args], {
    env: { PATH: process.env.PATH, ...environment },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    maxBuffer: 1 << 28,
    timeout,
  });
  const wallMs = performance.now() - started;
  const [, stdout, stderr, peak] = output ?? [];
  if (error !== undefined || status !== 0)
    throw new Error(`${[file, ...args].join(" ")} ended with ${error?.message ?? `status ${status}`}: ${stderr ?? ""}`);
  return { wallMs, stdout: stdout ?? "", peakMb: peak ? Number(peak) / 1024 : undefined };
}
