import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const tests = join(import.meta.dirname, "..");

/** The test files of one room. */
export const testsOf = (room: string): readonly string[] =>
  readdirSync(join(tests, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .sort()
    .map((name) => join(tests, room, name));

/** Runs them in this process: to start one for each takes longer than most of them do. */
export async function runRoom(room: string): Promise<void> {
  for (const path of testsOf(room)) await import(pathToFileURL(path).href);
}
