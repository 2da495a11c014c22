import { fileURLToPath } from "node:url";
import { keycheckCommand, withPeakMemory } from "./keycheck.ts";
import { type RunningAws, runOfflineAws } from "./offline-aws.ts";
import { findBoto3, findRuntimes, type Runtime } from "./peers.ts";
import { type Command, runChild } from "./run-child.ts";
import { atMost, type Cell, type Section, type Target } from "./section.ts";
import { median, quantile, round } from "./statistics.ts";

interface Candidate {
  readonly runtime: string;
  readonly what: string;
  readonly command: Command;
}

const listUsers = "boto3: ListUsers";
const sameCalls = "boto3: keycheck's calls";
const scan = "keycheck";

/** Whole processes on an account of one user, without latency: what a program costs before its work begins. */
export const measureStartUp: Section = async ({ runs }) => {
  const notes = [
    "one user, no latency; an earlier run has had the credential report made, so no run waits for it",
    "medians of interleaved runs; ratios are medians of the ratios of runs side by side",
  ];
  const runtimes = findRuntimes(notes);
  const python = findBoto3(notes);
  const aws = await runOfflineAws(1);
  try {
    const candidates = [
      ...runtimes.flatMap((runtime) => nodeCandidates(runtime, aws)),
      ...(python === undefined ? [] : boto3Candidates(python, aws)),
    ];
    const calls = await countCalls(candidates, aws);
    const walls = interleave(candidates, runs);
    const peaks = candidates.map(({ command }) => peakOf(command));
    const compare = comparison(candidates, walls);
    const rows = candidates.map((candidate, index) => ({
      ...{ runtime: candidate.runtime, what: candidate.what },
      wall_ms: round(median(walls[index] ?? [])),
      best_ms: round(quantile(walls[index] ?? [], 0)),
      p90_ms: round(quantile(walls[index] ?? [], 0.9)),
      to_list_users: compare(index, listUsers),
      to_same_calls: compare(index, sameCalls),
      peak_mb: round(peaks[index] ?? Number.NaN),
      calls: calls[index],
    }));
    return { tables: [{ title: "start-up", rows }], targets: targetsOf(rows), notes };
  } finally {
    await aws.stop();
  }
};

function nodeCandidates(runtime: Runtime, { environment }: RunningAws): readonly Candidate[] {
  const candidate = (what: string, flags: readonly string[], more: Readonly<Record<string, string>> = {}) => ({
    ...{ runtime: runtime.name, what },
    command: keycheckCommand({ runtime, flags, environment: { ...environment, ...more } }),
  });
  return [
    { runtime: runtime.name, what: "node -e 0", command: { file: runtime.file, args: ["-e", "0"], environment: {} } },
    candidate(scan, []),
    candidate("keycheck --from-report", ["--from-report"]),
    ...(runtime.name === "Node 20"
      ? []
      : [candidate("keycheck, no compile cache", [], { NODE_DISABLE_COMPILE_CACHE: "1" })]),
  ];
}

function boto3Candidates(python: string, { environment }: RunningAws): readonly Candidate[] {
  const script = fileURLToPath(new URL("list-users.py", import.meta.url));
  const candidate = (what: string, ...args: readonly string[]) => ({
    ...{ runtime: "Python", what },
    command: { file: python, args: [script, ...args], environment },
  });
  return [candidate(listUsers), candidate(sameCalls, "keycheck")];
}

/** The runs that warm the disk's cache, and Node's compile cache, also say what each candidate calls. */
async function countCalls(candidates: readonly Candidate[], aws: RunningAws): Promise<readonly number[]> {
  for (const { command } of candidates) runChild(command);
  await aws.takeCalls();
  const counts: number[] = [];
  for (const { command } of candidates) {
    runChild(command);
    const { calls } = await aws.takeCalls();
    counts.push(Object.values(calls).reduce((sum, count) => sum + count, 0));
  }
  return counts;
}

/** One run of each by turns, so that a machine's slow spell meets all of them. */
function interleave(candidates: readonly Candidate[], runs: number): readonly (readonly number[])[] {
  const walls = candidates.map((): number[] => []);
  for (let run = 0; run < runs; run += 1)
    for (const [index, { command }] of candidates.entries()) walls[index]?.push(runChild(command).wallMs);
  return walls;
}

function comparison(candidates: readonly Candidate[], walls: readonly (readonly number[])[]) {
  return (index: number, to: string): number | undefined => {
    const others = walls[candidates.findIndex(({ what }) => what === to)];
    if (others === undefined) return undefined;
    const ratios = (walls[index] ?? []).map((wall, run) => wall / (others[run] ?? Number.NaN));
    return round(median(ratios), 3);
  };
}

const peakOf = (command: Command): number =>
  median([1, 2, 3].map(() => runChild(withPeakMemory(command)).peakMb ?? Number.NaN));

const limitFor = (runtime: string): number => (runtime === "Node 20" ? 0.4 : 0.35);

function targetsOf(rows: readonly Readonly<Record<string, Cell>>[]): readonly Target[] {
  const target = (runtime: string, to: string, ratio: Cell) =>
    typeof ratio === "number" ? [atMost(`start-up on ${runtime}, ratio to ${to}`, limitFor(runtime), ratio)] : [];
  return rows
    .filter(({ what }) => what === scan)
    .flatMap(({ runtime, to_list_users, to_same_calls }) => [
      ...target(String(runtime), listUsers, to_list_users),
      ...target(String(runtime), sameCalls, to_same_calls),
    ]);
}
