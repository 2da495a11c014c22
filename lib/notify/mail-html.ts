import type { Message, MessagePart } from "../core/message.ts";
import { webAddress } from "./jira-text.ts";
import { formatMailSubject, formatReference } from "./mail-text.ts";
import { showLine, showLines } from "./slack-text.ts";

/** The same as HTML that loads nothing from anywhere: no images, no styles but its own, no scripts. */
export function formatMailHtml(message: Message, reference: string): string {
  const subject = escapeHtml(formatMailSubject(message));
  return [
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
    `<title>${subject}</title></head>`,
    '<body style="font-family:sans-serif;font-size:14px;line-height:1.4">',
    `<h1 style="font-size:18px">${subject}</h1>`,
    ...message.parts.map(formatPart),
    `<p style="color:#767676;font-size:12px">${escapeHtml(formatReference(reference))}</p>`,
    "</body></html>\n",
  ].join("\n");
}

function formatPart(part: MessagePart): string {
  switch (part.kind) {
    case "text":
      return `<p>${escapeHtml(showLines(part.text)).replaceAll("\n", "<br>\n")}</p>`;
    case "facts":
      return `<table style="border-collapse:collapse">\n${part.facts.map(formatFact).join("\n")}\n</table>`;
    case "commands":
      return `<pre style="font-size:13px">${part.lines.map((line) => escapeHtml(showLine(line))).join("\n")}</pre>`;
    case "link":
      return `<p>${formatLink(part.label, part.url)}</p>`;
  }
}

const cell = "padding:2px 12px 2px 0;text-align:left;vertical-align:top";

const formatFact = ([label, value]: readonly [string, string]): string =>
  `<tr><th style="${cell}">${escapeHtml(showLine(label))}</th><td style="${cell}">${escapeHtml(showLine(value))}</td></tr>`;

function formatLink(label: string, url: string): string {
  const address = webAddress(url);
  const shown = escapeHtml(showLine(label));
  return address === undefined
    ? `${shown}: ${escapeHtml(showLine(url))}`
    : `<a href="${escapeHtml(address)}">${shown}</a>: ${escapeHtml(address)}`;
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (letter) => `${escapes[letter]}`);
