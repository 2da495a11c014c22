import type { Message, MessagePart } from "../core/message.ts";
import { showLine, showLines } from "./slack-text.ts";

/** A message as plain text, ending with the reference of the intent that sends it. */
export const formatMailText = ({ parts }: Message, reference: string): string =>
  `${[...parts.map(formatPart), formatReference(reference)].join("\n\n")}\n`;

export const formatReference = (reference: string): string => `stalewatch ref ${reference}`;

function formatPart(part: MessagePart): string {
  switch (part.kind) {
    case "text":
      return showLines(part.text);
    case "facts":
      return part.facts.map(([label, value]) => `${showLine(label)}: ${showLine(value)}`).join("\n");
    case "commands":
      return part.lines.map(showLine).join("\n");
    case "link":
      return `${showLine(part.label)}: ${showLine(part.url)}`;
  }
}

/** Mail servers take headers of any length, people don't. */
const longestSubject = 200;

/** One line; nothing in it can begin another header. */
export function formatMailSubject({ subject }: Message): string {
  const letters = [...showLine(subject)];
  return letters.length <= longestSubject ? letters.join("") : `${letters.slice(0, longestSubject - 1).join("")}…`;
}
