import { matchesGlob } from "../core/glob.ts";

// What IAM reads in the names of actions: `*` is any text, `?` one character, and letters are the same in upper and lower case
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html).

/** Folds A to Z alone: what Unicode takes for a letter's other case, such as the Kelvin sign for k, is no action's letter. */
export const foldCase = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

export const hasWildcard = (glob: string): boolean => glob.includes("*") || glob.includes("?");

/** A test of names that are folded already. Most globs are a name, or a part of names, which takes no search. */
export function compileGlob(glob: string): (folded: string) => boolean {
  const folded = foldCase(glob);
  if (!hasWildcard(folded)) return (name) => name === folded;
  const [, before, text, after] = /^(\*?)([^*?]*)(\*?)$/.exec(folded) ?? [];
  if (text === undefined) return (name) => matchesGlob(folded, name);
  if (before === "") return (name) => name.startsWith(text);
  return after === "" ? (name) => name.endsWith(text) : (name) => name.includes(text);
}

/** The signs of a glob, folded, each run of wildcards in one form: its `?` first, then at most one `*`. */
export const signsOf = (glob: string): readonly string[] => [
  ...foldCase(glob).replace(/[*?]+/g, (run) => "?".repeat(run.split("?").length - 1) + (run.includes("*") ? "*" : "")),
];

/** Whether there is a text that both match. */
export function meets(one: string, other: string): boolean {
  if (!hasWildcard(one)) return compileGlob(other)(foldCase(one));
  if (!hasWildcard(other)) return compileGlob(one)(foldCase(other));
  const [start, otherStart] = [startOf(one), startOf(other)];
  return (start.startsWith(otherStart) || otherStart.startsWith(start)) && meetsBySigns(signsOf(one), signsOf(other));
}

/** What lies before the first wildcard. */
const startOf = (glob: string): string => foldCase(glob.replace(/[*?].*/s, ""));

function meetsBySigns(signs: readonly string[], opposites: readonly string[]): boolean {
  const end = opposites.length;
  const onlyStars = opposites.findLastIndex((sign) => sign !== "*") + 1;
  /** Per place in `opposites`: whether what follows it and what follows the place reached in `signs` match a common text. */
  let after = Array.from({ length: end + 1 }, (_, at) => at >= onlyStars);
  for (const sign of signs.toReversed()) {
    const row: boolean[] = [];
    row[end] = sign === "*" && after[end] === true;
    for (let at = end - 1; at >= 0; at -= 1) {
      // A star ends here, or takes one more sign of the other.
      const isStar = sign === "*" || opposites[at] === "*";
      const isSame = sign === opposites[at] || sign === "?" || opposites[at] === "?";
      row[at] = isStar ? after[at] === true || row[at + 1] === true : isSame && after[at + 1] === true;
    }
    after = row;
  }
  return after[0] === true;
}
