import { test } from "tap";
import type { Document } from "../../lib/core/document.ts";
import { OpsError } from "../../lib/core/errors.ts";
import type { Point } from "../../lib/core/point.ts";
import { point } from "../../lib/measurements/declare.ts";
import { fanOut } from "../../lib/sink/fan-out.ts";
import type { DocumentTotals, Sink, SinkTotals } from "../../lib/sink/sink.ts";
import { noDocuments } from "../../lib/sink/totals.ts";
import { contractSample } from "../contract/sink.ts";

const sample: Point = point(contractSample, { tags: {}, fields: { size: 1 } });

/** A sink that notes its calls, and fails at those it is told to. */
function noteCalls(name: string, failing: readonly (keyof Sink)[] = [], totals: Partial<SinkTotals> = {}) {
  const calls: string[] = [];
  const note = async <Result>(call: keyof Sink, result: Result): Promise<Result> => {
    calls.push(call);
    if (failing.includes(call)) throw new OpsError("other", `can't write ${name}: full`);
    return result;
  };
  const sink: Sink = {
    name,
    write: (points) => note("write", { points: points.length, droppedPoints: 0, droppedFields: 0, ...totals }),
    flush: () => note("flush", undefined),
    close: () => note("close", undefined),
  };
  return { sink, calls };
}

test("every sink gets every call", async (t) => {
  const [left, right] = [noteCalls("left"), noteCalls("right")];
  const both = fanOut([left.sink, right.sink]);
  t.equal(both.name, "left, right");
  await both.write([sample]);
  await both.flush();
  await both.close();
  t.strictSame(left.calls, ["write", "flush", "close"]);
  t.strictSame(right.calls, ["write", "flush", "close"]);
});

test("a point counts where any sink wrote it, and as dropped where any dropped it", async (t) => {
  const left = noteCalls("left", [], { points: 3, droppedPoints: 0, droppedFields: 1 });
  const right = noteCalls("right", [], { points: 1, droppedPoints: 2, droppedFields: 0 });
  t.strictSame(await fanOut([left.sink, right.sink]).write([]), { points: 3, droppedPoints: 2, droppedFields: 1 });
});

test("no sink at all takes everything and writes nothing", async (t) => {
  const none = fanOut([]);
  t.strictSame(await none.write([sample]), { points: 0, droppedPoints: 0, droppedFields: 0 });
  await none.close();
});

test("one that fails is left out until the round ends, which says so; the next round has it back", async (t) => {
  const [bad, good] = [noteCalls("bad", ["write"]), noteCalls("good")];
  const both = fanOut([bad.sink, good.sink]);
  t.equal((await both.write([sample])).points, 1);
  await both.write([sample]);
  t.strictSame(bad.calls, ["write"]);
  t.strictSame(good.calls, ["write", "write"]);
  await t.rejects(both.flush(), { message: "can't write bad: full" });
  t.strictSame([bad.calls.at(-1), good.calls.at(-1)], ["flush", "flush"]);
  await both.write([sample]);
  t.equal(bad.calls.at(-1), "write");
  await t.rejects(both.close(), { message: "can't write bad: full" });
});

test("a write fails once none is left", async (t) => {
  const both = fanOut([noteCalls("left", ["write"]).sink, noteCalls("right", ["write"]).sink]);
  await t.rejects(both.write([sample]), { message: "can't write left: full; can't write right: full" });
});

test("one that fails only at the end does not keep the others from ending", async (t) => {
  const [bad, good] = [noteCalls("bad", ["close"]), noteCalls("good")];
  await t.rejects(fanOut([bad.sink, good.sink]).close(), { name: "OpsError", message: "can't write bad: full" });
  t.strictSame(good.calls, ["close"]);
});

const [first, second] = ["a", "b"].map((id) => ({ index: "i", id, body: {} })) as [Document, Document];
const rejection = { document: first, reason: "no" };

const taken = [
  { name: "one sink's totals are its own", each: [{ stored: 1, duplicates: 1 }], want: { stored: 1, duplicates: 1 } },
  {
    name: "what any sink is without is undelivered, once, whatever the others have",
    each: [{ stored: 2 }, { undelivered: [first, second], reason: "down" }, { undelivered: [second], reason: "shut" }],
    want: { stored: 2, undelivered: [first, second], reason: "down; shut" },
  },
  {
    name: "a reason that several have is said once",
    each: [
      { undelivered: [first], reason: "down" },
      { undelivered: [first], reason: "down" },
    ],
    want: { undelivered: [first], reason: "down" },
  },
  {
    name: "what any sink refuses is rejected",
    each: [{ stored: 2 }, { stored: 1, rejected: [rejection] }],
    want: { stored: 2, rejected: [rejection] },
  },
  {
    name: "what is new to one sink and known to another is both",
    each: [{ stored: 2 }, { duplicates: 2 }],
    want: { stored: 2, duplicates: 2 },
  },
];

for (const { name, each, want } of taken) {
  test(`documents: ${name}`, async (t) => {
    const sinks = each.map((totals: Partial<DocumentTotals>) => ({
      ...noteCalls("taker").sink,
      writeDocuments: async () => ({ ...noDocuments, ...totals }),
    }));
    const all = fanOut([noteCalls("of points").sink, ...sinks]);
    t.strictSame(await all.writeDocuments?.([first, second], new AbortController().signal), {
      ...noDocuments,
      ...want,
    });
  });
}
