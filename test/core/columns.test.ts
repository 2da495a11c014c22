import { test } from "tap";
import { formatColumns, shorten } from "../../lib/core/columns.ts";

const cases = [
  { name: "no rows", rows: [], want: "" },
  {
    name: "each column is as wide as its widest cell",
    rows: [
      ["a", "b"],
      ["long", "x"],
    ],
    want: "a     b\nlong  x\n",
  },
  {
    name: "nothing is left behind the last cell",
    rows: [
      ["a", ""],
      ["b", "c"],
    ],
    want: "a\nb  c\n",
  },
  {
    name: "a letter of two code units is one wide",
    rows: [
      ["\u{1f511}", "b"],
      ["ab", "c"],
    ],
    want: "\u{1f511}   b\nab  c\n",
  },
  { name: "what drives a terminal is taken out", rows: [["\u001b[31mred\u0007", "a\nb"]], want: "[31mred  a b\n" },
  { name: "a row that is short", rows: [["a", "b"], ["c"]], want: "a  b\nc\n" },
];

for (const { name, rows, want } of cases) test(name, async (t) => t.equal(formatColumns(rows), want));

test("a text of more than 60 characters is cut", async (t) => {
  t.equal(shorten("x".repeat(60)), "x".repeat(60));
  t.equal(shorten("x".repeat(61)), `${"x".repeat(57)}...`);
});

test("more rows than a call takes arguments", async (t) => {
  const rows = Array.from({ length: 200_000 }, (_, at) => [`${at}`, "x"]);
  t.equal(formatColumns(rows).split("\n")[9], "9       x");
});
