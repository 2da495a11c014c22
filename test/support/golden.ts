import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export interface GoldenCase {
  readonly name: string;
  /** The case's input.yaml, as its program's runner understands it. */
  readonly input: unknown;
  /** Compares with, or under `npm run golden:update` writes, one file of the case; undefined stands for no file. */
  settle(
    file: string,
    actual: string | undefined,
  ): { readonly found: string | undefined; readonly wanted: string | undefined };
}

/** The cases of a program: one folder each, with `input.yaml` and what is expected of it. */
export function goldenCases(program: string): readonly GoldenCase[] {
  const root = join(import.meta.dirname, "..", "golden", program);
  return readdirSync(root).map((name) => ({
    name,
    input: parse(readFileSync(join(root, name, "input.yaml"), "utf8")),
    settle(file, actual) {
      const path = join(root, name, file);
      if (process.env.GOLDEN_UPDATE === "1" && actual !== undefined) writeFileSync(path, actual);
      return { found: actual, wanted: existsSync(path) ? readFileSync(path, "utf8") : undefined };
    },
  }));
}

/** Points come in no promised order, so golden lines are compared sorted. */
export const sortedLines = (lines: readonly string[]): string => `${[...lines].sort().join("\n")}\n`;
