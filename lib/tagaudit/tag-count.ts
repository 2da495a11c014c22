import type { Finding } from "./assess.ts";
import { findValues, isBlank } from "./find-values.ts";
import type { Scheme, TagRule } from "./scheme.ts";
import { isSelected } from "./selector.ts";

/** How instances carry one tag. */
export interface TagCount {
  readonly tag: string;
  /** Instances that the rule is for. */
  readonly asked: number;
  /** With a value that is not blank. */
  readonly present: number;
  /** Without the tag, or with a blank value, where the rule requires it. */
  readonly missing: number;
  /** Present, with a value that is not allowed. */
  readonly invalid: number;
  /** Missing, while another tag looks like it. */
  readonly nearMiss: number;
  /** Instances that keep the rule; 1 where it is for none. */
  readonly coverageRatio: number;
}

export interface TagTally {
  add(finding: Finding, keyCase: Scheme["keyCase"]): void;
  count(): TagCount;
}

export function tallyTag(rule: TagRule): TagTally {
  const count = { asked: 0, present: 0, missing: 0, invalid: 0, nearMiss: 0 };
  return {
    add({ instance, group, violations }, keyCase) {
      if (!isSelected(instance, group, rule.appliesTo)) return;
      count.asked += 1;
      const kind = violations.find(({ ruleHash }) => ruleHash === rule.hash)?.kind;
      if (kind === "near_miss") count.nearMiss += 1;
      else if (kind === "missing" || kind === "empty") count.missing += 1;
      else if (findValues(instance.tags, rule.tag, keyCase).some((value) => !isBlank(value))) count.present += 1;
      if (kind === "invalid") count.invalid += 1;
    },
    count() {
      const broken = count.missing + count.nearMiss + count.invalid;
      return { tag: rule.tag, ...count, coverageRatio: count.asked === 0 ? 1 : (count.asked - broken) / count.asked };
    },
  };
}
