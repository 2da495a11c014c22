import type { CallCounts } from "../../../lib/demo/call-counts.ts";
import { keycheckCommand, withPeakMemory } from "./keycheck.ts";
import { runOfflineAws } from "./offline-aws.ts";
import { readScan } from "./read-scan.ts";
import { type Command, runChild } from "./run-child.ts";

interface ScanRequest {
  readonly users: number;
  readonly latencyMs: number;
  readonly flags?: readonly string[];
  readonly nodeFlags?: readonly string[];
  /** A scan before this one has had the credential report made, for which a first one pauses. */
  readonly hasReport?: boolean;
}

export interface Scanned {
  readonly users: number;
  readonly wallMs: number;
  readonly peakMb: number;
  readonly outputMb: number;
  readonly calls: CallCounts["calls"];
}

/** One scan of a new account. A scan that loses a key is an error, not a fast scan. */
export async function scanUsers({ users, latencyMs, ...asked }: ScanRequest): Promise<Scanned> {
  const { flags = [], nodeFlags = [], hasReport = false } = asked;
  const aws = await runOfflineAws(users, { latencyMs });
  try {
    const runtime = { name: "Node", file: process.execPath };
    const command = withPeakMemory(keycheckCommand({ runtime, flags, environment: aws.environment }));
    if (hasReport) runChild(command);
    await aws.takeCalls();
    const { wallMs, stdout, peakMb = Number.NaN } = runChild(withNodeFlags(command, nodeFlags));
    const { keys, isComplete } = readScan(stdout);
    if (keys !== users || !isComplete) throw new Error(`of ${users} keys ${keys} came, complete: ${isComplete}`);
    const { calls } = await aws.takeCalls();
    return { users, wallMs, peakMb, outputMb: stdout.length / 2 ** 20, calls };
  } finally {
    await aws.stop();
  }
}

const withNodeFlags = (command: Command, flags: readonly string[]): Command => ({
  ...command,
  args: [...flags, ...command.args],
});
