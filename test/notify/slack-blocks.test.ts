import fc from "fast-check";
import { test } from "tap";
import type { Message, MessagePart } from "../../lib/core/message.ts";
import { formatReference, formatSlackMessage, type SlackBlock } from "../../lib/notify/slack-blocks.ts";
import { refuseBlocks } from "../support/fake-slack-rules.ts";
import { hostileTexts } from "../support/hostile-texts.ts";

const reference = "0123456789abcdef";
const format = (parts: readonly MessagePart[], subject = "subject") =>
  formatSlackMessage({ subject, parts }, reference);

/** What stands between the header and the reference. */
const body = (parts: readonly MessagePart[]): readonly SlackBlock[] => format(parts).blocks.slice(1, -1);

const plain = (text: string) => ({ type: "plain_text", text, emoji: false });
const section = (text: object) => ({ type: "section", text });
const markup = (text: string) => section({ type: "mrkdwn", text, verbatim: true });

const cases: readonly { readonly name: string; readonly part: MessagePart; readonly want: readonly object[] }[] = [
  {
    name: "text is plain",
    part: { kind: "text", text: "*not bold*\n<!channel> & co" },
    want: [section(plain("*not bold*\n&lt;!channel&gt; &amp; co"))],
  },
  {
    name: "facts stand side by side",
    part: {
      kind: "facts",
      facts: [
        ["User", "ada"],
        ["Age", "200 days"],
      ],
    },
    want: [{ type: "section", fields: [plain("User\nada"), plain("Age\n200 days")] }],
  },
  { name: "no facts are no block", part: { kind: "facts", facts: [] }, want: [] },
  {
    name: "a fact that is missing is a dash",
    part: { kind: "facts", facts: [["Ticket", ""]] },
    want: [{ type: "section", fields: [plain("Ticket\n-")] }],
  },
  {
    name: "a fact is one line, whatever it holds",
    part: { kind: "facts", facts: [["User", "ada\nAdmin\nyes"]] },
    want: [{ type: "section", fields: [plain("User\nada�Admin�yes")] }],
  },
  {
    name: "commands stand in one fence, to be copied",
    part: { kind: "commands", lines: ["aws iam x --query 'a<b && c'", "aws iam y"] },
    want: [markup("```\naws iam x --query 'a&lt;b &amp;&amp; c'\naws iam y\n```")],
  },
  { name: "no commands are no block", part: { kind: "commands", lines: [] }, want: [] },
  {
    name: "a command is one line, whatever it holds",
    part: { kind: "commands", lines: ["echo a\nrm -rf /"] },
    want: [markup("```\necho a�rm -rf /\n```")],
  },
  {
    name: "commands with a fence of their own stand without one",
    part: { kind: "commands", lines: ["echo ```", "echo b"] },
    want: [section(plain("echo ```\necho b"))],
  },
  {
    name: "a link has its label",
    part: { kind: "link", label: "OPS-17", url: "https://jira.example.com/browse/OPS-17?a=1&b=2" },
    want: [markup("<https://jira.example.com/browse/OPS-17?a=1&amp;b=2|OPS-17>")],
  },
  {
    name: "a label can't end its link",
    part: { kind: "link", label: "a|b> <!channel>", url: "http://example.com" },
    want: [markup("<http://example.com/|a|b&gt; &lt;!channel&gt;>")],
  },
  {
    name: "an address can't end its link",
    part: { kind: "link", label: "x", url: "https://example.com/a|b>c<d`e?f|g`h#i|j>" },
    want: [markup("<https://example.com/a%7Cb%3Ec%3Cd%60e?f%7Cg%60h#i%7Cj%3E|x>")],
  },
  ...[
    "javascript:alert(1)",
    "!channel",
    "@U0ADA",
    "mailto:a@b.c",
    "https://",
    "//example.com",
    "https://jira.example.com@evil.example/",
  ].map((url) => ({
    ...{ name: `${url} is no address to follow`, part: { kind: "link", label: "x", url } as const },
    want: [section(plain(`x: ${url}`))],
  })),
  {
    name: "an address that is too long to be followed is text",
    part: { kind: "link", label: "x", url: `https://example.com/${"a".repeat(3000)}` },
    want: [section(plain(`x: https://example.com/${"a".repeat(2976)}…`))],
  },
];

for (const { name, part, want } of cases) test(name, async (t) => t.strictSame(body([part]), want));

test("the subject is the header and what a notification shows; the reference is the last line", async (t) => {
  t.strictSame(format([], "key <K9XYZ> is old"), {
    text: "key &lt;K9XYZ&gt; is old",
    blocks: [
      { type: "header", text: plain("key &lt;K9XYZ&gt; is old") },
      { type: "context", elements: [plain("stalewatch ref 0123456789abcdef")] },
    ],
  });
  t.equal(formatReference(reference), "stalewatch ref 0123456789abcdef");
});

const headerOf = (subject: string): string => JSON.stringify(format([], subject).blocks[0]);

test("a subject is cut where Slack's header ends", async (t) => {
  t.match(headerOf("x".repeat(150)), `"${"x".repeat(150)}"`);
  t.match(headerOf("x".repeat(151)), `"${"x".repeat(149)}…"`);
});

