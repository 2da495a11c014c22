import { test } from "tap";
import { formatProblem, placesIn, quote } from "../../lib/policy/problem.ts";

const places = [
  { name: "the first letter", text: "abc", offset: 0, want: [1, 1] },
  { name: "behind the last", text: "abc", offset: 3, want: [1, 4] },
  { name: "the line break belongs to its line", text: "a\nb", offset: 1, want: [1, 2] },
  { name: "the next line", text: "a\nb", offset: 2, want: [2, 1] },
  { name: "two signs that break a line once", text: "a\r\nb", offset: 3, want: [2, 1] },
  { name: "an old line break", text: "a\rb", offset: 2, want: [2, 1] },
  { name: "columns are UTF-16 units", text: "\u{1f511}b", offset: 2, want: [1, 3] },
];

for (const { name, text, offset, want } of places)
  test(name, async (t) => {
    const { line, column } = placesIn(text)(offset);
    t.strictSame([line, column], want);
  });

test("a problem as a line", async (t) => {
  t.equal(formatProblem({ line: 4, column: 12, says: "no" }), "line 4, column 12: no");
});

test("a value is quoted, and cut where it is long", async (t) => {
  t.equal(quote('a"\n'), '"a\\"\\n"');
  t.equal(quote(3), "3");
  t.equal(quote("x".repeat(58)), `"${"x".repeat(58)}"`);
  t.equal(quote("x".repeat(59)), `"${"x".repeat(56)}...`);
});
