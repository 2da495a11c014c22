import { test } from "tap";
import { type PatternTree, readPattern } from "../../lib/tagaudit/pattern-tree.ts";

/** The tree in one line, each letter by what of a sample it fits. */
function show(tree: PatternTree): string {
  switch (tree.kind) {
    case "letter":
      return [..."abz059-.]😀"].filter(tree.fits).join("");
    case "start":
    case "end":
      return tree.kind;
    case "sequence":
      return tree.parts.map(show).join(" ");
    case "choice":
      return `(${tree.options.map(show).join("|")})`;
    case "repeat":
      return `${show(tree.part)}{${tree.min},${tree.max ?? ""}}`;
  }
}

const right = [
  { name: "letters stand for themselves", source: "ab", want: "(a b)" },
  { name: "alternatives", source: "a|b|", want: "(a|b|)" },
  { name: "groups of every sort", source: "(a)(?:b)(?<name>z)", want: "((a) (b) (z))" },
  { name: "a dot is any letter, one of two surrogates too", source: ".", want: "(abz059-.]😀)" },
  { name: "classes", source: "[ab][^ab][\\d][\\]-]", want: "(ab z059-.]😀 059 -])" },
  { name: "a parenthesis in a class is a letter", source: "[(?=)b]", want: "(b)" },
  { name: "escapes", source: "\\d\\.\\x61\\u0062\\u{7a}", want: "(059 . a b z)" },
  { name: "an escaped pair of surrogates is one letter", source: "\\uD83D\\uDE00", want: "(😀)" },
  { name: "a unicode property", source: "\\p{Nd}", want: "(059)" },
  { name: "anchors", source: "^a$", want: "(start a end)" },
  { name: "quantifiers", source: "a*b+z?", want: "(a{0,} b{1,} z{0,1})" },
  { name: "counts", source: "a{2}b{2,}z{2,5}", want: "(a{2,2} b{2,} z{2,5})" },
  { name: "lazy is as greedy for the whole text", source: "a+?b{2}?", want: "(a{1,} b{2,2})" },
  { name: "a repeated group", source: "(a|b)*", want: "((a|b){0,})" },
  { name: "nothing", source: "", want: "()" },
] as const;

for (const { name, source, want } of right) {
  test(`reads: ${name}`, async (t) => {
    const read = readPattern(source);
    t.equal(read.ok ? show(read.tree) : read.says, want);
  });
}

const wrong = [
  { name: "an open group", source: "(a", want: "unterminated group" },
  { name: "a quantifier of nothing", source: "*a", want: "nothing to repeat" },
  { name: "a look-ahead", source: "(?=a)", want: "look-arounds are not supported" },
  { name: "a negative look-ahead", source: "a(?!b)", want: "look-arounds are not supported" },
  { name: "a look-behind", source: "(?<=a)b", want: "look-arounds are not supported" },
  { name: "a negative look-behind", source: "(?<!a)b", want: "look-arounds are not supported" },
  { name: "a back-reference", source: "(a)\\1", want: "back-references are not supported" },
  { name: "a named back-reference", source: "(?<x>a)\\k<x>", want: "back-references are not supported" },
  { name: "a word boundary", source: "a\\b", want: "word boundaries are not supported" },
  { name: "no word boundary", source: "a\\B", want: "word boundaries are not supported" },
] as const;

for (const { name, source, want } of wrong)
  test(`refuses ${name}`, async (t) => t.strictSame(readPattern(source), { ok: false, says: want }));

test("refuses inline flags, whether or not this JavaScript knows them", async (t) => {
  const read = readPattern("(?i:a)");
  t.match(read.ok ? "" : read.says, /inline flags are not supported|invalid group/);
});
