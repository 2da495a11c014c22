import { test } from "tap";
import type { Message } from "../../lib/core/message.ts";
import { formatMailSubject, formatMailText } from "../../lib/notify/mail-text.ts";
import { hostileTexts } from "../support/hostile-texts.ts";

const message: Message = {
  subject: "two instances",
  parts: [
    { kind: "text", text: "First line.\nSecond line." },
    {
      kind: "facts",
      facts: [
        ["Account", "acme"],
        ["Owner\n", "ada\r\nBcc: eve@evil.example"],
      ],
    },
    { kind: "commands", lines: ["aws sts get-caller-identity", "aws ec2 help"] },
    { kind: "link", label: "OPS-17", url: "https://jira.example.com/OPS-17" },
  ],
};

test("each part stands by itself, the reference at the end", async (t) =>
  t.equal(
    formatMailText(message, "0123456789abcdef"),
    [
      "First line.\nSecond line.",
      "Account: acme\nOwner\ufffd: ada\ufffd\ufffdBcc: eve@evil.example",
      "aws sts get-caller-identity\naws ec2 help",
      "OPS-17: https://jira.example.com/OPS-17",
      "stalewatch ref 0123456789abcdef\n",
    ].join("\n\n"),
  ));

test("a subject is one line of letters that can be seen", async (t) => {
  for (const [at, subject] of hostileTexts.entries()) {
    const shown = formatMailSubject({ subject, parts: [] });
    t.notMatch(shown, /[\p{Cc}\p{Cs}\u2028\u202e\u2067]/u, `text ${at}`);
    t.ok(shown.trim() !== "" && [...shown].length <= 200, `text ${at}`);
  }
});

const lengths = [
  { name: "200 letters are a subject", length: 200, want: "😀".repeat(200) },
  { name: "of 201 the last is left out", length: 201, want: `${"😀".repeat(199)}…` },
];

for (const { name, length, want } of lengths)
  test(name, async (t) => t.equal(formatMailSubject({ subject: "😀".repeat(length), parts: [] }), want));
