import type { Instance } from "../core/ec2.ts";
import type { Millis } from "../core/time.ts";
import { isCanary } from "./canary.ts";
import { readExemption, type TagExemption } from "./exemption.ts";
import { findOwnerTag } from "./find-owner-tag.ts";
import { groupOf, type InstanceGroup } from "./groups.ts";
import { judgeTag, type ViolationKind } from "./judge-tag.ts";
import type { Scheme, TagRule } from "./scheme.ts";
import { isSelected } from "./selector.ts";
import type { KnownPeople } from "./value-rule.ts";

/** One rule that an instance breaks. */
export interface Violation {
  /** The tag's key, as the scheme spells it. */
  readonly tag: string;
  readonly kind: ViolationKind;
  readonly says: string;
  readonly suggestion: string | undefined;
  readonly ruleHash: string;
  /** First seen in violation; without memory the instance's last launch. */
  readonly since: Millis;
  /** `since` and the rule's grace. */
  readonly dueAt: Millis;
}

export type Standing = "compliant" | "in_grace" | "exempt" | "grouped" | "violating" | "canary";

export interface Finding {
  readonly instance: Instance;
  readonly group: InstanceGroup | undefined;
  readonly isCanary: boolean;
  readonly violations: readonly Violation[];
  readonly exempt: TagExemption | undefined;
  /** Why tags that mean to exempt the instance do not. */
  readonly exemptionProblem?: string | undefined;
  /** The value of `created_by` or of an e-mail tag, as found. */
  readonly owner: string | undefined;
  readonly standing: Standing;
}

export interface Judging extends KnownPeople {
  readonly scheme: Scheme;
  /** Of this instance: rule hash to first seen in violation; undefined without memory. */
  readonly clocks: ReadonlyMap<string, Millis> | undefined;
  /** What holds for rules without a grace of their own. */
  readonly grace: Millis;
  readonly now: Millis;
  /** Ids of instances under import or export conversion. */
  readonly converting: ReadonlySet<string>;
}

/** Whether the original judges instances in this state. */
export const isJudged = ({ state }: Pick<Instance, "state">): boolean => state === "running" || state === "stopped";

/** Holds an instance against the scheme, with the canary too: it must satisfy what it vouches for. */
export function assessInstance(instance: Instance, judging: Judging): Finding {
  const { scheme, now, converting } = judging;
  const group = groupOf(instance, converting);
  const violations = scheme.rules
    .filter((rule) => isSelected(instance, group, rule.appliesTo))
    .flatMap((rule) => findViolation(rule, instance, judging));
  const { exempt, problem } = readExemption(instance.tags, scheme, now);
  const canary = isCanary(instance, scheme.canary);
  return {
    ...{ instance, group, isCanary: canary, violations, exempt, exemptionProblem: problem },
    owner: findOwnerTag(instance.tags, scheme),
    standing: canary ? "canary" : standingOf({ group, violations, exempt }, now),
  };
}

function findViolation(rule: TagRule, instance: Instance, judging: Judging): Violation[] {
  const fault = judgeTag(rule, instance.tags, { scheme: judging.scheme, people: judging });
  if (fault === undefined) return [];
  const since = judging.clocks === undefined ? instance.launchedAt : (judging.clocks.get(rule.hash) ?? judging.now);
  return [{ tag: rule.tag, ...fault, ruleHash: rule.hash, since, dueAt: since + (rule.grace ?? judging.grace) }];
}

/** A group's members are the group's matter, so that no exemption of one is asked for. */
function standingOf(
  { group, violations, exempt }: Pick<Finding, "group" | "violations" | "exempt">,
  now: Millis,
): Standing {
  if (violations.length === 0) return "compliant";
  if (group !== undefined) return "grouped";
  if (exempt !== undefined) return "exempt";
  return violations.some(({ dueAt }) => dueAt <= now) ? "violating" : "in_grace";
}
