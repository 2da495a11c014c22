import fc from "fast-check";
import { test } from "tap";
import { fitEscaped, showLine, showLines, splitEscaped } from "../../lib/notify/slack-text.ts";

const lines = [
  { name: "letters of every kind", text: "zoë 東京 😀 אב -_=+", want: "zoë 東京 😀 אב -_=+" },
  { name: "breaks of lines", text: "a\nb\r\nc\u2028d\u2029e", want: "a�b��c�d�e" },
  { name: "controls", text: "\0a\u0007\u001b[31m\u007f\u009f\tb", want: "�a��[31m���b" },
  { name: "turns of direction", text: "\u202egnp\u202c\u2066x\u2069\u200e\u200f\u061c", want: "�gnp��x����" },
  { name: "half a character", text: "a\ud800b\udfff", want: "a�b�" },
  { name: "nothing", text: "", want: "-" },
  { name: "blanks", text: "  ", want: "-" },
  { name: "blanks around something", text: " a ", want: " a " },
] as const;

for (const { name, text, want } of lines) test(`on one line: ${name}`, async (t) => t.equal(showLine(text), want));

const texts = [
  { name: "breaks of lines stay", text: "a\nb\r\nc\n", want: "a\nb\nc\n" },
  { name: "a carriage return alone is none", text: "a\rb", want: "a�b" },
  { name: "all else that can't be seen is marked", text: "a\u2028\nb\u202e\0", want: "a�\nb��" },
  { name: "breaks alone are nothing", text: "\n\n", want: "-" },
] as const;

for (const { name, text, want } of texts)
  test(`on several lines: ${name}`, async (t) => t.equal(showLines(text), want));

const fits = [
  { name: "what fits is whole", text: "a&b", limit: 7, want: "a&amp;b" },
  { name: "what is one too long is cut with an ellipsis", text: "abc", limit: 2, want: "a…" },
  { name: "an escape is never cut", text: "a&b", limit: 6, want: "a…" },
  { name: "a character is never cut", text: "a😀b", limit: 3, want: "a…" },
  { name: "nothing fits anywhere", text: "", limit: 1, want: "" },
] as const;

for (const { name, text, limit, want } of fits) test(name, async (t) => t.equal(fitEscaped(text, limit), want));

test("pieces are as long as they may be, and nothing is lost between them", async (t) => {
  t.strictSame(splitEscaped("ab<>&", 6), ["ab&lt;", "&gt;", "&amp;"]);
  t.strictSame(splitEscaped("", 6), [""]);
});

const undoEscapes = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const foreign = fc.string({
  unit: fc.oneof(fc.constantFrom("&", "<", ">", "&lt;", "😀", "`"), fc.string()),
  maxLength: 60,
});

test("any text comes back from its pieces, none of which is longer than asked or holds markup", async (t) => {
  fc.assert(
    fc.property(foreign, fc.integer({ min: 5, max: 40 }), (text, limit) => {
      const pieces = splitEscaped(text, limit);
      return (
        pieces.map(undoEscapes).join("") === text &&
        pieces.every((piece) => piece.length <= limit && /^([^&<>]|&(amp|lt|gt);)*$/.test(piece))
      );
    }),
  );
  t.pass();
});

test("any text that is cut begins as it did", async (t) => {
  fc.assert(
    fc.property(foreign, fc.integer({ min: 6, max: 40 }), (text, limit) => {
      const fitted = fitEscaped(text, limit);
      if (fitted.length > limit) return false;
      const cut = undoEscapes(fitted);
      return cut === text || text.startsWith(cut.slice(0, -1));
    }),
  );
  t.pass();
});
