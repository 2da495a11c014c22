import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { test } from "tap";
import { point } from "../../lib/measurements/declare.ts";
import { openSinks, type SinkSettings } from "../../lib/sink/open-sinks.ts";
import { contractSample } from "../contract/sink.ts";

const defaults: SinkSettings = {
  sink: ["line-protocol"],
  jsonFile: "-",
  prometheusFile: undefined,
  dumpMetricToConsole: true,
};

const line = "contract,name=a size=1\n";
const json = '{"measurement":"contract","tags":{"name":"a"},"fields":{"size":1}}\n';

const cases = [
  { name: "line protocol goes to stdout", settings: {}, stdout: line, files: {} },
  {
    name: "a sink named twice writes once",
    settings: { sink: ["line-protocol", "line-protocol"] },
    stdout: line,
    files: {},
  },
  {
    name: "dump_metric_to_console = false keeps line protocol off stdout",
    settings: { dumpMetricToConsole: false },
    stdout: "",
    files: {},
  },
  { name: "JSON goes to stdout without a file", settings: { sink: ["json"] }, stdout: json, files: {} },
  {
    name: "a file takes JSON off stdout",
    settings: { sink: ["line-protocol", "json"], jsonFile: "points.json" },
    stdout: line,
    files: { "points.json": json },
  },
  {
    name: "Prometheus has its own file",
    settings: { sink: ["prometheus"], prometheusFile: "points.prom" },
    stdout: "",
    files: { "points.prom": '# HELP contract_size size\n# TYPE contract_size gauge\ncontract_size{name="a"} 1\n' },
  },
  { name: "Prometheus without a file writes nothing", settings: { sink: ["prometheus"] }, stdout: "", files: {} },
] as const;

for (const { name, settings, stdout, files } of cases) {
  test(name, async (t) => {
    const directory = t.testdir({});
    const place = (file: string | undefined) => (file === undefined || file === "-" ? file : join(directory, file));
    const wanted: SinkSettings = { ...defaults, ...settings };
    const { jsonFile, prometheusFile } = wanted;
    let written = "";
    const stream = new Writable({
      write(chunk, _encoding, done) {
        written += chunk;
        done();
      },
    });
    const sinks = await openSinks(
      { ...wanted, jsonFile: place(jsonFile) ?? "-", prometheusFile: place(prometheusFile) },
      stream,
    );
    await sinks.write([point(contractSample, { tags: { name: "a" }, fields: { size: 1 } })]);
    await sinks.close();
    t.equal(written, stdout);
    for (const [file, want] of Object.entries(files)) t.equal(readFileSync(join(directory, file), "utf8"), want);
  });
}

test("a file that could never be written is refused by its setting's name", async (t) => {
  const path = join(t.testdir({}), "absent", "points");
  const stream = new Writable();
  await t.rejects(openSinks({ ...defaults, sink: ["json"], jsonFile: path }, stream), {
    message: `can't write json_file "${path}": no such file or directory (ENOENT)`,
  });
  await t.rejects(openSinks({ ...defaults, sink: ["prometheus"], prometheusFile: path }, stream), {
    message: `can't write prometheus_file "${path}": no such file or directory (ENOENT)`,
  });
});
