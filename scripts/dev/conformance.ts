// Runs the built executables against real peers, and the hermetic tests under the other Nodes that are supported.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AbsentPeer, installPeers } from "../../test/conformance/support/install-peers.ts";
import { findPeer, peersHome } from "../../test/conformance/support/peers.ts";
import { runTap, type TapResult, type TapRun } from "../../test/conformance/support/run-tap.ts";
import { formatCounts, sumCounts } from "../../test/conformance/support/tap-output.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const print = (line: string): void => console.log(line);

const conformanceTests = (): readonly string[] =>
  readdirSync(join(root, "test/conformance"))
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join("test/conformance", name));

/** The rounds of kill -9 take minutes. */
const longestTest = 1200;

async function runParts(): Promise<readonly TapResult[]> {
  const results = [
    // Telegraf's rounds keep time, so not everything may run at once.
    await part("against real peers", {
      ...{ node: process.execPath, files: conformanceTests(), timeout: longestTest, jobs: 2 },
    }),
  ];
  for (const name of ["Node 22", "Node 24"] as const) {
    const node = findPeer(name);
    if (node !== undefined) results.push(await part(`hermetic tests under ${name}`, { node }));
  }
  return results;
}

async function part(title: string, run: Omit<TapRun, "print">) {
  print(`\n# ${title}`);
  const started = performance.now();
  const result = await runTap({ ...run, print });
  print(`# ${title}: ${formatCounts(result.counts)} in ${secondsSince(started)} s`);
  return result;
}

const secondsSince = (started: number): string => ((performance.now() - started) / 1000).toFixed(0);

function nameAbsent(absent: readonly AbsentPeer[], isCi: boolean): void {
  if (absent.length === 0) return;
  const consequence = isCi ? "which fails this run, because CI is true" : "so their tests are skipped";
  print(`\n!!!! ABSENT: ${absent.length} peers could not be had, ${consequence}`);
  for (const { name, reason } of absent) print(`!!!! ${name}: ${reason}`);
}

async function main(): Promise<number> {
  if (!existsSync(join(root, "dist/keycheck.cjs"))) {
    print("dist/keycheck.cjs is not there: npm ci builds it");
    return 1;
  }
  const started = performance.now();
  const isCi = process.env.CI === "true";
  print(`# peers, in ${peersHome}`);
  const absent = await installPeers(print);
  print(`# peers: ${secondsSince(started)} s`);
  nameAbsent(absent, isCi);
  const results = await runParts();
  nameAbsent(absent, isCi);
  print(`\n# all in ${secondsSince(started)} s`);
  print(formatCounts(sumCounts(results.map(({ counts }) => counts))));
  return results.every(({ passed }) => passed) && !(isCi && absent.length > 0) ? 0 : 1;
}

process.exitCode = await main();
