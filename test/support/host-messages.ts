import { readFileSync } from "node:fs";
import { parseInstant } from "../../lib/core/time.ts";

/** When the messages of test/data/host-events were sent. */
export const sentAt = parseInstant("2026-03-01T12:00:00Z") ?? 0;

type Changes = Readonly<Record<string, unknown>>;

/** A message of test/data/host-events, with some of its members, named by their paths, replaced. */
export function readMessage(name: string, changes: Changes = {}): string {
  const url = new URL(`../data/host-events/${name}.json`, import.meta.url);
  const message: unknown = JSON.parse(readFileSync(url, "utf8"));
  for (const [path, value] of Object.entries(changes)) setMember(message, path.split("/"), value);
  return JSON.stringify(message);
}

function setMember(holder: unknown, [name = "", ...rest]: readonly string[], value: unknown): void {
  // The paths are those of objects in the messages.
  const record = holder as Record<string, unknown>;
  if (rest.length === 0) record[name] = value;
  else setMember(record[name], rest, value);
}
