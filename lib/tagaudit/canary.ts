import type { Instance } from "../core/ec2.ts";
import { matchesGlob } from "../core/glob.ts";
import type { CanaryTags } from "./scheme.ts";

/** The original's: whoever made it and wherever they work, as long as the tags say. */
export const defaultCanaryTags: CanaryTags = new Map([
  ["created_by", "?*"],
  ["project", "API canary"],
  ["department", "?*"],
  ["Name", "api-canary-$REGION"],
]);

/**
 * Whether the instance is there to prove that its region is read as it is: stopped or about to be, and tagged so, with keys
 * spelled as they are, since nothing else shields an instance from being judged.
 */
export function isCanary(
  { state, region, tags }: Pick<Instance, "state" | "region" | "tags">,
  canary: CanaryTags,
): boolean {
  if (state !== "stopped" && state !== "stopping") return false;
  return [...canary].every(([key, glob]) => {
    const value = tags.get(key);
    return value !== undefined && matchesGlob(glob.replaceAll("$REGION", region), value);
  });
}
