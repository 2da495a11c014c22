import fc from "fast-check";
import { test } from "tap";
import type { Message, MessagePart } from "../../lib/core/message.ts";
import { cleanLine, cutNote, linesOf, longestBody } from "../../lib/notify/jira-text.ts";
import { formatWiki } from "../../lib/notify/jira-wiki.ts";
import { anyMessage } from "../support/jira-messages.ts";

const reference = "0123456789abcdef";
const last = `stalewatch reference ${reference}`;
const format = (...parts: readonly MessagePart[]) => formatWiki({ subject: "s", parts }, reference);

interface Case {
  readonly name: string;
  readonly part: MessagePart;
  readonly want: string;
}

const cases: readonly Case[] = [
  {
    name: "a text stands as it is",
    part: { kind: "text", text: "one\n\n*two*" },
    want: "{noformat}\none\n*two*\n{noformat}",
  },
  {
    name: "facts are lines",
    part: {
      kind: "facts",
      facts: [
        ["user", "ada"],
        ["note", ""],
      ],
    },
    want: "{noformat}\nuser: ada\nnote:\n{noformat}",
  },
  {
    name: "commands are lines, with the shell's braces as they are",
    part: { kind: "commands", lines: ["aws iam a", "echo $" + "{HOME} {a,b}"] },
    want: "{noformat}\naws iam a\necho $" + "{HOME} {a,b}\n{noformat}",
  },
  {
    name: "an end tag in a text ends nothing",
    part: { kind: "text", text: "a {noformat} [~admin]" },
    want: "{noformat}\na {\u200bnoformat} [~admin]\n{noformat}",
  },
  {
    name: "a link is its label",
    part: { kind: "link", label: "how to rotate", url: "https://example.com/a" },
    want: "[how to rotate|https://example.com/a]",
  },
  {
    name: "a link without a label is its address",
    part: { kind: "link", label: "~*", url: "https://example.com/a" },
    want: "[https://example.com/a]",
  },
  {
    name: "a label can't end the link, mention anybody or be a heading",
    part: { kind: "link", label: "h1. x]{panel}[~admin]", url: "https://example.com/a" },
    want: "[h1 x panel admin|https://example.com/a]",
  },
  {
    name: "an address can't end the link",
    part: { kind: "link", label: "x", url: "https://example.com/a|b]{c}!*'\u0001\t?q=[~a]" },
    want: "[x|https://example.com/a%7Cb%5D%7Bc%7D%21%2A%27%01?q=%5B~a%5D]",
  },
  {
    name: "what is no web address leads nowhere",
    part: { kind: "link", label: "click", url: "javascript:alert(1)" },
    want: "{noformat}\nclick: javascript:alert(1)\n{noformat}",
  },
];

for (const { name, part, want } of cases) {
  test(name, async (t) => t.equal(format(part), `${want}\n\n${last}`));
}

const empty: readonly MessagePart[] = [
  { kind: "text", text: "\n" },
  { kind: "facts", facts: [] },
  { kind: "commands", lines: [" "] },
];

test("what is empty is left out", async (t) => t.equal(format(...empty), last));

test("a message too long for Jira says so and keeps its reference", async (t) => {
  const long = { kind: "text", text: "a".repeat(5000) } as const;
  const text = format(...Array.from({ length: 9 }, () => long));
  t.ok(text.endsWith(`\n\n${cutNote}\n\n${last}`));
  t.equal(text.match(/a{3997}\.{3}/g)?.length, 8);
});

interface Tag {
  readonly name: string;
  readonly hasArguments: boolean;
  readonly end: number;
}

/** A macro's tag at a brace, as com.atlassian.renderer.v2.components.MacroTag reads it, but kinder to what it takes for one. */
function readTag(wiki: string, start: number): Tag | undefined {
  let name = "";
  let inArguments = false;
  let argument = "";
  for (let at = start + 1; at < wiki.length; at++) {
    const character = wiki[at] ?? "";
    if (character === "}") return { name: name.trim().toLowerCase(), hasArguments: argument !== "", end: at + 1 };
    if (character === "{") return undefined;
    if (character === "\n" || character === "\r" || character === "\\") continue;
    if (character === ":" && !inArguments) inArguments = true;
    else if (inArguments) argument += character;
    else name += character;
  }
  return undefined;
}

interface Reading {
  /** What is shown as it is. */
  readonly raw: readonly string[];
  /** What is rendered as markup. */
  readonly live: string;
}

/** As com.atlassian.renderer.v2.WikiMarkupParser does: a backslash hides the next character from the search for tags. */
function readWiki(wiki: string): Reading {
  const raw: string[] = [];
  let live = "";
  for (let at = 0; at < wiki.length; at++) {
    const tag = wiki[at] === "{" ? readTag(wiki, at) : undefined;
    const end = tag?.name === "noformat" ? findEnd(wiki, tag.end) : undefined;
    if (tag === undefined || end === undefined) {
      live += wiki[at] === "\\" ? wiki.slice(at, ++at + 1) : wiki[at];
      continue;
    }
    raw.push(wiki.slice(tag.end, end.start));
    at = end.end - 1;
  }
  return { raw, live };
}

function findEnd(wiki: string, from: number): { readonly start: number; readonly end: number } | undefined {
  for (let at = from; at < wiki.length; at++) {
    if (wiki[at] === "\\") at++;
    const tag = wiki[at] === "{" ? readTag(wiki, at) : undefined;
    if (tag?.name === "noformat" && !tag.hasArguments) return { start: at, end: tag.end };
  }
  return undefined;
}

const rawLines = (part: MessagePart): readonly string[] => {
  if (part.kind === "text") return linesOf(part.text);
  if (part.kind === "commands") return part.lines.flatMap(linesOf);
  return part.kind === "facts" ? part.facts.map(([label, value]) => cleanLine(`${label}: ${value}`)) : [];
};

const isOurs = (line: string): boolean =>
  line === "" || line === last || /^\[([\p{L}\p{N} ]+\|)?https?:\/\/[\w\-.~:/?#&=%@+,;]+\]$/u.test(line);

const check = (message: Message): boolean => {
  const wiki = formatWiki(message, reference);
  const { raw, live } = readWiki(wiki);
  const shown = raw.flatMap((body) => body.replaceAll("{\u200b", "{").split("\n"));
  const wanted = message.parts.flatMap(rawLines).map((line) => line.replaceAll("{\u200b", "{"));
  return live.split("\n").every(isOurs) && wanted.every((line) => shown.includes(line)) && wiki.length <= longestBody;
};

test("whatever a message holds, foreign text is shown as it is, and nothing of it is rendered", async () =>
  fc.assert(fc.property(anyMessage, check), { numRuns: 300 }));

test("the reader of this test sees a text break out where it could", async (t) =>
  t.strictSame(readWiki("{noformat}\na {no\\format} [~admin]\n{noformat}").live.includes("[~admin]"), true));
