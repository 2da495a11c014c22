import type { Scheme } from "./scheme.ts";

/** The values of all tags whose keys count as this one: keys that differ only in letter case may stand side by side. */
export function findValues(
  tags: ReadonlyMap<string, string>,
  key: string,
  keyCase: Scheme["keyCase"],
): readonly string[] {
  const own = tags.get(key);
  const values = own === undefined ? [] : [own];
  if (keyCase === "exact") return values;
  const lower = key.toLowerCase();
  for (const [other, value] of tags) if (other !== key && other.toLowerCase() === lower) values.push(value);
  return values;
}

export const isBlank = (value: string): boolean => value.trim() === "";
