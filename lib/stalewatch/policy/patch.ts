import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from "diff";
import { seconds } from "../../core/time.ts";
import type { Frame } from "../../runtime/frame.ts";
import { type ColorChoice, isColored, isTerminal, type Paint, painter } from "./color.ts";
import { shown, shownText } from "./words.ts";

interface Side {
  readonly name: string;
  readonly text: string;
}

/** One document; undefined after it is gone. */
export interface Pair {
  readonly before: Side;
  readonly after: Side | undefined;
}

/**
 * Unified diffs of what changed, which `patch` takes where no person looks on; undefined where they take too long, as with
 * thousands of lines that are all others.
 */
export function formatPatches(frame: Frame, choice: ColorChoice, pairs: readonly Pair[]): string | undefined {
  const hasColor = isColored(choice, frame);
  const isForPeople = hasColor || isTerminal(frame.stdout);
  const patches = pairs.filter(({ before, after }) => before.text !== after?.text).map(formatPair);
  if (patches.includes(undefined)) return undefined;
  return patches.map((patch = "") => (isForPeople ? paintPatch(shownText(patch), painter(hasColor)) : patch)).join("");
}

function formatPair({ before, after }: Pair): string | undefined {
  const gone: Side = { name: "/dev/null", text: "" };
  const [old, now] = [before, after ?? gone];
  const [from, to] = [shown(old.name), shown(now.name)];
  const options = { context: 3, timeout: seconds(5) };
  const patch = structuredPatch(from, to, old.text, now.text, endOf(from), endOf(to), options);
  return patch && formatPatch(patch, FILE_HEADERS_ONLY);
}

/** Where a name has spaces, a tab ends it. */
const endOf = (name: string): string | undefined => (name.includes(" ") ? "" : undefined);

const paintPatch = (patch: string, paint: Paint): string =>
  patch
    .split("\n")
    .map((line, at) => (line === "" ? "" : paintLine(line, at < 2, paint)))
    .join("\n");

function paintLine(line: string, isHeader: boolean, paint: Paint): string {
  if (isHeader) return paint("bold", line);
  if (line.startsWith("@@")) return paint("cyan", line);
  if (line.startsWith("+")) return paint("green", line);
  return line.startsWith("-") ? paint("red", line) : line;
}
