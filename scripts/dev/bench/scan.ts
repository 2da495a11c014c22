import { fileURLToPath } from "node:url";
import type { CallCounts } from "../../../lib/demo/call-counts.ts";
import { runOfflineAws } from "./offline-aws.ts";
import { runChild } from "./run-child.ts";
import { type Scanned, scanUsers } from "./scan-users.ts";
import { atLeast, atMost, type Section, type Target } from "./section.ts";
import { round } from "./statistics.ts";

const latencyMs = 30;
const sizes = [300, 1000, 5000];
const serialSize = 300;

/** Seconds that the original took for 1,000 users at this latency. */
const originalSeconds = 35;

/** The shipped program on large accounts of one key a user, cold, at 30 ms a call. */
export const measureScan: Section = async () => {
  const fresh = [];
  const fromReport = [];
  const laterFromReport = [];
  for (const users of sizes) {
    fresh.push(await fastestScan(users));
    fromReport.push(await scanUsers({ users, latencyMs, flags: ["--from-report"] }));
    laterFromReport.push(await scanUsers({ users, latencyMs, flags: ["--from-report"], hasReport: true }));
  }
  const serialMs = await runSerialLoop();
  const tables = [
    { title: `scan, ${latencyMs} ms a call`, rows: fresh.map(rowOf) },
    { title: `scan --from-report, ${latencyMs} ms a call`, rows: fromReport.map(rowOf) },
    { title: "the same, the report made before", rows: laterFromReport.map(rowOf) },
    { title: "the original's serial loop", rows: [serialRow(serialMs, fresh)] },
  ];
  return { tables, targets: targetsOf({ fresh, fromReport, serialMs }), notes };
};

const notes = [
  "wall: whole process, the offline AWS in another; a report is ready once it is asked for, but not sooner",
  "so a first one costs a pause: of 0.5 s beside the listing, of 3 s with --from-report, which may ask only twice",
  "up to 1,000 users the fastest of three scans",
  "bound: ceil(users / 1000) + users; beyond: calls above it, which no account's size may raise",
  "serial loop: ListUsers and ListAccessKeys one after the other through the same SDK, its start-up left out",
];

/** Other work on the machine only ever adds time; the largest account takes long enough to show little of it. */
async function fastestScan(users: number): Promise<Scanned> {
  const scans: Scanned[] = [];
  const times = users > 1000 ? 1 : 3;
  while (scans.length < times) scans.push(await scanUsers({ users, latencyMs }));
  return scans.reduce((one, other) => (other.wallMs < one.wallMs ? other : one));
}

const boundOf = (users: number): number => Math.ceil(users / 1000) + users;

const sum = (calls: CallCounts["calls"]): number => Object.values(calls).reduce((total, count) => total + count, 0);

const iamCalls = (calls: CallCounts["calls"]): number =>
  sum(Object.fromEntries(Object.entries(calls).filter(([action]) => action.startsWith("iam:"))));

function rowOf({ users, wallMs, peakMb, outputMb, calls }: Scanned) {
  const { "iam:ListUsers": listUsers = 0, "iam:ListAccessKeys": listAccessKeys = 0, ...others } = calls;
  return {
    ...{ users, wall_s: round(wallMs / 1000, 2), peak_mb: round(peakMb), output_mb: round(outputMb, 2) },
    ...{ ListUsers: listUsers, ListAccessKeys: listAccessKeys, others: sum(others) },
    ...{ calls: sum(calls), bound: boundOf(users), beyond: Math.max(0, sum(calls) - boundOf(users)) },
    users_per_s: Math.round(users / (wallMs / 1000)),
  };
}

const serialScript = fileURLToPath(new URL("serial-loop.ts", import.meta.url));

async function runSerialLoop(): Promise<number> {
  const aws = await runOfflineAws(serialSize, { latencyMs });
  try {
    const args = [...process.execArgv, serialScript];
    return Number(runChild({ file: process.execPath, args, environment: aws.environment }).stdout);
  } finally {
    await aws.stop();
  }
}

const wallOf = (scans: readonly Scanned[], users: number): number =>
  scans.find((scan) => scan.users === users)?.wallMs ?? Number.NaN;

/** The loop's time is calls times one call's, so that of 1,000 users follows from that of 300. */
const serialMsAt = (users: number, serialMs: number): number => (serialMs * boundOf(users)) / boundOf(serialSize);

const serialRow = (serialMs: number, fresh: readonly Scanned[]) => ({
  users: serialSize,
  wall_s: round(serialMs / 1000, 2),
  ms_per_call: round(serialMs / boundOf(serialSize)),
  to_keycheck: round(serialMs / wallOf(fresh, serialSize)),
  wall_s_of_1000: round(serialMsAt(1000, serialMs) / 1000, 2),
  to_keycheck_of_1000: round(serialMsAt(1000, serialMs) / wallOf(fresh, 1000)),
});

interface Results {
  readonly fresh: readonly Scanned[];
  readonly fromReport: readonly Scanned[];
  readonly serialMs: number;
}

function targetsOf({ fresh, fromReport, serialMs }: Results): readonly Target[] {
  const thousand = wallOf(fresh, 1000);
  const beyond = fresh.map(({ users, calls }) => sum(calls) - boundOf(users));
  return [
    atLeast("1,000 users, times faster than the original's 35 s", 10, round((originalSeconds * 1000) / thousand)),
    atLeast("1,000 users, times faster than the serial loop here", 10, round(serialMsAt(1000, serialMs) / thousand)),
    atMost("5,000 users, seconds", 20, round(wallOf(fresh, 5000) / 1000, 2)),
    atMost("calls beyond ceil(users / 1000) + users, at any size", 10, Math.max(...beyond)),
    atMost("--from-report, IAM calls at any size", 4, Math.max(...fromReport.map(({ calls }) => iamCalls(calls)))),
  ];
}
