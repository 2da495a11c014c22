import { hasWildcard } from "../../policy/glob.ts";
import type { LeftAlone, StatementChange } from "../../policy/library.ts";
import { count, placeOf, shown } from "./words.ts";

/** What a change means beside the actions that it was made for. */
export function sayChange(change: StatementChange): readonly string[] {
  const place = placeOf(change);
  if (change.is === "left_alone")
    return [`${place}: keeps ${count(change.keeps.length, "action")}: ${sayLeftAlone(change.because)}`];
  return change.narrowed
    .filter(({ pattern }) => hasWildcard(pattern))
    .map(({ pattern, to }) => `${place}: ${sayGivenUp(shown(pattern), to.map(shown))}`);
}

export function sayLeftAlone(because: LeftAlone): string {
  switch (because) {
    case "immutable_sid":
      return "its Sid is immutable";
    case "not_action":
      return "it has NotAction, which only --rewrite-not-action rewrites";
    case "not_resource":
      return "it has NotResource, which only --rewrite-not-action rewrites";
  }
}

/** The first of them come first, for the line may be cut. */
const sayGivenUp = (pattern: string, to: readonly string[]): string =>
  to.length === 0
    ? `what AWS adds to ${pattern} is given up`
    : `what AWS adds to ${pattern} is given up, unless it is in ${to.join(", ")}`;
