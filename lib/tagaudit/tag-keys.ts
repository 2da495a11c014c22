import type { Wrong } from "../settings/parse-value.ts";
import type { Scheme } from "./scheme.ts";

/** What every way of writing a scheme comes to. */
export type ParsedScheme =
  | { readonly ok: true; readonly scheme: Scheme; readonly notes: readonly string[] }
  | { readonly ok: false; readonly wrong: readonly Wrong[] };

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
const longestKey = 128;

/** What is wrong with the keys of a scheme's tags, by their index. */
export function judgeKeys(tags: readonly string[]): readonly { readonly index: number; readonly says: string }[] {
  const seen = new Set<string>();
  return tags.flatMap((tag, index) => {
    const says = judgeKey(tag) ?? (seen.has(tag.toLowerCase()) ? "the same tag again" : undefined);
    seen.add(tag.toLowerCase());
    return says === undefined ? [] : [{ index, says }];
  });
}

function judgeKey(tag: string): string | undefined {
  if (tag.trim() === "") return "a tag without a key";
  if (tag !== tag.trim()) return "blanks around a tag's key";
  if (tag.length > longestKey) return `longer than a tag's key may be, which is ${longestKey} characters`;
  // https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html#tag-conventions
  return tag.toLowerCase().startsWith("aws:") ? "only AWS sets tags that begin with aws:" : undefined;
}
