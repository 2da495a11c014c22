import type { Instance } from "../core/ec2.ts";
import { hashText } from "../core/hash.ts";
import type { Millis } from "../core/time.ts";
import type { Finding } from "./assess.ts";

/** Tells tags that were judged from others, in whatever order AWS lists them. */
export const hashTags = (tags: Instance["tags"]): number =>
  hashText(JSON.stringify([...tags].toSorted(([a], [b]) => (a < b ? -1 : 1))));

/** What an instance was judged by. */
export interface Judged {
  readonly launchedAt: Millis;
  readonly tagsHash: number;
  /** Hashes of the rules that were due. */
  readonly rules: readonly string[];
}

/** Why an instance that was judged is no longer the one to act on, by a look just before the deed. */
export function sayChanged(
  { launchedAt, tagsHash, rules }: Judged,
  { instance, standing, violations }: Pick<Finding, "instance" | "standing" | "violations">,
  now: Millis,
): string | undefined {
  if (instance.launchedAt !== launchedAt) return "it was launched again since it was judged";
  if (hashTags(instance.tags) !== tagsHash) return "its tags have changed since it was judged";
  if (standing !== "violating") return `it was judged violating, and is ${standing.replace("_", " ")}`;
  const isDue = violations.some(({ ruleHash, dueAt }) => dueAt <= now && rules.includes(ruleHash));
  return isDue ? undefined : "it breaks none of the rules any more that it was judged by";
}

/** An answer that leaves tags out would condemn whatever it shows: another call has to say the same. */
export function sayUntagged(
  { tags }: Pick<Instance, "tags">,
  listed: ReadonlyMap<string, string> | undefined,
): string | undefined {
  if (tags.size > 0) return undefined;
  if (listed === undefined) return "it shows no tags, and nothing confirms that";
  return listed.size === 0 ? undefined : `it shows no tags, and DescribeTags shows ${listed.size}`;
}
