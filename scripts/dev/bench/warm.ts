import type { JsonObject } from "../../../lib/core/json.ts";
import { openEmbeddedStore } from "../../../lib/state/embedded.ts";
import { keycheckCommand, withPeakMemory } from "./keycheck.ts";
import { type RunningAws, runOfflineAws } from "./offline-aws.ts";
import { readScan } from "./read-scan.ts";
import { runChild } from "./run-child.ts";
import { atMost, type Section } from "./section.ts";
import { median, round } from "./statistics.ts";

const users = 5000;
const latencyMs = 30;
const times = 5;

/** Telegraf's default timeout of a command. */
const timeoutS = 5;

/** Scans of a large account that an earlier scan remembers, at 30 ms a call. */
export const measureWarm: Section = async () => {
  const aws = await runOfflineAws(users, { latencyMs });
  try {
    const first = await scan(aws);
    const rows = [{ what: "first scan", changed: users, ...first.row }];
    for (const changed of [0, users / 100]) {
      const scans: Awaited<ReturnType<typeof scan>>[] = [];
      while (scans.length < times) {
        await forgetSome(aws.stateDirectory, changed);
        scans.push(await scan(aws));
      }
      const [middle] = scans.filter(({ wallS }) => wallS === median(scans.map((one) => one.wallS)));
      if (middle !== undefined) rows.push({ what: "later scan", changed, ...middle.row });
    }
    const [, , last] = rows;
    return {
      tables: [{ title: `scan of ${users} users by what is remembered, ${latencyMs} ms a call`, rows }],
      targets: [
        atMost(`${users} users, 1 % changed, seconds`, timeoutS, last?.wall_s ?? Number.NaN),
        atMost("calls beyond one for each changed user", 10, (last?.calls ?? Number.NaN) - users / 100),
      ],
      notes: [`later scans: medians of ${times}; changed: what is remembered of them differs from the report`],
    };
  } finally {
    await aws.stop();
  }
};

async function scan(aws: RunningAws) {
  const runtime = { name: "Node", file: process.execPath };
  const command = withPeakMemory(keycheckCommand({ runtime, flags: [], environment: aws.environment }));
  await aws.takeCalls();
  const { wallMs, stdout, peakMb = Number.NaN } = runChild(command);
  const { keys, isComplete } = readScan(stdout);
  if (keys !== users || !isComplete) throw new Error(`of ${users} keys ${keys} came, complete: ${isComplete}`);
  const { calls } = await aws.takeCalls();
  const { "iam:ListAccessKeys": listed = 0 } = calls;
  const all = Object.values(calls).reduce((sum, count) => sum + count, 0);
  const wallS = wallMs / 1000;
  return { wallS, row: { wall_s: round(wallS, 2), peak_mb: round(peakMb), ListAccessKeys: listed, calls: all } };
}

/** As if that many users had a key of another date when they were remembered. */
async function forgetSome(directory: string, count: number): Promise<void> {
  const store = await openEmbeddedStore({ directory });
  const collection = "keycheck.users#111122223333";
  let left = count;
  for await (const { id, body, version } of store.list<JsonObject & Remembered>(collection)) {
    if (left === 0) break;
    left -= 1;
    const keys = body.keys.map((key) => ({ ...key, createdAt: key.createdAt - 1000 }));
    await store.replace(collection, id, { body: { ...body, keys, sighting: null }, expectedVersion: version });
  }
  await store.close();
}

/** What lib/keycheck/memory.ts writes. */
interface Remembered {
  readonly keys: readonly { readonly createdAt: number }[];
}
