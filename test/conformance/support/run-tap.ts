import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { readTap, type TapCounts } from "./tap-output.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export interface TapRun {
  /** The Node that runs tap and, through it, every test file. */
  readonly node: string;
  /** None: all that .taprc includes. */
  readonly files?: readonly string[];
  /** Files at once; none: as .taprc says. */
  readonly jobs?: number;
  /** Seconds for one file. */
  readonly timeout?: number;
  readonly print: (line: string) => void;
}

export interface TapResult {
  readonly counts: TapCounts;
  /** False as well where tap failed for another reason than a test. */
  readonly passed: boolean;
}

/** Runs tap without coverage, which belongs to `npm test`. */
export async function runTap({ node, files = [], jobs, timeout = 240, print }: TapRun): Promise<TapResult> {
  const flags = ["--reporter=tap", "--disable-coverage", "--allow-incomplete-coverage", `--timeout=${timeout}`];
  if (jobs !== undefined) flags.push(`--jobs=${jobs}`);
  const child = spawn(node, [join(root, "node_modules/tap/dist/esm/run.mjs"), ...flags, ...files], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` },
  });
  const tap = readTap(print);
  createInterface({ input: child.stdout }).on("line", tap.read);
  const code = await new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
  const counts = tap.counts();
  if (counts === undefined) print(`tap ended with ${code} and no summary`);
  return { counts: counts ?? { pass: 0, fail: 0, skip: 0 }, passed: code === 0 && counts?.fail === 0 };
}
