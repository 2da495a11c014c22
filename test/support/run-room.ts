import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const tests = join(import.meta.dirname, "..");

/** The test files of one room, or of what begins alike in it: `wire/tagaudit` has `wire/tagaudit-mark.test.ts`, too. */
export function testsOf(room: string): readonly string[] {
  const [folder = ""] = room.split("/");
  return readdirSync(join(tests, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name}`)
    .filter((name) => name.startsWith(room) && /^([/-].*)?\.test\.ts$/.test(name.slice(room.length)))
    .sort()
    .map((name) => join(tests, name));
}

/** Runs them in this process: to start one for each takes longer than most of them do. */
export async function runRoom(room: string): Promise<void> {
  for (const path of testsOf(room)) await import(pathToFileURL(path).href);
}
