import fc from "fast-check";
import { test } from "tap";
import type { Point } from "../../lib/core/point.ts";
import { encodePoint } from "../../lib/line-protocol/encode.ts";
import { boolean, float, integer, measurement, string } from "../../lib/measurements/declare.ts";
import { type Expectation, expectationOf, hostilePoints } from "../support/hostile-points.ts";
import { type ParsedPoint, parseLineProtocol } from "../support/line-protocol-parser.ts";

const sample = measurement({
  name: "iam",
  says: "one access key",
  tags: { name: "user", key: "last five", status: "state" },
  fields: { age: float("age", "days"), count: integer("count"), active: boolean("state"), note: string("note") },
});

const sampled = (values: Partial<Omit<Point, "measurement">>): Point => ({
  measurement: sample,
  tags: {},
  fields: {},
  ...values,
});

const lines = [
  {
    name: "tags are sorted, fields stand as declared, a whole float has no suffix",
    point: sampled({ tags: { status: "ok", name: "a" }, fields: { note: "n", active: true, count: 3, age: 197 } }),
    want: 'iam,name=a,status=ok age=197,count=3i,active=true,note="n"',
  },
  { name: "no tag at all", point: sampled({ fields: { active: false } }), want: "iam active=false" },
  {
    name: "an absent tag is left out",
    point: sampled({ tags: { name: undefined }, fields: { age: 1 } }),
    want: "iam age=1",
  },
  {
    name: "an empty tag is left out",
    point: sampled({ tags: { name: "", key: "\n" }, fields: { age: 1 } }),
    want: "iam age=1",
  },
  {
    name: "an undeclared tag is not written",
    point: sampled({ tags: { other: "x" }, fields: { age: 1 } }),
    want: "iam age=1",
  },
  { name: "an undeclared field is not written", point: sampled({ fields: { age: 1, other: 2 } }), want: "iam age=1" },
  { name: "minus zero is zero", point: sampled({ fields: { age: -0, count: -0 } }), want: "iam age=0,count=0i" },
  { name: "a fraction keeps its shortest form", point: sampled({ fields: { age: 0.1 } }), want: "iam age=0.1" },
  { name: "a tiny float keeps its exponent", point: sampled({ fields: { age: 5e-324 } }), want: "iam age=5e-324" },
  { name: "a huge float keeps its exponent", point: sampled({ fields: { age: 1e21 } }), want: "iam age=1e+21" },
  {
    name: "the largest safe integer has no exponent",
    point: sampled({ fields: { count: Number.MAX_SAFE_INTEGER } }),
    want: "iam count=9007199254740991i",
  },
  {
    name: "milliseconds become nanoseconds",
    point: sampled({ fields: { age: 1 }, time: 1 }),
    want: "iam age=1 1000000",
  },
  { name: "the epoch is one zero", point: sampled({ fields: { age: 1 }, time: 0 }), want: "iam age=1 0" },
  { name: "a time before the epoch", point: sampled({ fields: { age: 1 }, time: -1 }), want: "iam age=1 -1000000" },
  {
    name: "the last time that 64 bits can say",
    point: sampled({ fields: { age: 1 }, time: 9_223_372_036_854 }),
    want: "iam age=1 9223372036854000000",
  },
] as const;

for (const { name, point, want } of lines) {
  test(`line: ${name}`, async (t) => {
    t.strictSame(encodePoint(point), { line: want, droppedFields: 0 });
    t.equal(parseLineProtocol(want).length, 1);
  });
}

const drops = [
  { name: "NaN drops its field", fields: { age: Number.NaN, count: 1 }, line: "iam count=1i", droppedFields: 1 },
  {
    name: "infinities drop their fields",
    fields: { age: Number.POSITIVE_INFINITY, count: 1 },
    line: "iam count=1i",
    droppedFields: 1,
  },
  { name: "a fraction drops an integer field", fields: { age: 1, count: 1.5 }, line: "iam age=1", droppedFields: 1 },
  {
    name: "the first unsafe integer drops its field",
    fields: { age: 1, count: 2 ** 53 },
    line: "iam age=1",
    droppedFields: 1,
  },
  { name: "a number drops a boolean field", fields: { age: 1, active: 1 }, line: "iam age=1", droppedFields: 1 },
  { name: "a number drops a string field", fields: { age: 1, note: 1 }, line: "iam age=1", droppedFields: 1 },
  { name: "no field left drops the point", fields: { age: Number.NaN, count: 0.5 }, line: undefined, droppedFields: 2 },
  { name: "no field at all drops the point", fields: {}, line: undefined, droppedFields: 0 },
  {
    name: "a field without a value is absent, not dropped",
    fields: { age: 1, count: undefined },
    line: "iam age=1",
    droppedFields: 0,
  },
] as const;

for (const { name, fields, line, droppedFields } of drops)
  test(`drop: ${name}`, async (t) => t.strictSame(encodePoint(sampled({ fields })), { line, droppedFields }));

for (const time of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, 9_223_372_036_855, -9_223_372_036_855])
  test(`drop: the time ${time} drops the point`, async (t) =>
    t.equal(encodePoint(sampled({ fields: { age: 1 }, time })).line, undefined));

test("drop: a measurement whose name cleans to nothing drops its points", async (t) => {
  const nameless = measurement({ name: "#\n", says: "nothing", tags: {}, fields: { age: float("age") } });
  t.strictSame(encodePoint({ measurement: nameless, tags: {}, fields: { age: 1 } }), {
    line: undefined,
    droppedFields: 0,
  });
});

test("drop: a field whose key cleans to nothing or repeats an earlier one is counted", async (t) => {
  const clash = measurement({
    name: "m",
    says: "clash",
    tags: {},
    fields: { "\n": float("x"), a: float("x"), "a\t": float("x") },
  });
  const point: Point = { measurement: clash, tags: {}, fields: { "\n": 1, a: 2, "a\t": 3 } };
  t.strictSame(encodePoint(point), { line: "m a=2", droppedFields: 2 });
});

const inByteOrder = (keys: Iterable<string>): readonly string[] =>
  [...keys].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));

test("whatever the names and values, one strict line gives back the declared point and nothing else", async (t) => {
  let written = 0;
  fc.assert(
    fc.property(hostilePoints, (sampledPoint) => {
      const { line, droppedFields } = encodePoint(sampledPoint.point);
      const want = expectationOf(sampledPoint);
      if (droppedFields !== want.droppedFields || (line !== undefined) !== want.written) return false;
      if (line === undefined) return true;
      written += 1;
      if (Buffer.from(line).toString() !== line) return false;
      const read = parseLineProtocol(`${line}\n`);
      return read.length === 1 && read[0] !== undefined && reads(read[0], want, sampledPoint.point.time);
    }),
    { numRuns: 2000 },
  );
  t.ok(written > 500, `${written} of the points were written`);
});

function reads(read: ParsedPoint, want: Expectation, time: number | undefined): boolean {
  const sameTags =
    inByteOrder(want.tags.keys()).join("\n") === [...read.tags.keys()].join("\n") &&
    [...read.tags].every(([tag, value]) => want.tags.get(tag) === value);
  const sameFields =
    [...want.fields.keys()].join("\n") === [...read.fields.keys()].join("\n") &&
    [...read.fields].every(([field, { kind, value }]) => {
      const wanted = want.fields.get(field);
      return wanted?.kind === kind && wanted.value === value;
    });
  const wantTime = time === undefined ? undefined : BigInt(time) * 1_000_000n;
  return read.measurement === want.name && sameTags && sameFields && read.time === wantTime;
}
