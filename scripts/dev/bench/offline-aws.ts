import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CallCounts } from "../../../lib/demo/call-counts.ts";
import type { OfflineAwsOptions } from "../../../lib/demo/offline-aws.ts";
import type { LargeInventorySize } from "../../../lib/demo/scenario/large-inventory.ts";
import type { TouchedSize } from "./touched-account.ts";

export interface RunningAws {
  readonly environment: Readonly<Record<string, string>>;
  /** Where programs with this environment remember what they read; empty at first. */
  readonly stateDirectory: string;
  /** What was called since the last time it was asked. */
  takeCalls(): Promise<CallCounts>;
  stop(): Promise<void>;
}

const script = fileURLToPath(new URL("offline-aws-process.ts", import.meta.url));

/** A number of users, who have one key each and whose credential report takes no time, or of instances, or of logins. */
export type AccountSize = number | LargeInventorySize | TouchedSize;

/** An account in a process of its own. */
export async function runOfflineAws(
  size: AccountSize,
  options: Pick<OfflineAwsOptions, "latencyMs" | "limits"> = {},
): Promise<RunningAws> {
  const child = fork(script, [JSON.stringify(size), JSON.stringify(options)]);
  const exited = once(child, "exit");
  const [ready] = await Promise.race([once(child, "message"), exited]);
  if (child.exitCode !== null) throw new Error(`the offline AWS ended with status ${child.exitCode}`);
  // What offline-aws-process.ts sends.
  const { url, environment } = ready as { readonly url: string; readonly environment: Record<string, string> };
  const stateDirectory = await mkdtemp(join(tmpdir(), "stalewatch-bench-"));
  return {
    environment: {
      ...environment,
      // boto3 knows no AWS_REGION.
      AWS_DEFAULT_REGION: environment.AWS_REGION ?? "",
      STALEWATCH_STATE_DIRECTORY: stateDirectory,
    },
    stateDirectory,
    async takeCalls() {
      const calls = await fetch(`${url}/__demo/calls`);
      await fetch(`${url}/__demo/reset-calls`, { method: "POST" });
      // What lib/demo/control.ts answers.
      return (await calls.json()) as CallCounts;
    },
    async stop() {
      child.disconnect();
      await exited;
      await rm(stateDirectory, { recursive: true, force: true });
    },
  };
}
