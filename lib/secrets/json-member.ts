import { OpsError } from "../core/errors.ts";

/** A text member of a JSON object. The parser's own errors quote the text, so they are not repeated. */
export function jsonMember(text: string, key: string): string {
  const value = parseMembers(text).get(key);
  if (value === undefined) throw new OpsError("missing", `its JSON has no member "${key}"`);
  if (typeof value !== "string") throw new OpsError("other", `member "${key}" of its JSON is not a text`);
  return value;
}

function parseMembers(text: string): ReadonlyMap<string, unknown> {
  const parsed = parseOrUndefined(text);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw new OpsError("other", "it is not a JSON object");
  return new Map(Object.entries(parsed));
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
