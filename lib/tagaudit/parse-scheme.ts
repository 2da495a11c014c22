import { structured } from "../settings/kinds.ts";
import { findNearest } from "../settings/nearest-name.ts";
import { parseValue, type Wrong } from "../settings/parse-value.ts";
import { makeScheme, type RuleDraft } from "./make-scheme.ts";
import { ruleKeys, schemeFile, schemeKeys, selectorKeys, valueKeys, type WrittenRule } from "./scheme-file.ts";
import { judgeKeys, type ParsedScheme } from "./tag-keys.ts";

const kind = structured(() => schemeFile, "a map with tags");

/** What the file that the setting scheme names holds; all that is wrong with it is said at once. */
export function parseScheme(value: unknown): ParsedScheme {
  const parsed = parseValue(kind, value);
  const wrong = [...(parsed.ok ? [] : parsed.wrong.map(suggestKey)), ...judgeTags(value)];
  if (!parsed.ok || wrong.length > 0) return { ok: false, wrong };
  const { tags, key_case: keyCase, canary, exemption } = parsed.value;
  const scheme = makeScheme({
    rules: Object.entries(tags).map(([tag, written]) => draftRule(tag, written ?? {})),
    ...(keyCase === undefined ? {} : { keyCase }),
    ...(canary === undefined ? {} : { canary: new Map(Object.entries(canary)) }),
    ...(exemption === undefined ? {} : { exemption }),
  });
  return { ok: true, scheme, notes: [] };
}

const draftRule = (tag: string, written: WrittenRule): RuleDraft => ({
  tag,
  required: written.required ?? true,
  value: written.value,
  appliesTo: written.applies_to,
  grace: written.grace,
  mayFlipProtection: written.flip_protection ?? false,
});

function judgeTags(value: unknown): Wrong[] {
  const { tags } = Object(value);
  if (typeof tags !== "object" || tags === null || Array.isArray(tags)) return [];
  const keys = Object.keys(tags);
  if (keys.length === 0) return [{ path: ["tags"], says: "no tag named" }];
  return judgeKeys(keys).map(({ index, says }) => ({ path: ["tags", keys[index] ?? ""], says }));
}

/** An unknown key mentions the one that was likely meant. */
function suggestKey({ path, says }: Wrong): Wrong {
  const key = String(path.at(-1));
  const known = says === "no such key" ? knownKeys(path) : [];
  const nearest = findNearest(
    key.toLowerCase(),
    known.map((name) => ({ stem: name, name })),
  );
  return { path, says: nearest === undefined ? says : `${says}; did you mean ${nearest}?` };
}

function knownKeys([section, , part, inner]: Wrong["path"]): readonly string[] {
  if (section !== "tags" || part === undefined) return section === "exemption" ? exemptionKeys : schemeKeys;
  if (inner === undefined) return ruleKeys;
  return part === "value" ? valueKeys : selectorKeys;
}

const exemptionKeys = ["until", "reason"] as const;
