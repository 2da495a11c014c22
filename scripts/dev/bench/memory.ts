import { scanUsers } from "./scan-users.ts";
import { atMost, type Section } from "./section.ts";
import { round } from "./statistics.ts";

const latencyMs = 5;
const sizes = [300, 1000, 5000];

/** A heap as small as a scan runs in: what grows in it is what the program holds on to. */
const smallHeap = ["--max-old-space-size=24", "--max-semi-space-size=1"];

/** Peak memory by the account's size, as Node leaves it to itself and in a heap that must be kept clean. */
export const measureMemory: Section = async () => {
  const rows = [];
  for (const users of sizes) {
    const free = await scanUsers({ users, latencyMs });
    const small = await scanUsers({ users, latencyMs, nodeFlags: smallHeap });
    const report = await scanUsers({ users, latencyMs, nodeFlags: smallHeap, flags: ["--from-report"] });
    rows.push({
      ...{ users, peak_mb: round(free.peakMb), small_heap_peak_mb: round(small.peakMb) },
      ...{ from_report_small_heap_peak_mb: round(report.peakMb), output_mb: round(small.outputMb, 2) },
      ...{ wall_s: round(free.wallMs / 1000, 2), small_heap_wall_s: round(small.wallMs / 1000, 2) },
    });
  }
  const growth = (rows.at(-1)?.small_heap_peak_mb ?? Number.NaN) - (rows[0]?.small_heap_peak_mb ?? Number.NaN);
  return {
    tables: [{ title: `memory, ${latencyMs} ms a call`, rows }],
    targets: [atMost("memory from 300 to 5,000 users in a small heap, MB", 15, round(growth))],
    notes: [`small heap: node ${smallHeap.join(" ")}; left to itself, Node collects later and so holds more`],
  };
};
