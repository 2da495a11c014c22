import { isEncodedXml, xmlOf } from "../encoded-xml.ts";
import type { Answer, AnswerValue } from "../operation.ts";
import { escapeXml } from "../xml.ts";

/** As EC2 prints it: a line for each element, four spaces a level, an empty one closed in itself. */
export const encodeEc2Members = (answer: Answer): string => encodeMembers(answer, "\n    ");

function encodeMembers(members: Answer, indent: string): string {
  let text = "";
  for (const name in members) text += encodeElement(name, members[name], indent);
  return text;
}

function encodeElement(name: string, value: AnswerValue, indent: string): string {
  if (value === undefined) return "";
  const content = encodeContent(value, indent);
  if (content === "") return `${indent}<${name}/>`;
  return typeof value === "object" && !(value instanceof Date)
    ? `${indent}<${name}>${content}${indent}</${name}>`
    : `${indent}<${name}>${content}</${name}>`;
}

function encodeContent(value: Exclude<AnswerValue, undefined>, indent: string): string {
  if (typeof value === "string") return escapeXml(value);
  if (typeof value !== "object") return String(value);
  if (value instanceof Date) return value.toISOString();
  if (isEncodedXml(value)) return xmlOf(value);
  const deeper = `${indent}    `;
  if (isList(value)) return encodeItems(value, deeper);
  return encodeMembers(value, deeper);
}

function encodeItems(items: readonly AnswerValue[], indent: string): string {
  let text = "";
  for (const item of items) text += encodeElement("item", item, indent);
  return text;
}

const isList = (value: object): value is readonly AnswerValue[] => Array.isArray(value);
