import type { Message, MessagePart } from "../core/message.ts";
import { cleanLine, clip, cutNote, fitBlocks, formatReference, linesOf, webAddress } from "./jira-text.ts";

/**
 * A message for Jira Server's and Data Center's API 2, which render descriptions and comments as wiki markup: what may be
 * foreign stands in `{noformat}`, where only `{noformat}` itself means anything. It reads well unrendered, too.
 */
export function formatWiki({ parts }: Message, reference: string): string {
  const blocks = fitBlocks(parts.flatMap(formatPart), {
    sizeOf: (block) => block.length + blockBreak.length,
    note: cutNote,
    last: formatReference(reference),
  });
  return blocks.join(blockBreak);
}

const blockBreak = "\n\n";

function formatPart(part: MessagePart): readonly string[] {
  switch (part.kind) {
    case "text":
      return noformat(linesOf(part.text));
    case "facts":
      return noformat(part.facts.map(([label, value]) => cleanLine(`${label}: ${value}`)));
    case "commands":
      return noformat(part.lines.flatMap(linesOf));
    case "link":
      return formatLink(part.label, part.url);
  }
}

function noformat(lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const body = lines.map((line) => clip(line, longestLine).replace(endTag, "$&\u200b")).join("\n");
  return [`{noformat}\n${body}\n{noformat}`];
}

const longestLine = 4000;

/**
 * A brace that begins an end tag, for the renderer's own reading of one (com.atlassian.renderer.v2.components.MacroTag):
 * it leaves out backslashes, and spaces where it trims. The zero-width space behind the brace gives the tag another name.
 */
const endTag = /\{(?=[\s\\]*n[\s\\]*o[\s\\]*f[\s\\]*o[\s\\]*r[\s\\]*m[\s\\]*a[\s\\]*t)/gi;

function formatLink(label: string, url: string): readonly string[] {
  const href = webAddress(url);
  if (href === undefined) return noformat([cleanLine(`${label}: ${url}`)]);
  const target = encodeForLink(href);
  const words = clip(plainWords(label), 255);
  return [words === "" ? `[${target}]` : `[${words}|${target}]`];
}

/** Only letters, digits and spaces: a label is rendered as markup. */
const plainWords = (label: string): string => cleanLine(label.replace(/[^\p{L}\p{N} ]+/gu, " "));

/** What could end the link or begin another markup in it is percent-encoded. */
const encodeForLink = (href: string): string =>
  href.replace(
    /[^\w\-.~:/?#&=%@+,;]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
