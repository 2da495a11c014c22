import type { Message, MessagePart } from "../core/message.ts";
import { cleanLine, clip, cutNote, fitBlocks, formatReference, linesOf, webAddress } from "./jira-text.ts";

/** A node of the Atlassian Document Format: text stands in `text` and can't become anything else. */
export interface DocumentNode {
  readonly type: string;
  readonly text?: string;
  readonly content?: readonly DocumentNode[];
  readonly attrs?: Readonly<Record<string, string>>;
  readonly marks?: readonly DocumentMark[];
}

export interface DocumentMark {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, string>>;
}

export interface JiraDocument {
  readonly type: "doc";
  readonly version: 1;
  readonly content: readonly DocumentNode[];
}

/** A message for Jira Cloud's API 3, ending with the reference of the intent that sends it. */
export function formatDocument({ parts }: Message, reference: string): JiraDocument {
  const content = fitBlocks(parts.flatMap(formatPart), {
    sizeOf: (block) => JSON.stringify(block).length + 1,
    note: paragraph(text(cutNote)),
    last: paragraph(text(formatReference(reference))),
  });
  return { type: "doc", version: 1, content };
}

function formatPart(part: MessagePart): readonly DocumentNode[] {
  switch (part.kind) {
    case "text":
      return linesOf(part.text).map((line) => paragraph(text(clip(line, longestLine))));
    case "facts":
      return part.facts.length === 0 ? [] : [{ type: "bulletList", content: part.facts.map(formatFact) }];
    case "commands":
      return formatCommands(part.lines.flatMap(linesOf));
    case "link":
      return [formatLink(cleanLine(part.label), part.url)];
  }
}

/** So long a line is no sentence, and leaves room for the rest. */
const longestLine = 4000;

function formatFact([label, value]: readonly [string, string]): DocumentNode {
  const shown = clip(cleanLine(value), longestLine);
  const name = text(`${clip(cleanLine(label), 255)}:`, { type: "strong" });
  return { type: "listItem", content: [paragraph(name, ...(shown === "" ? [] : [text(` ${shown}`)]))] };
}

const formatCommands = (lines: readonly string[]): readonly DocumentNode[] =>
  lines.length === 0 ? [] : [{ type: "codeBlock", attrs: { language: "shell" }, content: [text(lines.join("\n"))] }];

function formatLink(label: string, url: string): DocumentNode {
  const href = webAddress(url);
  if (href === undefined) return paragraph(text(clip(`${label}: ${cleanLine(url)}`, longestLine)));
  return paragraph(text(clip(label || href, longestLine), { type: "link", attrs: { href } }));
}

const paragraph = (...content: readonly DocumentNode[]): DocumentNode => ({ type: "paragraph", content });

const text = (shown: string, ...marks: readonly DocumentMark[]): DocumentNode =>
  marks.length === 0 ? { type: "text", text: shown } : { type: "text", text: shown, marks };
