import type { Message, MessagePart } from "../core/message.ts";
import { fitEscaped, showLine, showLines, splitEscaped } from "./slack-text.ts";

interface PlainText {
  readonly type: "plain_text";
  readonly text: string;
  readonly emoji: false;
}

/** Verbatim: Slack makes neither mentions nor links of what only looks like them. */
interface Markup {
  readonly type: "mrkdwn";
  readonly text: string;
  readonly verbatim: true;
}

export type SlackBlock =
  | { readonly type: "header"; readonly text: PlainText }
  | { readonly type: "section"; readonly text: PlainText | Markup }
  | { readonly type: "section"; readonly fields: PlainText[] }
  | { readonly type: "context"; readonly elements: PlainText[] };

export interface SlackMessage {
  /** What a notification shows, and what a screen reader reads. */
  readonly text: string;
  readonly blocks: SlackBlock[];
}

/** https://docs.slack.dev/reference/block-kit/blocks, in characters; UTF-16 units are never fewer. */
const limits = { header: 150, text: 3000, field: 2000, fields: 10, blocks: 50 } as const;

const fence = "```";
const commandsLimit = limits.text - 2 * (fence.length + 1);

/** Foreign text stands only where Slack parses none, or escaped: no name can mention, link or call anyone. */
export function formatSlackMessage({ subject, parts }: Message, reference: string): SlackMessage {
  const line = showLine(subject);
  return {
    text: fitEscaped(line, limits.text),
    blocks: [
      { type: "header", text: plain(line, limits.header) },
      ...keepWithin(limits.blocks - 2, parts.flatMap(formatPart)),
      { type: "context", elements: [plain(formatReference(reference), limits.text)] },
    ],
  };
}

/** The line under a message by which it is found again. */
export const formatReference = (reference: string): string => `stalewatch ref ${reference}`;

function formatPart(part: MessagePart): readonly SlackBlock[] {
  switch (part.kind) {
    case "text":
      return [section(plain(showLines(part.text)))];
    case "facts":
      return inGroups(part.facts.map(formatFact), limits.fields).map((fields) => ({ type: "section", fields }));
    case "commands":
      return joinLines(part.lines.map(showLine)).map((chunk) => section(formatCommands(chunk)));
    case "link":
      return [section(formatLink(part.label, part.url))];
  }
}

const section = (text: PlainText | Markup): SlackBlock => ({ type: "section", text });

const plain = (text: string, limit: number = limits.text): PlainText => ({
  type: "plain_text",
  text: fitEscaped(text, limit),
  emoji: false,
});

const markup = (text: string): Markup => ({ type: "mrkdwn", text, verbatim: true });

const formatFact = ([label, value]: readonly [string, string]): PlainText =>
  plain(`${showLine(label)}\n${showLine(value)}`, limits.field);

function inGroups<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size));
}

/** Escaped lines in as few chunks as hold them whole; only a line that no chunk can hold is broken. */
function joinLines(lines: readonly string[]): readonly string[] {
  const chunks: string[] = [];
  for (const line of lines.flatMap((whole) => splitEscaped(whole, commandsLimit))) {
    const chunk = chunks.pop();
    if (chunk === undefined) chunks.push(line);
    else if (chunk.length + 1 + line.length <= commandsLimit) chunks.push(`${chunk}\n${line}`);
    else chunks.push(chunk, line);
  }
  return chunks;
}

/** What holds a fence of its own would break out of ours. */
const formatCommands = (escaped: string): PlainText | Markup =>
  escaped.includes(fence)
    ? { type: "plain_text", text: escaped, emoji: false }
    : markup(`${fence}\n${escaped}\n${fence}`);

const labelLimit = 250;

function formatLink(label: string, url: string): PlainText | Markup {
  const address = safeAddress(url);
  const [escaped = "", ...rest] = address === undefined ? [] : splitEscaped(address, limits.text - labelLimit - 3);
  if (escaped === "" || rest.length > 0) return plain(`${showLine(label)}: ${showLine(url)}`);
  return markup(`<${escaped}|${fitEscaped(showLine(label), labelLimit)}>`);
}

/** Of the web, without a user name that poses as the host, and without what ends an address in Slack's markup. */
function safeAddress(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const { href, username, password } = new URL(url);
  if (username !== "" || password !== "") return undefined;
  return href.replace(/[|`<>]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

function keepWithin(limit: number, blocks: readonly SlackBlock[]): readonly SlackBlock[] {
  if (blocks.length <= limit) return blocks;
  const kept = blocks.slice(0, limit - 1);
  return [...kept, section(plain(`… ${blocks.length - kept.length} more parts left out`))];
}
