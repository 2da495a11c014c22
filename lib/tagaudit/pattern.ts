import { buildMachine } from "./pattern-machine.ts";
import { buildStates, countStates } from "./pattern-states.ts";
import { readPattern } from "./pattern-tree.ts";

/**
 * A regular expression that takes time in proportion to its own length times the text's, whatever both are: JavaScript's
 * own can be made to run for hours by a tag's value, which anybody who may tag an instance chooses.
 */
export interface Pattern {
  readonly source: string;
  /** Whether it describes the whole text, with or without `^` and `$` around it. */
  matches(text: string): boolean;
}

export type ParsedPattern =
  | { readonly ok: true; readonly pattern: Pattern }
  | { readonly ok: false; readonly says: string };

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
const longestValue = 256;

const mostStates = 1000;

/** A text that is longer than any tag's value is not matched. */
export function parsePattern(source: string): ParsedPattern {
  const read = readPattern(source);
  if (!read.ok) return read;
  if (countStates(read.tree) > mostStates) return { ok: false, says: "it repeats too much" };
  const takes = buildMachine(buildStates(read.tree));
  return {
    ok: true,
    pattern: { source, matches: (text) => text.length <= longestValue && takes(text) },
  };
}
