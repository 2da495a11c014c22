import { fileURLToPath } from "node:url";
import { runChild } from "./run-child.ts";
import type { Cell, Section } from "./section.ts";

const script = fileURLToPath(new URL("encode-points.ts", import.meta.url));

export const measureEncoder: Section = async () => {
  const rows = ["simple", "hostile"].map((kind): Readonly<Record<string, Cell>> => {
    // This process' own flags load TypeScript.
    const args = [...process.execArgv, script, kind];
    return JSON.parse(runChild({ file: process.execPath, args, environment: {} }).stdout);
  });
  return {
    tables: [{ title: "encoder", rows }],
    targets: [],
    notes: ["cold: the first 10,000 points of a process; warm: the median of 40 rounds of 10,000 after 20"],
  };
};
