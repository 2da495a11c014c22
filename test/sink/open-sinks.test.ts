import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { test } from "tap";
import { Secret } from "../../lib/core/secret.ts";
import { point } from "../../lib/measurements/declare.ts";
import { openSinks, type SinkSettings } from "../../lib/sink/open-sinks.ts";
import { contractSample } from "../contract/sink.ts";
import { startFakeElasticsearch } from "../support/fake-elasticsearch.ts";

const defaults: SinkSettings = {
  sink: ["line-protocol"],
  jsonFile: "-",
  prometheusFile: undefined,
  dumpMetricToConsole: true,
  deadline: 1000,
  ...{ elasticsearchUrl: [], elasticsearchIndex: "aws-audits", elasticsearchCaFile: undefined },
  ...{ elasticsearchApiKey: undefined, elasticsearchUser: undefined, elasticsearchPassword: undefined },
};

const aPoint = point(contractSample, { tags: { name: "a" }, fields: { size: 1 } });

function openStream() {
  let written = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += chunk;
      done();
    },
  });
  return { stream, written: () => written };
}

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
    const { stream, written } = openStream();
    const sinks = await openSinks(
      { ...wanted, jsonFile: place(jsonFile) ?? "-", prometheusFile: place(prometheusFile) },
      stream,
    );
    await sinks.write([aPoint]);
    await sinks.close();
    t.equal(written(), stdout);
    for (const [file, want] of Object.entries(files)) t.equal(readFileSync(join(directory, file), "utf8"), want);
  });
}

const document = { index: "aws-audits", id: "run/i-1", body: { "@timestamp": 1, id: "i-1", text: "\n" } };
const never = new AbortController().signal;

test("documents go to stdout as JSON lines, points nowhere", async (t) => {
  const { stream, written } = openStream();
  const sinks = await openSinks({ ...defaults, sink: ["documents"] }, stream);
  t.match(await sinks.writeDocuments?.([document, document], never), { stored: 2, rejected: [], undelivered: [] });
  await sinks.write([aPoint]);
  await sinks.close();
  const line = '{"_index":"aws-audits","_id":"run/i-1","@timestamp":1,"id":"i-1","text":"\\n"}\n';
  t.equal(written(), line + line);
});

test("sinks for points alone take no documents", async (t) => {
  const sinks = await openSinks({ ...defaults, sink: ["line-protocol", "json"] }, openStream().stream);
  t.equal(sinks.writeDocuments, undefined);
});

test("Elasticsearch takes documents, and reads its secrets by what it was given", async (t) => {
  const fake = await startFakeElasticsearch({ authorization: `ApiKey ${Buffer.from("id:key").toString("base64")}` });
  t.teardown(fake.close);
  const elasticsearchApiKey = { from: "env", name: "KEY" } as const;
  const settings = { ...defaults, sink: ["elasticsearch"], elasticsearchUrl: [fake.url], elasticsearchApiKey } as const;
  const remote = { readSecret: async () => new Secret("id:key"), warn: () => {} };
  const sinks = await openSinks(settings, openStream().stream, remote);
  t.match(await sinks.writeDocuments?.([document], never), { stored: 1 });
  t.strictSame(fake.documents.get("aws-audits/run/i-1"), document.body);
  await sinks.close();
  await t.rejects(openSinks(settings, openStream().stream), {
    message: "the sink elasticsearch has no way to read secrets",
  });
});

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
