import { awsLikeLimits } from "../../../lib/demo/throttle.ts";
import { keycheckCommand, withPeakMemory } from "./keycheck.ts";
import { runOfflineAws } from "./offline-aws.ts";
import { readScan } from "./read-scan.ts";
import { runChild } from "./run-child.ts";
import { atMost, type Section } from "./section.ts";
import { round } from "./statistics.ts";

const users = 300;
const latencyMs = 30;

/** The same under limits as AWS sets them: how much longer than they demand it takes, and that nothing is lost. */
export const measureThrottled: Section = async () => {
  const aws = await runOfflineAws(users, { latencyMs, limits: awsLikeLimits });
  try {
    const runtime = { name: "Node", file: process.execPath };
    const command = keycheckCommand({ runtime, flags: [], environment: aws.environment });
    const { wallMs, stdout, peakMb = Number.NaN } = runChild(withPeakMemory(command));
    const { calls, throttled } = await aws.takeCalls();
    const { keys, isComplete, retries } = readScan(stdout);
    const { capacity, refillPerSecond } = awsLikeLimits.iam ?? { capacity: 0, refillPerSecond: Number.NaN };
    const row = {
      ...{ users, keys, complete: String(isComplete), wall_s: round(wallMs / 1000, 2) },
      least_s: round((users - capacity) / refillPerSecond, 2),
      ...{ ListAccessKeys: calls["iam:ListAccessKeys"], throttled, retries, peak_mb: round(peakMb) },
    };
    return {
      tables: [{ title: `scan under AWS's limits, ${latencyMs} ms a call`, rows: [row] }],
      targets: [atMost("keys lost", 0, users - keys)],
      notes: ["least: the time in which the limit of ListAccessKeys lets as many calls pass as there are users"],
    };
  } finally {
    await aws.stop();
  }
};
