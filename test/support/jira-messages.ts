import fc from "fast-check";
import type { Message, MessagePart } from "../../lib/core/message.ts";
import { anyCharacter } from "./any-character.ts";

/** What means something in one of Jira's markups, or might to a careless reader of one. */
const pieces = [
  ...["{noformat}", "{noformat:x}", "{noformat:}", "{NoFormat}", "{no\\format}", "{ noformat }", "{code}", "{quote}"],
  ...["{panel:title=x}", "{color:red}", "{", "}", "{{", "\\", "\\{", "[~admin]", "[a|http://evil.example]", "[^file]"],
  ...["!img.png!", "h1. ", "bq. ", "* ", "# ", "||", "|", "----", ":)", "@all", "http://evil.example", "OPS-1"],
  ...["\n", "\r\n", "\t", " ", "\u2028", "\0", "\ud800", "\u200b", "&#123;", "<b>", '"', "ada", "東京", "😀"],
] as const;

export const foreignText = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((some) => some.join("")),
  fc.string({ unit: anyCharacter, maxLength: 20 }),
);

const url = fc.oneof(
  foreignText.map((text) => `https://example.com/${text}`),
  foreignText.map((text) => `https://example.com/?q=${text}#${text}`),
  fc.constantFrom("javascript:alert(1)", "https://example.com/a", "", "mailto:a@example.com"),
  foreignText,
);

const part: fc.Arbitrary<MessagePart> = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), text: foreignText }),
  fc.record({
    kind: fc.constant("facts" as const),
    facts: fc.array(fc.tuple(foreignText, foreignText), { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant("commands" as const), lines: fc.array(foreignText, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant("link" as const), label: foreignText, url }),
);

export const anyMessage: fc.Arbitrary<Message> = fc.record({
  subject: foreignText,
  parts: fc.array(part, { maxLength: 5 }),
});
