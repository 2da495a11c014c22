import type { Instance } from "../core/ec2.ts";
import { quoteValue } from "../settings/parse-value.ts";
import { findValues, isBlank } from "./find-values.ts";
import { findNearMiss } from "./near-miss.ts";
import type { Scheme, TagRule } from "./scheme.ts";
import { fitsRule, type KnownPeople, sayRule, suggestValue } from "./value-rule.ts";

export type ViolationKind = "missing" | "empty" | "invalid" | "near_miss";

/** How one tag breaks its rule. */
export interface TagFault {
  readonly kind: ViolationKind;
  readonly says: string;
  readonly suggestion: string | undefined;
}

/** Undefined where the rule is kept; where several spellings of the key stand side by side, one that keeps it is enough. */
export function judgeTag(
  rule: TagRule,
  tags: Instance["tags"],
  { scheme, people }: { readonly scheme: Scheme; readonly people: KnownPeople },
): TagFault | undefined {
  const values = findValues(tags, rule.tag, scheme.keyCase);
  const [first] = values;
  if (first === undefined) return judgeAbsence(rule, tags, scheme);
  const [written] = values.filter((value) => !isBlank(value));
  const name = quoteValue(rule.tag);
  if (written === undefined) return { kind: "empty", says: `tag ${name} is empty`, suggestion: undefined };
  const { value } = rule;
  if (value === undefined || values.some((one) => !isBlank(one) && fitsRule(value, one, people))) return undefined;
  const nearest = suggestValue(value, written);
  return {
    kind: "invalid",
    says: `tag ${name} is ${quoteValue(written)}, not ${sayRule(value)}`,
    suggestion: nearest === undefined ? undefined : `set ${name} to ${quoteValue(nearest)}`,
  };
}

function judgeAbsence(rule: TagRule, tags: Instance["tags"], scheme: Scheme): TagFault | undefined {
  const keys = strangers(tags, scheme);
  // As AWS's tag policies, which ask for no tag, yet for its letter case.
  const near = findRecased(rule.tag, keys) ?? (rule.required ? findNearMiss(rule.tag, keys) : undefined);
  const name = quoteValue(rule.tag);
  if (near !== undefined)
    return {
      kind: "near_miss",
      says: `tag ${name} is missing; ${quoteValue(near)} is near it`,
      suggestion: `rename ${quoteValue(near)} to ${name}`,
    };
  return rule.required ? { kind: "missing", says: `tag ${name} is missing`, suggestion: undefined } : undefined;
}

const findRecased = (tag: string, keys: readonly string[]): string | undefined =>
  keys.find((key) => key.toLowerCase() === tag.toLowerCase());

/** Keys that the scheme does not name itself: `owners` is no slip for `owner` where both have rules. */
const strangers = (tags: Instance["tags"], { rules, keyCase }: Scheme): readonly string[] =>
  [...tags.keys()].filter(
    (key) => !rules.some(({ tag }) => tag === key || (keyCase === "lower" && tag.toLowerCase() === key.toLowerCase())),
  );
