import type { Instance } from "../core/ec2.ts";
import { findValues, isBlank } from "./find-values.ts";
import type { Scheme } from "./scheme.ts";

/** Whom the instance's tags name: `created_by`, as the original reads it, else a tag that the scheme wants an address in, else `email`. */
export function findOwnerTag(tags: Instance["tags"], { rules }: Pick<Scheme, "rules">): string | undefined {
  const addressed = rules.flatMap(({ tag, value }) => (value?.kind === "email" ? [tag] : []));
  return ["created_by", ...addressed, "email"]
    .flatMap((key) => findValues(tags, key, "lower"))
    .find((value) => !isBlank(value))
    ?.trim();
}
