import { test } from "tap";
import { formatCounts, parseTapCounts, readTap, sumCounts } from "./support/tap-output.ts";

const summaries = [
  { name: "all passed", line: "# { total: 3, pass: 3 }", want: { pass: 3, fail: 0, skip: 0 } },
  {
    name: "all kinds",
    line: "# { total: 9, pass: 5, fail: 2, skip: 1, todo: 1 }",
    want: { pass: 5, fail: 2, skip: 1 },
  },
  { name: "nothing ran", line: "# { total: 0 }", want: { pass: 0, fail: 0, skip: 0 } },
  { name: "not tap's summary", line: "    # { total: 3, pass: 3 }", want: undefined },
  { name: "another comment", line: "# time=3ms", want: undefined },
];

for (const { name, line, want } of summaries) {
  test(`summary: ${name}`, async (t) => t.strictSame(parseTapCounts(line), want));
}

const passed = ["# Subtest: test/a.test.ts", "    ok 1 - it", "    1..1", "ok 1 - test/a.test.ts # time=1ms", ""];
const failed = [
  "# Subtest: test/b.test.ts",
  "    not ok 1 - it",
  "not ok 2 - test/b.test.ts",
  "  ---",
  "  exitCode: 1",
  "  ...",
];
const ends = ["", "# { total: 2, pass: 1, fail: 1 }", "# time=2ms"];

test("of a file that passed one line is shown, of one that failed all", async (t) => {
  const shown: string[] = [];
  const tap = readTap((line) => shown.push(line));
  t.equal(tap.counts(), undefined);
  for (const line of ["TAP version 14", ...passed, ...failed, "# Subtest: test/c.test.ts", "    ok 1", ...ends])
    tap.read(line);
  t.strictSame(shown, ["ok 1 - test/a.test.ts # time=1ms", ...failed, "# { total: 2, pass: 1, fail: 1 }"]);
  t.strictSame(tap.counts(), { pass: 1, fail: 1, skip: 0 });
});

test("counts are summed, and what was skipped is named only where something was", async (t) => {
  const [one, other] = [
    { pass: 1, fail: 0, skip: 0 },
    { pass: 10, fail: 2, skip: 3 },
  ];
  t.equal(formatCounts(sumCounts([one, one])), "2 passed, 0 failed");
  t.equal(formatCounts(sumCounts([one, other])), "11 passed, 2 failed, 3 skipped");
});
