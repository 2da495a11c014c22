import { test } from "tap";
import { membersOf, parseJsonTree } from "../../lib/policy/json-tree.ts";
import { formatProblem } from "../../lib/policy/problem.ts";

function says(text: string): string {
  const tree = parseJsonTree(text);
  return tree.ok ? "" : tree.problems.map(formatProblem).join("; ");
}

const cases = [
  { name: "nothing", text: "", want: "line 1, column 1: is not JSON: value expected" },
  { name: "white space alone", text: " \n", want: "line 2, column 1: is not JSON: value expected" },
  { name: "a comma too many", text: '{"a":1,}', want: "line 1, column 8: is not JSON: property name expected" },
  { name: "no comma", text: "[1\n2]", want: "line 2, column 1: is not JSON: comma expected" },
  { name: "an end too few", text: "[1", want: "line 1, column 3: is not JSON: close bracket expected" },
  { name: "something behind the end", text: "{} 1", want: "line 1, column 4: is not JSON: end of file expected" },
  { name: "a comment", text: "// a\n{}", want: "line 1, column 1: is not JSON: invalid comment token" },
  { name: "other quotes", text: "{'a':1}", want: "line 1, column 2: is not JSON: invalid symbol" },
  {
    name: "a byte order mark",
    text: "\ufeff{}",
    want: "line 1, column 1: begins with a byte order mark, which is no JSON: save it without one",
  },
  { name: "a space that JSON does not know", text: "\u00a0{}", want: "line 1, column 1: is not JSON: invalid symbol" },
  {
    name: "a string over the end of its line",
    text: '"a\nb"',
    want: "line 1, column 1: is not JSON: unexpected end of string",
  },
  { name: "a tab inside a string", text: '"\t"', want: "line 1, column 1: is not JSON: invalid character" },
  {
    name: "an escape that there is not",
    text: '"\\x"',
    want: "line 1, column 1: is not JSON: invalid escape character",
  },
  { name: "a member twice", text: '{"a":1,\n"a":2}', want: 'line 2, column 1: "a" is written twice' },
  {
    name: "a member twice, once with an escape",
    text: '{"a":1,"\\u0061":2}',
    want: 'line 1, column 8: "a" is written twice',
  },
  {
    name: "a member three times, deep inside",
    text: '[{"b":{"a":1,"a":2,"a":{}}}]',
    want: 'line 1, column 14: "a" is written twice; line 1, column 20: "a" is written twice',
  },
  { name: "names of JavaScript's own", text: '{"__proto__":{"a":1},"a":2,"constructor":[{"a":3}]}', want: "" },
];

for (const { name, text, want } of cases)
  test(name, async (t) => {
    t.equal(says(text), want);
  });

test("members come in the order that they are written", async (t) => {
  const tree = parseJsonTree('{"b":1,"a":"\\u0061"}');
  if (!tree.ok) return t.fail("no tree");
  t.strictSame(
    membersOf(tree.root).map(([key, { value }]) => [key.value, value]),
    [
      ["b", 1],
      ["a", "a"],
    ],
  );
  t.strictSame(membersOf({ type: "string", offset: 0, length: 0 }), []);
});

test("64 levels are read", async (t) => {
  t.equal(says("[".repeat(64) + "]".repeat(64)), "");
  t.equal(says("[".repeat(65) + "]".repeat(65)), "line 1, column 65: is nested more than 64 levels deep");
});

const brackets = [
  { name: "lists", unit: "[" },
  { name: "objects", unit: '{"a":' },
  { name: "behind a string without an end", unit: '["\n' },
  { name: "with an end inside of a string without an end", unit: '["]\n' },
  { name: "with the other end", unit: "[}," },
  { name: "with an end inside of a comment", unit: "[/*]*/" },
  { name: "with an end inside of a comment of one line", unit: "[//]\n" },
  { name: "with a quote inside of a comment", unit: '[//"\n' },
  { name: "with an escaped quote", unit: '["\\"]\n' },
  { name: "with an escaped line break", unit: '["\\\n]' },
];

for (const { name, unit } of brackets)
  test(`100,000 levels are a fault of the document, not of the parser: ${name}`, async (t) => {
    t.match(
      says(unit.repeat(100_000)),
      /^line \d+, column \d+: (is nested more than 64 levels deep|is not JSON: [a-z ]+)$/,
    );
  });

test("ends inside of strings end nothing", async (t) => {
  t.equal(says(`${'["]}",'.repeat(65)}1${"]".repeat(65)}`), "line 1, column 385: is nested more than 64 levels deep");
  t.equal(says(`["${"[".repeat(100)}"]`), "");
});
