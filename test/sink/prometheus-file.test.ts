import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "tap";
import { point } from "../../lib/measurements/declare.ts";
import { openPrometheusSink } from "../../lib/sink/prometheus-file.ts";
import { contractSample, type SeenPoint, testSink } from "../contract/sink.ts";

const sampleLine = /^contract_(\w+)\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\} (\S+)$/;

/** Samples put together again by their labels. */
function parsePoints(text: string): readonly SeenPoint[] {
  const byLabels = new Map<string, Record<string, number>>();
  for (const line of text.split("\n").filter((one) => one !== "" && !one.startsWith("#"))) {
    const [, field = "", labels = "", value] = sampleLine.exec(line) ?? [undefined, "unreadable", line];
    byLabels.set(labels, { ...byLabels.get(labels), [field]: Number(value) });
  }
  return [...byLabels].map(([labels, fields]) => ({
    tags: Object.fromEntries(
      [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name, value]),
    ),
    fields,
  }));
}

testSink("prometheus", async (t) => {
  const directory = t.testdir();
  const path = join(directory, "stalewatch.prom");
  return {
    sink: await openPrometheusSink({ name: "prometheus_file", path }),
    read: () => readFile(path, "utf8"),
    parse: parsePoints,
    breakTarget: () => rm(directory, { recursive: true }),
  };
});

const sample = point(contractSample, { tags: { name: "a" }, fields: { size: 1 } });

test("the old file stays until the round ends, and only the new one is left", async (t) => {
  const directory = t.testdir({ "stalewatch.prom": "old 1\n" });
  const path = join(directory, "stalewatch.prom");
  const sink = await openPrometheusSink({ name: "prometheus_file", path });
  await sink.write([sample]);
  t.equal(await readFile(path, "utf8"), "old 1\n");
  await sink.flush();
  t.match(await readFile(path, "utf8"), /^contract_size\{name="a"\} 1$/m);
  t.strictSame(await readdir(directory), ["stalewatch.prom"]);
});

test("a round forgets the series of the last", async (t) => {
  const path = join(t.testdir(), "stalewatch.prom");
  const sink = await openPrometheusSink({ name: "prometheus_file", path });
  await sink.write([sample]);
  await sink.flush();
  await sink.flush();
  t.equal(await readFile(path, "utf8"), "");
});

test("a point of strings alone has nothing to write", async (t) => {
  const sink = await openPrometheusSink({ name: "prometheus_file", path: join(t.testdir(), "stalewatch.prom") });
  const noted = point(contractSample, { tags: {}, fields: { note: "n" } });
  t.strictSame(await sink.write([noted]), { points: 0, droppedPoints: 1, droppedFields: 0 });
});

test("a failed replacement leaves no temporary file", async (t) => {
  const directory = t.testdir({});
  const path = join(directory, "stalewatch.prom");
  const sink = await openPrometheusSink({ name: "prometheus_file", path });
  await sink.write([sample]);
  t.testdir({ "stalewatch.prom": {} });
  await t.rejects(sink.flush(), { message: /^can't write prometheus_file: .+ \(E\w+\)$/ });
  t.strictSame(await readdir(directory), ["stalewatch.prom"]);
});
