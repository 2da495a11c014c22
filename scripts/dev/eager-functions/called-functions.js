import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** They read an account and change nothing: what they all call of a file, every run does that loads it. */
const runs = [["keycheck"], ["tagaudit", "--tags", "owner"]];

/** Milliseconds; they take some two seconds. */
const longest = 60_000;

/**
 * Runs the built programs on the offline AWS.
 *
 * @param {string} directory with the executables
 * @returns {Promise<ReadonlyMap<string, ReadonlySet<number>>>} by a chunk's file name, where the functions begin that each
 * run called which loaded it, in UTF-16 units
 */
export async function findCalledFunctions(directory) {
  const coverage = mkdtempSync(join(tmpdir(), "stalewatch-build-"));
  const aws = spawn(process.execPath, [join(directory, "stalewatch.cjs"), "demo", "serve", "--users", "1"], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 2 * longest,
  });
  try {
    const environment = { ...(await readEnvironment(aws)), STALEWATCH_STATE: "none", NODE_V8_COVERAGE: coverage };
    const ended = await Promise.allSettled(
      runs.map(([program, ...args]) => run([join(directory, `${program}.cjs`), ...args], environment)),
    );
    for (const { reason } of ended) if (reason !== undefined) throw reason;
    return startsOf(coverage);
  } finally {
    aws.kill();
    rmSync(coverage, { recursive: true });
  }
}

/** What `demo serve` prints is for a shell: `export NAME='value'`, and comments when all is said. */
async function readEnvironment(aws) {
  const environment = {};
  for await (const line of createInterface({ input: aws.stdout })) {
    const { name, value } = /^export (?<name>\w+)='(?<value>.*)'$/.exec(line)?.groups ?? {};
    if (name !== undefined) environment[name] = value;
    else if (Object.keys(environment).length > 0) return environment;
  }
  throw new Error("the offline AWS ended before it said how to reach it");
}

/** Rejects with what it said, where that ends it with another status than 0. */
const run = (command, env) => promisify(execFile)(process.execPath, command, { env, timeout: longest });

function startsOf(coverage) {
  const starts = new Map();
  for (const file of readdirSync(coverage)) {
    const { result } = JSON.parse(readFileSync(join(coverage, file), "utf8"));
    for (const { url, functions } of result) {
      const called = functions.map(({ ranges: [whole] }) => whole).filter(({ count }) => count > 0);
      const here = new Set(called.map(({ startOffset }) => startOffset));
      const before = starts.get(basename(url)) ?? here;
      starts.set(basename(url), new Set([...before].filter((start) => here.has(start))));
    }
  }
  return starts;
}
