import { spawn } from "node:child_process";
import { once } from "node:events";
import { Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "tap";
import type { Point } from "../../lib/core/point.ts";
import { encodePoint } from "../../lib/line-protocol/encode.ts";
import { point } from "../../lib/measurements/declare.ts";
import { openStdoutSink } from "../../lib/sink/stdout.ts";
import { contractSample, type OpenedSink, testSink } from "../contract/sink.ts";
import { parseLineProtocol } from "../support/line-protocol-parser.ts";

/** A pipe whose reader takes one chunk at a time, each a turn of the event loop later. */
function openSlowPipe() {
  const chunks: Buffer[] = [];
  let isBroken = false;
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      setImmediate(done, isBroken ? Object.assign(new Error("write EPIPE"), { code: "EPIPE" }) : null);
    },
  });
  const breakTarget = async () => {
    isBroken = true;
  };
  return { stream, chunks, breakTarget };
}

testSink("stdout", async (): Promise<OpenedSink> => {
  const { stream, chunks, breakTarget } = openSlowPipe();
  return {
    sink: openStdoutSink(stream, encodePoint),
    read: async () => Buffer.concat(chunks).toString(),
    parse: (text) =>
      parseLineProtocol(text).map(({ tags, fields }) => ({
        tags: Object.fromEntries(tags),
        fields: Object.fromEntries(
          [...fields].flatMap(([name, { kind, value }]) => (kind === "string" ? [] : [[name, Number(value)]])),
        ),
      })),
    breakTarget,
  };
});

const samples = (count: number): readonly Point[] =>
  Array.from({ length: count }, (_, size) => point(contractSample, { tags: { name: "a" }, fields: { size } }));

test("chunks end with whole lines, so that a run cut short leaves no half line", async (t) => {
  const { stream, chunks } = openSlowPipe();
  const sink = openStdoutSink(stream, encodePoint);
  await sink.write(samples(10_000));
  await sink.flush();
  t.ok(chunks.length > 1, `${chunks.length} chunks`);
  for (const chunk of chunks) t.equal(chunk.at(-1), "\n".charCodeAt(0));
});

test("a few points wait for more until the flush", async (t) => {
  const { stream, chunks } = openSlowPipe();
  const sink = openStdoutSink(stream, encodePoint);
  await sink.write(samples(3));
  t.equal(chunks.length, 0);
  await sink.flush();
  t.equal(chunks.length, 1);
});

test("while the reader stands still no more than a chunk is encoded", async (t) => {
  let release = () => {};
  let isStanding = true;
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      if (isStanding) release = done;
      else setImmediate(done);
    },
  });
  const points = samples(100_000);
  let taken = 0;
  const watched = Object.assign([...points], {
    *[Symbol.iterator]() {
      for (const one of points) {
        taken += 1;
        yield one;
      }
    },
  });
  const writing = openStdoutSink(stream, encodePoint).write(watched);
  const perChunk = (64 * 1024) / "contract,name=a size=0".length;
  for (const chunk of [1, 2]) {
    await nextTurn();
    t.ok(taken > 0 && taken < chunk * perChunk, `${taken} of ${points.length} points were encoded`);
    isStanding = chunk < 2;
    release();
  }
  await writing;
  t.equal(taken, points.length);
});

test("many sinks on one stream, one after the other, leave one listener", async (t) => {
  const { stream } = openSlowPipe();
  for (let at = 0; at < 20; at += 1) await openStdoutSink(stream, encodePoint).close();
  t.equal(stream.listenerCount("error"), 1);
});

test("a reader that ends before the run is told from a failure", async (t) => {
  const closing = "fs.closeSync(0); console.log('closed'); setTimeout(() => {}, 10_000)";
  const reader = spawn(process.execPath, ["-e", closing], { stdio: ["pipe", "pipe", "inherit"] });
  t.teardown(() => reader.kill());
  await once(reader.stdout, "data");
  const sink = openStdoutSink(reader.stdin, encodePoint);
  const round = async () => {
    for (let at = 0; at < 10; at += 1) await sink.write(samples(2000));
    await sink.flush();
  };
  const want = { name: "ReaderGone", message: "can't write stdout: its reader is gone" };
  await t.rejects(round(), want);
  await t.rejects(sink.write(samples(1)), want, "and stays told");
});
