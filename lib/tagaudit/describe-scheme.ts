import { formatColumns } from "../core/columns.ts";
import { formatDuration } from "../settings/duration.ts";
import type { Scheme, TagRule } from "./scheme.ts";
import type { Selector } from "./selector.ts";
import { sayRule } from "./value-rule.ts";

/** What the scheme asks for, a line for each tag. */
export function describeScheme({ rules, keyCase }: Scheme): string {
  const rows = rules.map((rule) => [rule.tag, rule.required ? "required" : "optional", describeRule(rule)]);
  const spelled = keyCase === "exact" ? "spelled exactly so" : "in any letter case";
  return `${rules.length} ${rules.length === 1 ? "tag" : "tags"}, ${spelled}\n${formatColumns(rows)}`;
}

const describeRule = ({ value, appliesTo, grace, mayFlipProtection }: TagRule): string =>
  [
    value === undefined ? "any value" : sayRule(value),
    ...describeSelector(appliesTo),
    ...(grace === undefined ? [] : [`grace ${formatDuration(grace)}`]),
    ...(mayFlipProtection ? ["may take termination protection off"] : []),
  ].join("; ");

function describeSelector(selector: Selector | undefined): readonly string[] {
  const asked = [
    ["region", selector?.regions],
    ["vpc", selector?.vpcs],
    ["launcher", selector?.launchers],
  ] as const;
  return asked.flatMap(([what, wanted]) => (wanted === undefined ? [] : [`${what} ${wanted.join(" or ")}`]));
}
