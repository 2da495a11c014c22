import { test } from "tap";
import type { Point } from "../../lib/core/point.ts";
import { boolean, float, integer, measurement, point, string } from "../../lib/measurements/declare.ts";
import { startExposition } from "../../lib/sink/prometheus-text.ts";

const iam = measurement({
  name: "iam",
  says: "one key",
  tags: { name: "user", accountAlias: "account", account_alias: "never written" },
  fields: {
    age: float("age of the key", "days"),
    active: boolean("whether \\ IAM\naccepts it"),
    note: string("note"),
  },
});

function textOf(points: readonly Point[]): string {
  const exposition = startExposition();
  for (const one of points) exposition.add(one);
  return [...exposition.format()].join("");
}

test("metrics are sorted and each is declared once, whatever the order of points", async (t) => {
  const points = ["b", "a"].map((name) => point(iam, { tags: { name }, fields: { age: 1, active: name === "a" } }));
  t.equal(
    textOf(points),
    [
      "# HELP iam_active whether \\\\ IAM\\naccepts it",
      "# TYPE iam_active gauge",
      'iam_active{name="b"} 0',
      'iam_active{name="a"} 1',
      "# HELP iam_age_seconds age of the key (in seconds)",
      "# TYPE iam_age_seconds gauge",
      'iam_age_seconds{name="b"} 86400',
      'iam_age_seconds{name="a"} 86400',
      "",
    ].join("\n"),
  );
});

test("no point is an empty file", async (t) => t.equal(textOf([]), ""));

const samples = [
  { name: "no tag, no braces", tags: {}, want: "iam_active 1" },
  { name: "an empty tag is no label", tags: { name: "" }, want: "iam_active 1" },
  { name: "labels are snake case", tags: { accountAlias: "prod" }, want: 'iam_active{account_alias="prod"} 1' },
  {
    name: "of two tags that become one label the first declared is written",
    tags: { accountAlias: "a", account_alias: "b" },
    want: 'iam_active{account_alias="a"} 1',
  },
  { name: "quotes and backslashes are escaped", tags: { name: 'a"\\' }, want: 'iam_active{name="a\\"\\\\"} 1' },
  {
    name: "controls and lone surrogates go, as on every other way out",
    tags: { name: "a\n\0\ud800" },
    want: 'iam_active{name="a\ufffd"} 1',
  },
] as const;

for (const { name, tags, want } of samples) {
  test(`sample: ${name}`, async (t) => {
    t.equal(
      textOf([point(iam, { tags, fields: { active: true } })])
        .split("\n")
        .at(-2),
      want,
    );
  });
}

test("of two points of one series the last wins", async (t) => {
  const points = [1, 2].map((age) => point(iam, { tags: { name: "a" }, fields: { age } }));
  t.match(textOf(points), /\niam_age_seconds\{name="a"\} 172800\n$/);
});

test("a time is left out", async (t) => {
  t.match(textOf([point(iam, { tags: {}, fields: { age: 1 }, time: 5 })]), /\niam_age_seconds 86400\n$/);
});

test("a field that doesn't fit its kind is counted, a string is not", async (t) => {
  const exposition = startExposition();
  const { add } = exposition;
  const counted = (fields: Point["fields"]) => add({ measurement: iam, tags: {}, fields });
  t.strictSame(counted({ age: Number.NaN, active: true }), { isWritten: true, droppedFields: 1 });
  t.strictSame(counted({ note: "n", active: true }), { isWritten: true, droppedFields: 0 });
  t.strictSame(counted({ note: "n", active: undefined }), { isWritten: false, droppedFields: 0 });
  t.strictSame(counted({ age: Number.POSITIVE_INFINITY }), { isWritten: false, droppedFields: 1 });
});

test("two measurements may share a metric", async (t) => {
  const left = measurement({ name: "a", says: "", tags: { x: "" }, fields: { b_c: integer("first") } });
  const right = measurement({ name: "a_b", says: "", tags: { x: "" }, fields: { c: integer("second") } });
  const text = textOf([
    point(left, { tags: { x: "1" }, fields: { b_c: 1 } }),
    point(right, { tags: { x: "2" }, fields: { c: 2 } }),
  ]);
  t.equal(text, '# HELP a_b_c first\n# TYPE a_b_c gauge\na_b_c{x="1"} 1\na_b_c{x="2"} 2\n');
});
