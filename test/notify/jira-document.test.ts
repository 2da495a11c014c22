import fc from "fast-check";
import { test } from "tap";
import type { Message, MessagePart } from "../../lib/core/message.ts";
import { type DocumentNode, formatDocument } from "../../lib/notify/jira-document.ts";
import { cutNote, linesOf, longestBody } from "../../lib/notify/jira-text.ts";
import { wrongInDocument } from "../support/fake-jira-description.ts";
import { anyMessage } from "../support/jira-messages.ts";

const reference = "0123456789abcdef";
const text = (shown: string) => ({ type: "text", text: shown });
const paragraph = (...content: readonly object[]) => ({ type: "paragraph", content });
const last = paragraph(text(`stalewatch reference ${reference}`));

const format = (...parts: readonly MessagePart[]) => formatDocument({ subject: "s", parts }, reference);

interface Case {
  readonly name: string;
  readonly part: MessagePart;
  readonly want: readonly object[];
}

const cases: readonly Case[] = [
  {
    name: "each line of a text is a paragraph",
    part: { kind: "text", text: "one\n\ntwo" },
    want: [paragraph(text("one")), paragraph(text("two"))],
  },
  { name: "a blank text is nothing", part: { kind: "text", text: " \n" }, want: [] },
  {
    name: "a line of more than 4,000 characters is cut",
    part: { kind: "text", text: "a".repeat(4001) },
    want: [paragraph(text(`${"a".repeat(3997)}...`))],
  },
  {
    name: "facts are a list with their labels in bold",
    part: {
      kind: "facts",
      facts: [
        ["user", "ada\nlovelace"],
        ["note", ""],
      ],
    },
    want: [
      {
        type: "bulletList",
        content: [
          {
            type: "listItem",
            content: [paragraph({ ...text("user:"), marks: [{ type: "strong" }] }, text(" ada lovelace"))],
          },
          { type: "listItem", content: [paragraph({ ...text("note:"), marks: [{ type: "strong" }] })] },
        ],
      },
    ],
  },
  { name: "no facts are no list", part: { kind: "facts", facts: [] }, want: [] },
  {
    name: "commands are one block to copy",
    part: { kind: "commands", lines: ["aws iam a", "aws iam b"] },
    want: [{ type: "codeBlock", attrs: { language: "shell" }, content: [text("aws iam a\naws iam b")] }],
  },
  { name: "no commands are no block", part: { kind: "commands", lines: [""] }, want: [] },
  {
    name: "a link is its label",
    part: { kind: "link", label: "how to\nrotate", url: "https://example.com/a" },
    want: [
      paragraph({ ...text("how to rotate"), marks: [{ type: "link", attrs: { href: "https://example.com/a" } }] }),
    ],
  },
  {
    name: "a link without a label is its address",
    part: { kind: "link", label: "", url: "https://example.com/a" },
    want: [
      paragraph({
        ...text("https://example.com/a"),
        marks: [{ type: "link", attrs: { href: "https://example.com/a" } }],
      }),
    ],
  },
  {
    name: "what is no web address leads nowhere",
    part: { kind: "link", label: "click", url: "javascript:alert(1)" },
    want: [paragraph(text("click: javascript:alert(1)"))],
  },
  {
    name: "markup of wikis means nothing",
    part: { kind: "text", text: "[~admin] {panel} @all" },
    want: [paragraph(text("[~admin] {panel} @all"))],
  },
];

for (const { name, part, want } of cases) {
  test(name, async (t) => {
    const document = format(part);
    t.strictSame(document, { type: "doc", version: 1, content: [...want, last] });
    t.strictSame(wrongInDocument(document), []);
  });
}

test("a message too long for Jira says so and keeps its reference", async (t) => {
  const long = { kind: "text", text: "a".repeat(3900) } as const;
  const { content } = format(...Array.from({ length: 12 }, () => long));
  t.strictSame(content.slice(-2), [paragraph(text(cutNote)), last]);
  t.equal(content.length, 8 + 2);
});

const allText = (nodes: readonly DocumentNode[]): readonly string[] =>
  nodes.flatMap(({ text: shown, content = [] }) => [...(shown === undefined ? [] : [shown]), ...allText(content)]);

const typesIn = (nodes: readonly DocumentNode[]): readonly string[] =>
  nodes.flatMap(({ type, content = [], marks = [] }) => [type, ...marks.map((mark) => mark.type), ...typesIn(content)]);

const ours = ["paragraph", "text", "bulletList", "listItem", "codeBlock", "strong", "link"];

const check = (message: Message): boolean => {
  const document = formatDocument(message, reference);
  const shown = allText(document.content).join("\n");
  const texts = message.parts.flatMap((part) => (part.kind === "text" ? linesOf(part.text) : []));
  return (
    wrongInDocument(document).length === 0 &&
    typesIn(document.content).every((type) => ours.includes(type)) &&
    texts.every((line) => shown.includes(line)) &&
    JSON.stringify(document).length <= longestBody
  );
};

test("whatever a message holds, its document is Jira's, shows its texts, and holds no other node", async () =>
  fc.assert(fc.property(anyMessage, check)));
