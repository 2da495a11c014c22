import { quoteValue, type Wrong } from "../settings/parse-value.ts";
import { makeScheme, type RuleDraft } from "./make-scheme.ts";
import { readSetting } from "./policy-setting.ts";
import { judgeKeys, type ParsedScheme } from "./tag-keys.ts";

/**
 * An AWS Organizations tag policy as a scheme: a policy as its author wrote it, of which operators add to nothing that is
 * inherited, or an account's effective policy, which has none.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html
 */
export function parseTagPolicy(
  value: unknown,
  { requireAll }: { readonly requireAll: boolean } = { requireAll: false },
): ParsedScheme {
  const { tags } = isMap(value) ? value : {};
  if (!isMap(tags)) return { ok: false, wrong: [{ path: [], says: "not a tag policy: it has no map of tags" }] };
  const reading: Reading = { wrong: [], notes: [] };
  for (const key of Object.keys(value as object))
    if (key !== "tags") reading.wrong.push({ path: [key], says: "no part of a tag policy" });
  const rules = entriesOf(tags).map(([key, entry]) => readRule(key, entry, { reading, requireAll }));
  if (rules.length === 0) reading.wrong.push({ path: ["tags"], says: "no tag named" });
  for (const { index, says } of judgeKeys(rules.map(({ tag }) => tag)))
    reading.wrong.push({ path: ["tags", entriesOf(tags)[index]?.[0] ?? ""], says });
  if (reading.wrong.length > 0) return { ok: false, wrong: reading.wrong };
  if (rules.every(({ required }) => !required))
    reading.notes.push("it requires no tag: tags are judged where they are");
  return { ok: true, scheme: makeScheme({ rules, keyCase: "exact" }), notes: reading.notes };
}

interface Reading {
  readonly wrong: Wrong[];
  readonly notes: string[];
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** All but the operators that say what child policies may change. */
const entriesOf = (map: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(map).filter(([key]) => key !== "@@operators_allowed_for_child_policies");

const settings = ["tag_key", "tag_value", "enforced_for", "report_required_tag_for"] as const;

function readRule(
  key: string,
  entry: unknown,
  { reading, requireAll }: { readonly reading: Reading; readonly requireAll: boolean },
): RuleDraft {
  const path = ["tags", key];
  if (!isMap(entry)) reading.wrong.push({ path, says: "not a map" });
  const given = new Map(isMap(entry) ? entriesOf(entry) : []);
  for (const name of given.keys())
    if (!settings.some((setting) => setting === name))
      reading.wrong.push({ path: [...path, name], says: "no setting of a tag policy" });
  const read = (name: (typeof settings)[number]) => readSetting(given.get(name), [...path, name], reading.wrong);
  // AWS takes the policy's key in lower case where no letter case is asked for.
  const [tag = key.toLowerCase(), ...more] = read("tag_key");
  if (more.length > 0 || tag.toLowerCase() !== key.toLowerCase())
    reading.wrong.push({ path: [...path, "tag_key"], says: `not the key ${quoteValue(key)} in any letter case` });
  const values = read("tag_value");
  noteRule({ tag, values, enforced: read("enforced_for") }, reading.notes);
  return {
    tag,
    required: requireAll || read("report_required_tag_for").some(meansInstances),
    ...(values.length === 0 ? {} : { value: { kind: "allowed", values } }),
  };
}

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_supported-resources-enforcement.html */
const meansInstances = (resource: string): boolean =>
  resource === "ec2:instance" || resource === "ec2:ALL_SUPPORTED" || resource === "ec2:*";

interface Noted {
  readonly tag: string;
  readonly values: readonly string[];
  readonly enforced: readonly string[];
}

function noteRule({ tag, values, enforced }: Noted, notes: string[]): void {
  const name = `tag ${quoteValue(tag)}`;
  if (enforced.length > 0) notes.push(`${name}: enforced_for is ignored, what is enforced is not what is judged`);
  if (values.length === 0) notes.push(`${name}: any value will do, but for an empty one`);
  if (values.some((value) => value.includes("?"))) notes.push(`${name}: ? in a value stands for any one character`);
}
