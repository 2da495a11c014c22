import { makeScheme, type RuleDraft } from "./make-scheme.ts";
import { judgeKeys, type ParsedScheme } from "./tag-keys.ts";

/** The tag whose value the original's `--confirm` looks up among the account's users. */
export const confirmedTag = "created_by";

/** The original's scheme: tags that every instance must have, and with `confirm` that `created_by` names an IAM user. */
export function parseTagList(tags: readonly string[], confirm: boolean): ParsedScheme {
  const wrong = judgeKeys(tags).map(({ index, says }) => ({ path: [index], says }));
  if (wrong.length > 0) return { ok: false, wrong };
  const isConfirmed = (tag: string) => confirm && tag.toLowerCase() === confirmedTag;
  const rules = tags.map((tag): RuleDraft => ({ tag, ...(isConfirmed(tag) ? { value: { kind: "iam-user" } } : {}) }));
  const unlisted: RuleDraft[] =
    confirm && !tags.some(isConfirmed) ? [{ tag: confirmedTag, required: false, value: { kind: "iam-user" } }] : [];
  return { ok: true, scheme: makeScheme({ rules: [...rules, ...unlisted] }), notes: [] };
}
