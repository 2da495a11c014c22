import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirtymarkBundle, withPeakMemory } from "./keycheck.ts";
import { type RunningAws, runOfflineAws } from "./offline-aws.ts";
import { runChild } from "./run-child.ts";
import { atLeast, atMost, type Section } from "./section.ts";
import { round } from "./statistics.ts";
import type { TouchedSize } from "./touched-account.ts";

const latencyMs = 30;
const serialLoop = fileURLToPath(new URL("mark-loop.ts", import.meta.url));

/** The original's loop takes a sixth of a second a message: a hundred say how long a thousand would take. */
const serialMessages = 100;

const sizes: readonly TouchedSize[] = [
  { messages: 1000, hosts: 1000 },
  { messages: 1000, hosts: 100 },
  { messages: 10_000, hosts: 1000 },
];

/** The shipped dirtymark beside the original's loop, on the same queue. */
export const measureMarking: Section = async () => {
  if (!existsSync(dirtymarkBundle)) throw new Error(`${dirtymarkBundle} is not there: npm run build makes it`);
  const serial = await withAws({ messages: serialMessages, hosts: serialMessages }, async ({ environment }) => {
    const { stdout } = runChild({
      file: process.execPath,
      args: ["--import=tsx", serialLoop, `${latencyMs}`],
      environment,
    });
    return serialMessages / (Number(stdout) / 1000);
  });
  const rows = [];
  for (const size of sizes) rows.push(await withAws(size, (aws) => mark(size, aws)));
  const [thousand] = rows;
  return {
    tables: [
      {
        title: `dirtymark, ${latencyMs} ms a call`,
        rows: [
          { messages: serialMessages, hosts: serialMessages, loop: "the original's", events_s: round(serial, 1) },
          ...rows,
        ],
      },
    ],
    targets: [
      atLeast("events a second beside the original's loop, times", 25, (thousand?.events_s ?? 0) / serial),
      atMost("calls beyond receive, delete and tag for 1,000 messages", 12, thousand?.others ?? Number.NaN),
    ],
    notes: [
      "whole process, its start and the second in which the queue stays empty included; the embedded store",
      "the loop alone of the original's, written anew: one row and one tag a message, a second's sleep for ten",
    ],
  };
};

async function withAws<Result>(size: TouchedSize, use: (aws: RunningAws) => Promise<Result>): Promise<Result> {
  const aws = await runOfflineAws(size, { latencyMs });
  try {
    return await use(aws);
  } finally {
    await aws.stop();
  }
}

async function mark({ messages, hosts }: TouchedSize, aws: RunningAws) {
  const args = [dirtymarkBundle, "--mode=commit", "--tag=dirty=skunked", "--act-on-accounts=111122223333"];
  const command = { file: process.execPath, args, environment: aws.environment };
  const { wallMs, stdout, peakMb = Number.NaN } = runChild(withPeakMemory(command));
  if (!stdout.includes(`recorded=${messages}i`))
    throw new Error(`not all of ${messages} messages were recorded: ${stdout}`);
  const { calls } = await aws.takeCalls();
  const {
    "sqs:ReceiveMessage": received = 0,
    "sqs:DeleteMessageBatch": deleted = 0,
    "ec2:CreateTags": tagged = 0,
  } = calls;
  const all = Object.values(calls).reduce((sum, count) => sum + count, 0);
  return {
    ...{ messages, hosts, loop: "dirtymark", events_s: round(messages / (wallMs / 1000), 1) },
    ...{ wall_s: round(wallMs / 1000, 2), peak_mb: round(peakMb) },
    ...{ received, deleted, tagged, others: all - received - deleted - tagged },
  };
}
