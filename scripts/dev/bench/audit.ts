import { existsSync } from "node:fs";
import { tagauditBundle, withPeakMemory } from "./keycheck.ts";
import { runOfflineAws } from "./offline-aws.ts";
import { runChild } from "./run-child.ts";
import { atMost, type Section, type Table } from "./section.ts";
import { round } from "./statistics.ts";

const latencyMs = 30;
const sizes = [1000, 10_000, 100_000];
const regions = ["eu-west-1", "eu-central-1", "us-east-1", "us-west-2"];

/** What is printed, and what is remembered: grace runs from an instance's launch where nothing is. */
const outputs = {
  points: ["--sink=line-protocol", "--state=none"],
  detail: ["--sink=line-protocol", "--state=none", "--detail"],
  documents: ["--sink=documents", "--state=none"],
  remembered: ["--sink=line-protocol"],
} as const;

type Output = keyof typeof outputs;

/** The shipped tagaudit on accounts of many instances, of which few or all lack a tag. */
export const measureAudit: Section = async () => {
  if (!existsSync(tagauditBundle)) throw new Error(`${tagauditBundle} is not there: npm run build makes it`);
  const few: Audited[] = [];
  for (const instances of sizes) few.push(...(await auditAll({ instances, violatorPercent: 1 })));
  const all = await auditAll({ instances: 100_000, violatorPercent: 100 });
  const largest = few.filter(({ instances }) => instances === 100_000);
  return {
    tables: [tableOf("1 % lack a tag", few), tableOf("all lack a tag", all)],
    targets: [
      atMost(
        "DescribeInstances for 100,000 instances in 4 regions",
        100,
        most(largest, ({ described }) => described),
      ),
      atMost(
        "other calls, at any size",
        20,
        most([...few, ...all], ({ others }) => others),
      ),
      atMost(
        "peak memory of 100,000 instances, 1 % of them violators, MB",
        150,
        most(largest, ({ peakMb }) => peakMb),
      ),
    ],
    notes: [
      "whole process, its output taken from a pipe; the offline AWS in another, whose pages are of 8 MB",
      "remembered: a first run, which keeps a clock for every violator, and prints none before their grace is over",
    ],
  };
};

const most = (runs: readonly Audited[], count: (audited: Audited) => number): number => Math.max(...runs.map(count));

interface Audited {
  readonly instances: number;
  readonly output: Output;
  readonly wallMs: number;
  readonly peakMb: number;
  readonly outputMb: number;
  readonly described: number;
  readonly others: number;
}

const tableOf = (title: string, runs: readonly Audited[]): Table => ({
  title: `tagaudit in ${regions.length} regions, ${title}, ${latencyMs} ms a call`,
  rows: runs.map(({ instances, output, wallMs, peakMb, outputMb, described, others }) => ({
    ...{ instances, output, wall_s: round(wallMs / 1000, 2), peak_mb: round(peakMb), output_mb: round(outputMb, 2) },
    ...{ DescribeInstances: described, others },
  })),
});

interface Inventory {
  readonly instances: number;
  readonly violatorPercent: number;
}

async function auditAll(inventory: Inventory): Promise<readonly Audited[]> {
  const aws = await runOfflineAws({ ...inventory, regions }, { latencyMs });
  try {
    const runs: Audited[] = [];
    // The outputs' own names.
    for (const output of Object.keys(outputs) as Output[]) {
      const args = [tagauditBundle, "--regions", regions.join(","), "--tags=created_by,project", ...outputs[output]];
      const {
        wallMs,
        stdout,
        peakMb = Number.NaN,
      } = runChild(withPeakMemory({ file: process.execPath, args, environment: aws.environment }));
      requireWhole(stdout, { ...inventory, output });
      const { "ec2:DescribeInstances": described = Number.NaN, ...rest } = (await aws.takeCalls()).calls;
      const others = Object.values(rest).reduce((sum, count) => sum + count, 0);
      const outputMb = stdout.length / 2 ** 20;
      runs.push({ instances: inventory.instances, output, wallMs, peakMb, outputMb, described, others });
    }
    return runs;
  } finally {
    await aws.stop();
  }
}

/** A run that loses an instance is an error, not a fast one; each region has a canary, which is not judged. */
function requireWhole(stdout: string, { instances, violatorPercent, output }: Inventory & { readonly output: Output }) {
  const lines = stdout.split("\n");
  const judged = instances - regions.length;
  if (output === "documents") {
    const violators = lines.filter((line) => line.includes('"doc_type":"aws_tag_violator"')).length;
    const isPlausible = violatorPercent === 100 ? violators === judged : violators > 0 && violators < judged / 10;
    if (!isPlausible) throw new Error(`of ${judged} instances ${violators} are documents`);
    return;
  }
  const status = lines.findLast((line) => line.startsWith("stalewatch_run,")) ?? "";
  if (!status.includes(" ok=true,partial=false,") || !status.includes(`,items=${judged}i,`))
    throw new Error(`not all of ${judged} instances were judged: ${status}`);
}
