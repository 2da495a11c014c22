import { hashText } from "../core/hash.ts";
import type { Json } from "../core/json.ts";
import { defaultCanaryTags } from "./canary.ts";
import { defaultExemptionTags } from "./exemption.ts";
import type { Scheme, TagRule } from "./scheme.ts";
import type { ValueRule } from "./value-rule.ts";

/** A rule as its author wrote it. */
export type RuleDraft = Pick<TagRule, "tag"> & Partial<Omit<TagRule, "hash">>;

export interface SchemeDraft extends Partial<Omit<Scheme, "rules" | "text">> {
  readonly rules: readonly RuleDraft[];
}

/** A scheme with all that its author left to the defaults: a tag is required, keys are compared as the original does. */
export function makeScheme({ rules, keyCase = "lower", canary, exemption }: SchemeDraft): Scheme {
  const made = rules.map((draft) => makeRule(draft, keyCase));
  return {
    rules: made,
    keyCase,
    canary: canary ?? defaultCanaryTags,
    exemption: exemption ?? defaultExemptionTags,
    text: made.flatMap(({ tag, required }) => (required ? [tag] : [])).join(","),
  };
}

function makeRule({ tag, required = true, ...rest }: RuleDraft, keyCase: Scheme["keyCase"]): TagRule {
  const { value, appliesTo, grace, mayFlipProtection = false } = rest;
  const selected = appliesTo === undefined ? null : [appliesTo.regions, appliesTo.vpcs, appliesTo.launchers];
  const said = [keyCase, tag, required, spell(value), selected, grace, mayFlipProtection];
  const hash = hashText(JSON.stringify(said)).toString(16).padStart(8, "0");
  // The tag before it, so that two rules of one scheme never share a clock.
  return { tag, required, value, appliesTo, grace, mayFlipProtection, hash: `${tag}#${hash}` };
}

/** The order of allowed values says nothing. */
function spell(value: ValueRule | undefined): Json {
  if (value === undefined) return null;
  if (value.kind === "allowed") return [value.kind, ...value.values.toSorted()];
  return value.kind === "regex" ? [value.kind, value.pattern.source] : [value.kind];
}
