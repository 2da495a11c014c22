import { test } from "tap";
import type { Point } from "../../lib/core/point.ts";
import { boolean, float, measurement, string } from "../../lib/measurements/declare.ts";
import { encodeJsonLine } from "../../lib/sink/json-line.ts";

const iam = measurement({
  name: "iam",
  says: "one key",
  tags: { name: "user", status: "state" },
  fields: { age: float("age", "days"), active: boolean("state"), note: string("note") },
});

const sampled = (values: Partial<Point>): Point => ({ measurement: iam, tags: {}, fields: { age: 1 }, ...values });

const lines = [
  {
    name: "a whole point",
    point: sampled({ tags: { status: "ok", name: "a" }, fields: { note: "n", active: true, age: 197 }, time: 5 }),
    want: '{"measurement":"iam","tags":{"name":"a","status":"ok"},"fields":{"age":197,"active":true,"note":"n"},"time":5}',
  },
  { name: "no time", point: sampled({}), want: '{"measurement":"iam","tags":{},"fields":{"age":1}}' },
  {
    name: "empty, absent and undeclared tags are left out",
    point: sampled({ tags: { name: "", status: undefined, other: "x" } }),
    want: '{"measurement":"iam","tags":{},"fields":{"age":1}}',
  },
  {
    name: "any text is kept, on one line",
    point: sampled({ tags: { name: 'a\n"\\\ud800' } }),
    want: '{"measurement":"iam","tags":{"name":"a\\n\\"\\\\\\ud800"},"fields":{"age":1}}',
  },
] as const;

for (const { name, point, want } of lines)
  test(`line: ${name}`, async (t) => t.strictSame(encodeJsonLine(point), { line: want, droppedFields: 0 }));

const drops = [
  {
    name: "a field that doesn't fit its kind",
    point: sampled({ fields: { age: Number.NaN, active: false } }),
    isWritten: true,
    droppedFields: 1,
  },
  {
    name: "a point without fields",
    point: sampled({ fields: { age: Number.NaN } }),
    isWritten: false,
    droppedFields: 1,
  },
  {
    name: "an absent field is not dropped",
    point: sampled({ fields: { age: undefined } }),
    isWritten: false,
    droppedFields: 0,
  },
  { name: "a point of no real time", point: sampled({ time: Number.NaN }), isWritten: false, droppedFields: 0 },
] as const;

for (const { name, point, isWritten, droppedFields } of drops) {
  test(`drop: ${name}`, async (t) => {
    const encoded = encodeJsonLine(point);
    t.equal(encoded.line !== undefined, isWritten);
    t.equal(encoded.droppedFields, droppedFields);
  });
}
