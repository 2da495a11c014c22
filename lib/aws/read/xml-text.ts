import { UnreadableXml } from "./unreadable-xml.ts";

/** What a document means by its character data. */
export const decodeText = (text: string): string =>
  text.includes("&") ? unifyLines(text).replace(reference, readReference) : unifyLines(text);

/** A line's end is one character, whatever the document has (XML 1.0, 2.11); one that is written as a reference stays. */
export const unifyLines = (text: string): string => (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text);

/** Every `&`, so that one which begins no reference is seen. */
const reference = /&(?:(amp|lt|gt|quot|apos)|#x([\da-fA-F]{1,6})|#(\d{1,7}));|&/g;

function readReference(all: string, entity?: string, hex?: string, decimal?: string): string {
  if (entity !== undefined) return entities.get(entity) ?? all;
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  if (!(code <= 0x10ffff)) throw new UnreadableXml(`it has the reference "${all}"`);
  return String.fromCodePoint(code);
}

const entities: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);
