import * as z from "zod/mini";
import { structured, text } from "../settings/kinds.ts";
import { parseValue, type Wrong } from "../settings/parse-value.ts";
import { type OwnerMap, slackId } from "./find-owner.ts";

const userMap = structured(
  () =>
    z.record(z.string(), text({ pattern: slackId, expects: "a Slack id such as U0123ABCD" }).schema, {
      error: "a map of users to Slack ids",
    }),
  "a map of users to Slack ids",
);

export type ParsedOwnerMap =
  | { readonly ok: true; readonly map: OwnerMap }
  | { readonly ok: false; readonly wrong: readonly Wrong[] };

/** What the file that the setting slack_map names holds. */
export function parseOwnerMap(value: unknown): ParsedOwnerMap {
  const parsed = parseValue(userMap, value);
  if (!parsed.ok) return parsed;
  const entries = Object.entries(parsed.value).map(([user, id]) => [user, user.toLowerCase(), id] as const);
  const seen = new Set<string>();
  const wrong = entries.flatMap(([user, name]) => {
    const isRepeated = seen.has(name);
    seen.add(name);
    return isRepeated ? [{ path: [user], says: "the same user again, in other letters" }] : [];
  });
  if (wrong.length > 0) return { ok: false, wrong };
  return { ok: true, map: new Map(entries.map(([, name, id]) => [name, id])) };
}
