import { fileURLToPath } from "node:url";
import { bundleScript } from "./bundle-script.ts";
import { withPeakMemory } from "./keycheck.ts";
import { type RunningAws, runOfflineAws } from "./offline-aws.ts";
import { runChild } from "./run-child.ts";
import { atMost, type Section } from "./section.ts";
import { round } from "./statistics.ts";

const latencyMs = 30;
const compared = { instances: 10_000, regions: ["eu-west-1"] };
const sizes = [1000, 10_000, 100_000];
const fourRegions = ["eu-west-1", "eu-central-1", "us-east-1", "us-west-2"];

/** Reading instances beside the SDK's own commands, and by the inventory's size, at 30 ms a call. */
export const measureInstances: Section = async ({ runs }) => {
  const script = await bundleScript(fileURLToPath(new URL("list-instances.ts", import.meta.url)));
  try {
    const [bySdk, byStream] = await compareReaders(script.file, Math.min(runs, 5));
    const growth = [];
    for (const instances of sizes) growth.push(await growthRow(script.file, instances));
    const largest = growth.at(-1);
    return {
      tables: [
        { title: `10,000 instances in one region, ${latencyMs} ms a call`, rows: [bySdk, byStream] },
        { title: `instances in ${fourRegions.length} regions, ${latencyMs} ms a call`, rows: growth },
      ],
      targets: [
        atMost("10,000 instances, ratio to the SDK's own commands", 0.4, round(byStream.wall_ms / bySdk.wall_ms, 3)),
        atMost("EC2 calls for 100,000 instances in 4 regions", 110, largest?.calls ?? Number.NaN),
        atMost("peak memory of reading 100,000 instances, MB", 150, largest?.peak_mb ?? Number.NaN),
      ],
      notes: [
        "wall: of reading alone, start-up left out; the offline AWS in another process, whose pages are of 8 MB",
        "compared: the fastest of interleaved runs, each with its own peak memory",
      ],
    };
  } finally {
    await script.remove();
  }
};

type Reader = "sdk" | "stream";

/** Other work on the machine only ever adds time. */
async function compareReaders(script: string, times: number) {
  const aws = await runOfflineAws(compared, { latencyMs });
  try {
    const list = (reader: Reader) => listInstances(aws, { script, reader, ...compared });
    const runs = Array.from({ length: times }, () => ({ sdk: list("sdk"), stream: list("stream") }));
    const row = (reader: Reader) => ({
      reader,
      wall_ms: round(Math.min(...runs.map((run) => run[reader].ms))),
      peak_mb: round(Math.max(...runs.map((run) => run[reader].peakMb))),
    });
    return [row("sdk"), row("stream")] as const;
  } finally {
    await aws.stop();
  }
}

async function growthRow(script: string, instances: number) {
  const inventory = { instances, regions: fourRegions };
  const aws = await runOfflineAws(inventory, { latencyMs });
  try {
    const { ms, peakMb } = listInstances(aws, { script, reader: "stream", ...inventory });
    const { calls } = await aws.takeCalls();
    const described = calls["ec2:DescribeInstances"] ?? Number.NaN;
    const perSecond = Math.round(instances / (ms / 1000));
    return { instances, wall_ms: round(ms), calls: described, per_s: perSecond, peak_mb: round(peakMb) };
  } finally {
    await aws.stop();
  }
}

interface Listing {
  readonly script: string;
  readonly reader: Reader;
  readonly instances: number;
  readonly regions: readonly string[];
}

interface Listed {
  readonly ms: number;
  readonly peakMb: number;
}

/** One reading in a process of its own. One that loses an instance is an error, not a fast one. */
function listInstances(aws: RunningAws, { script, reader, instances, regions }: Listing): Listed {
  const command = { file: process.execPath, args: [script, reader, regions.join(",")], environment: aws.environment };
  const { stdout, peakMb = Number.NaN } = runChild(withPeakMemory(command));
  const listed: { readonly ms: number; readonly instances: number } = JSON.parse(stdout);
  if (listed.instances !== instances) throw new Error(`of ${instances} instances ${listed.instances} came`);
  return { ms: listed.ms, peakMb };
}
