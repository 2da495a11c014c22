import fc from "fast-check";
import { test } from "tap";
import {
  cleanLine,
  cleanText,
  clip,
  fitBlocks,
  formatSummary,
  hideSecrets,
  linesOf,
  longestBody,
  webAddress,
} from "../../lib/notify/jira-text.ts";
import { anyCharacter } from "../support/any-character.ts";

const cleaned = [
  { name: "plain text stays", text: "ada's key, 東京 😀", want: "ada's key, 東京 😀" },
  { name: "every newline is one newline", text: "a\r\nb\rc\u2028d\u2029e\u0085f\ng", want: "a\nb\nc\nd\ne\nf\ng" },
  { name: "a tab is a space", text: "a\tb", want: "a b" },
  { name: "control characters go", text: "a\0b\u001b[31mc\u007fd\u009be", want: "ab[31mcde" },
  { name: "what turns the reading direction goes", text: "a\u202eb\u2066c\u2069d", want: "abcd" },
  { name: "what XML can't hold goes", text: "a\ufffeb\uffffc", want: "abc" },
  { name: "half a character becomes a whole one", text: "a\ud800b\udc00", want: "a\ufffdb\ufffd" },
] as const;

for (const { name, text, want } of cleaned) {
  test(name, async (t) => t.equal(cleanText(text), want));
}

test("a line has no newline and no double space", async (t) =>
  t.equal(cleanLine(" one\n two \t three\u2028"), "one two three"));

test("blank lines are none, and indentation stays", async (t) =>
  t.strictSame(linesOf("a\n\n  b  \n \t\nc"), ["a", "  b", "c"]));

const clipped = [
  { name: "at its limit a text stays", text: "abcdef", longest: 6, want: "abcdef" },
  { name: "over its limit it ends in dots", text: "abcdefg", longest: 6, want: "abc..." },
  { name: "a character of two units is not cut in two", text: "ab😀defg", longest: 6, want: "ab..." },
  { name: "a character of two units that fits stays", text: "a😀defg", longest: 6, want: "a😀..." },
] as const;

for (const { name, text, longest, want } of clipped) {
  test(name, async (t) => t.equal(clip(text, longest), want));
}

const summaries = [
  { name: "a summary is one line", subject: "Rotate\nthe key", want: "Rotate the key" },
  { name: "255 characters are a summary", subject: "a".repeat(255), want: "a".repeat(255) },
  { name: "256 are not", subject: "a".repeat(256), want: `${"a".repeat(252)}...` },
  { name: "a summary is never empty", subject: " \n\0", want: "(no subject)" },
] as const;

for (const { name, subject, want } of summaries) {
  test(name, async (t) => t.equal(formatSummary(subject), want));
}

/** Blocks of so many characters; the note is -1, the last 10. */
const fit = (...sizes: readonly number[]) =>
  fitBlocks(sizes, { sizeOf: (size) => (size === -1 ? 5 : size), note: -1, last: 10 });

const room = longestBody - 100;

const fitted = [
  { name: "what fits stays", sizes: [1, 2], want: [1, 2, 10] },
  { name: "a body full to the last character stays", sizes: [100, room - 110], want: [100, room - 110, 10] },
  { name: "one more and the rest gives way to the note", sizes: [100, room - 109, 1], want: [100, -1, 10] },
  { name: "no block but the last may be left", sizes: [room], want: [-1, 10] },
  { name: "what stands before the note leaves room for it", sizes: [room - 15, 6], want: [room - 15, -1, 10] },
  { name: "or gives way, too", sizes: [room - 14, 6], want: [-1, 10] },
] as const;

for (const { name, sizes, want } of fitted) {
  test(name, async (t) => t.strictSame(fit(...sizes), want));
}

const addresses = [
  { name: "https is followed", url: "https://example.com/a b", want: "https://example.com/a%20b" },
  { name: "http is followed", url: "HTTP://example.com", want: "http://example.com/" },
  { name: "a script is not", url: "javascript:alert(1)", want: undefined },
  { name: "a file is not", url: "file:///etc/passwd", want: undefined },
  { name: "a path is not", url: "/browse/OPS-1", want: undefined },
  { name: "a name of a user in it hides where it leads", url: "https://example.com@evil.example/", want: undefined },
  { name: "so does a password", url: "https://:x@evil.example/", want: undefined },
] as const;

for (const { name, url, want } of addresses) {
  test(name, async (t) => t.equal(webAddress(url), want));
}

test("secrets are hidden wherever they stand, and nothing else is", async (t) => {
  t.equal(hideSecrets("a token-1 b token-1 c", ["token-1"]), "a [redacted] b [redacted] c");
  t.equal(hideSecrets("a bcd", ["bcd", ""]), "a bcd", "so short a secret would be found in any text");
  t.equal(hideSecrets("a bcde", ["bcde"]), "a [redacted]");
});

test("no text escapes cleaning", async () =>
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      const clean = cleanText(text);
      return !/(?!\n)\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069\u2028\u2029]/u.test(clean) && cleanText(clean) === clean;
    }),
  ));
