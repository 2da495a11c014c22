import { type ElementSpans, endOf, type Policy, type Span, type Statement, textAt } from "./policy.ts";

/**
 * The policy's text with other texts for its statements, by their index; undefined leaves one out, and undefined for all of them
 * gives none. What is between and around them is not touched.
 */
export function writeStatements(policy: Policy, texts: readonly (string | undefined)[]): string | undefined {
  const { text, statements } = policy;
  const kept = statements.flatMap(({ at, index }) =>
    texts[index] === undefined ? [] : [{ at, index, text: texts[index] }],
  );
  const [first, last] = [statements[0], statements.at(-1)];
  if (kept.length === 0 || first === undefined || last === undefined) return undefined;
  const before = ({ index, at }: (typeof kept)[number], place: number): string => {
    const previous = statements[index - 1];
    return place === 0 || previous === undefined ? "" : text.slice(endOf(previous.at), at.offset);
  };
  return [
    text.slice(0, first.at.offset),
    ...kept.flatMap((statement, place) => [before(statement, place), statement.text]),
    text.slice(endOf(last.at)),
  ].join("");
}

/** The text of a statement with other patterns. Those that it had stay as they are written, and all else in it is not touched. */
export function writePatterns({ text }: Policy, statement: Statement, patterns: readonly string[]): string {
  const { at, elementAt } = statement;
  const { key, value } = elementAt;
  const written = patterns.map((pattern) => writtenAs(text, statement, pattern));
  return [
    text.slice(at.offset, key.offset),
    statement.element === "Action" ? textAt(text, key) : '"Action"',
    text.slice(endOf(key), value.offset),
    writeList(written, text, elementAt),
    text.slice(endOf(value), endOf(at)),
  ].join("");
}

/** With its escapes, where it has any. */
function writtenAs(text: string, { patterns, elementAt }: Statement, pattern: string): string {
  const span = elementAt.patterns[patterns.indexOf(pattern)];
  return span === undefined ? JSON.stringify(pattern) : textAt(text, span);
}

/** One pattern in the place of a string stays a string; a list keeps its spaces and lines. */
function writeList(written: readonly string[], text: string, element: ElementSpans): string {
  if (!element.isList && written.length === 1) return written.join("");
  const { open, between, close } = element.isList ? spacesOfList(text, element) : spacesOfNewList(text, element.key);
  return `[${open}${written.join(`,${between}`)}${close}]`;
}

interface Spaces {
  readonly open: string;
  readonly between: string;
  readonly close: string;
}

function spacesOfList(text: string, { value, patterns }: ElementSpans): Spaces {
  // No list of actions is empty.
  const [first, last] = [patterns[0], patterns.at(-1)] as [Span, Span];
  const second = patterns[1];
  const open = text.slice(value.offset + 1, first.offset);
  const close = text.slice(endOf(last), endOf(value) - 1);
  if (second === undefined) return { open, between: open.includes("\n") ? open : spaceBetween(text), close };
  return { open, between: text.slice(endOf(first), second.offset).replace(/^\s*,/, ""), close };
}

/** Where the element begins a line, each pattern gets a line of its own, one step further in. */
function spacesOfNewList(text: string, key: Span): Spaces {
  const before = text.slice(0, key.offset);
  const line = before.lastIndexOf("\n");
  const indent = before.slice(line + 1);
  if (line < 0 || !/^[ \t]*$/.test(indent)) return { open: "", between: spaceBetween(text), close: "" };
  const close = `${before[line - 1] === "\r" ? "\r\n" : "\n"}${indent}`;
  const step = /\n([ \t]+)/.exec(text)?.[1] ?? "";
  return { open: close + step, between: close + step, close };
}

const spaceBetween = (text: string): string => (text.includes('": ') ? " " : "");
