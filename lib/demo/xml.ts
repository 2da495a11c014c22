import { formatInstant } from "../core/time.ts";
import { isEncodedXml, xmlOf } from "./encoded-xml.ts";
import type { AnswerValue } from "./operation.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "\r": "&#xD;",
};

export const escapeXml = (text: string): string => text.replace(/[&<>"'\r]/g, (found) => escapes[found] ?? found);

export function encodeElement(name: string, value: AnswerValue): string {
  if (value === undefined) return "";
  return `<${name}>${encodeContent(value)}</${name}>`;
}

export function encodeMembers(members: { readonly [member: string]: AnswerValue }): string {
  let text = "";
  for (const name in members) text += encodeElement(name, members[name]);
  return text;
}

function encodeContent(value: Exclude<AnswerValue, undefined>): string {
  if (typeof value === "string") return escapeXml(value);
  if (typeof value !== "object") return String(value);
  if (value instanceof Date) return formatInstant(value.getTime());
  if (isEncodedXml(value)) return xmlOf(value);
  if (isList(value)) return value.map((item) => encodeElement("member", item)).join("");
  return encodeMembers(value);
}

const isList = (value: object): value is readonly AnswerValue[] => Array.isArray(value);
