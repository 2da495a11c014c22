import type { Path } from "../settings/kind.ts";
import type { Wrong } from "../settings/parse-value.ts";

/**
 * The values that one setting of a policy comes to, nothing being inherited: `@@append` adds to what `@@assign` sets, and
 * `@@remove` takes away. https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html
 */
export function readSetting(setting: unknown, path: Path, wrong: Wrong[]): readonly string[] {
  if (setting === undefined) return [];
  const texts = textsOf(setting);
  // An effective policy has the values themselves.
  if (texts !== undefined) return texts;
  if (typeof setting !== "object" || setting === null || Array.isArray(setting)) {
    wrong.push({ path, says: "not a text, a list of texts or a map of operators" });
    return [];
  }
  const { assign, append, remove } = readOperators(Object.entries(setting), path, wrong);
  const kept = new Set([...assign, ...append]);
  for (const removed of remove) kept.delete(removed);
  return [...kept];
}

const operators = { "@@assign": "assign", "@@append": "append", "@@remove": "remove" } as const;

type Operands = Record<(typeof operators)[keyof typeof operators], readonly string[]>;

function readOperators(entries: readonly [string, unknown][], path: Path, wrong: Wrong[]): Operands {
  const operands: Operands = { assign: [], append: [], remove: [] };
  for (const [name, given] of entries) {
    if (name === "@@operators_allowed_for_child_policies") continue;
    const [, operator] = Object.entries(operators).find(([known]) => known === name) ?? [];
    const texts = textsOf(given);
    if (operator === undefined) wrong.push({ path: [...path, name], says: "no operator of a tag policy" });
    else if (texts === undefined) wrong.push({ path: [...path, name], says: "not a text, or a list of texts" });
    else operands[operator] = texts;
  }
  return operands;
}

function textsOf(value: unknown): readonly string[] | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = values.filter((one) => typeof one === "string");
  return texts.length === values.length ? texts : undefined;
}