test("ten facts go together", async (t) => {
  const facts = Array.from({ length: 21 }, (_, at) => [`${at}`, "x"] as const);
  const sizes = body([{ kind: "facts", facts }]).map((block) => ("fields" in block ? block.fields.length : 0));
  t.strictSame(sizes, [10, 10, 1]);
});

/** What a reader copies out of the fences. */
const copied = (blocks: readonly SlackBlock[]): string =>
  blocks
    .map((block) => ("text" in block ? block.text.text : ""))
    .map((text) => text.replace(/^```\n/, "").replace(/\n```$/, ""))
    .join("\n");

test("commands go over several blocks and are never cut", async (t) => {
  const commands = Array.from({ length: 40 }, (_, at) => `aws iam command-${at} ${"x".repeat(300)}`);
  const blocks = body([{ kind: "commands", lines: commands }]);
  t.equal(blocks.length, 5);
  t.equal(copied(blocks), commands.join("\n"));
});

test("a chunk is as long as Slack takes", async (t) => {
  const fitting = ["x".repeat(1000), "y".repeat(1991)];
  t.equal(body([{ kind: "commands", lines: fitting }]).length, 1);
  t.equal(body([{ kind: "commands", lines: [...fitting.slice(0, 1), "y".repeat(1992)] }]).length, 2);
});

test("a command that no block can hold is broken, not cut", async (t) => {
  const blocks = body([{ kind: "commands", lines: ["x".repeat(7000)] }]);
  t.equal(copied(blocks).replaceAll("\n", ""), "x".repeat(7000));
});

test("what is more than Slack takes is left out, and said so", async (t) => {
  const parts = (count: number): MessagePart[] =>
    Array.from({ length: count }, (_, at) => ({ kind: "text", text: `part ${at}` }));
  t.equal(body(parts(48)).length, 48);
  t.strictSame(body(parts(48)).at(-1), section(plain("part 47")));
  const many = body(parts(60));
  t.equal(many.length, 48);
  t.strictSame(many.at(-1), section(plain("… 13 more parts left out")));
});

const foreign = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({
    unit: fc.oneof(fc.constantFrom("<", ">", "&", "|", "`", "!", "@", "#", "\n", "\u202e", "😀"), fc.string()),
  }),
);
const anyPart: fc.Arbitrary<MessagePart> = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), text: foreign }),
  fc.record({ kind: fc.constant("facts" as const), facts: fc.array(fc.tuple(foreign, foreign), { maxLength: 12 }) }),
  fc.record({ kind: fc.constant("commands" as const), lines: fc.array(foreign, { maxLength: 6 }) }),
  fc.record({
    ...{ kind: fc.constant("link" as const), label: foreign },
    url: fc.oneof(
      foreign,
      foreign.map((path) => `https://example.com/${path}`),
      fc.webUrl(),
    ),
  }),
);
const anyMessage: fc.Arbitrary<Message> = fc.record({ subject: foreign, parts: fc.array(anyPart, { maxLength: 8 }) });

interface AnyText {
  readonly type: string;
  readonly text: string;
  readonly verbatim?: boolean;
}

const textsOf = (blocks: readonly SlackBlock[]): readonly AnyText[] =>
  blocks.flatMap((block): readonly AnyText[] => {
    if (block.type === "context") return block.elements;
    return "fields" in block ? block.fields : [block.text];
  });

/** All that is left of Slack's control characters is our own: links to the web. */
const holdsNoMarkup = (text: string): boolean => /^([^&<>]|&(amp|lt|gt);)*$/.test(text);
const isOwnLink = (text: string): boolean =>
  /^<https?:\/\/([^&<>|`\s]|&(amp|lt|gt);)+\|([^&<>]|&(amp|lt|gt);)+>$/.test(text);
const isOwnFence = (text: string): boolean => holdsNoMarkup(text) && /^```\n((?!```)[\s\S])*\n```$/.test(text);

test("no text, whatever it holds, becomes a mention, a link or a call, or breaks out of its place", async (t) => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const { text, blocks } = formatSlackMessage(message, reference);
      return (
        holdsNoMarkup(text) &&
        textsOf(blocks).every((one) =>
          one.type === "plain_text"
            ? holdsNoMarkup(one.text)
            : one.verbatim === true && (isOwnLink(one.text) || isOwnFence(one.text)),
        )
      );
    }),
    { numRuns: 300 },
  );
  t.pass();
});

test("Slack takes every message", async (t) => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const { text, blocks } = formatSlackMessage(message, reference);
      return text.trim() !== "" && refuseBlocks(blocks).length === 0;
    }),
    { numRuns: 300 },
  );
  t.pass();
});

test("nothing that can't be seen is shown", async (t) => {
  fc.assert(
    fc.property(anyMessage, (message) =>
      textsOf(formatSlackMessage(message, reference).blocks).every(
        ({ text }) => !/[\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(text) && !/\p{Cc}/u.test(text.replaceAll("\n", "")),
      ),
    ),
  );
  t.pass();
});
