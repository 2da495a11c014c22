import { findNearest } from "../settings/nearest-name.ts";

/** The key that was most likely meant to be the tag; AWS's own keys never are. */
export function findNearMiss(tag: string, keys: Iterable<string>): string | undefined {
  const own = [...keys].filter((key) => !key.startsWith("aws:"));
  return findNearest(
    stemOf(tag),
    own.map((key) => ({ stem: stemOf(key), name: key })),
  );
}

/** `Created-By`, `created.by` and `created by` are all slips for `created_by`. */
const stemOf = (key: string): string => key.toLowerCase().replace(/[-_ .:/]+/g, "_");
