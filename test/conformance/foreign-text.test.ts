import { join } from "node:path";
import fc from "fast-check";
import { type Test, test } from "tap";
import { encodePoint } from "../../lib/line-protocol/encode.ts";
import { integer, measurement, string } from "../../lib/measurements/declare.ts";
import { expectationOf, type HostilePoint, hostilePoints } from "../support/hostile-points.ts";
import { parseLineProtocol } from "../support/line-protocol-parser.ts";
import { comparePoint } from "./support/compare-points.ts";
import { makeDirectory } from "./support/make-directory.ts";
import { foreignTexts } from "./support/names.ts";
import { skipWithout } from "./support/peers.ts";
import { runTelegrafOnce } from "./support/run-telegraf.ts";
import { type InfluxDb, presentTags } from "./support/start-influxdb.ts";
import { startStores } from "./support/start-stores.ts";
import type { VictoriaMetrics } from "./support/start-victoria-metrics.ts";

const skip = skipWithout("Telegraf", "InfluxDB", "VictoriaMetrics");

const foreign = measurement({
  name: "foreign",
  says: "a stranger's text as a tag and as a string",
  tags: { name: "the text", row: "which text it is" },
  fields: { text: string("the text"), length: integer("its length") },
});

function foreignPoint(text: string, index: number): HostilePoint {
  const [tags, fields] = [
    { name: text, row: String(index) },
    { text, length: text.length },
  ];
  return {
    point: { measurement: foreign, tags, fields },
    tags: Object.entries(tags),
    fields: [
      ["text", "string", text],
      ["length", "integer", text.length],
    ],
  };
}

const texts = foreignTexts.map(foreignPoint);

/**
 * Points whose declarations strangers made as well, each a measurement of its own: no two give one field two types. Of
 * field keys, which are always our own, those with a quote are left out: VictoriaMetrics takes it for a string's.
 */
const strangers = fc
  .sample(hostilePoints, { numRuns: 600, seed: 20_260_301 })
  .filter(({ fields }) => !fields.some(([key]) => key.includes('"')))
  .map(
    ({ point, ...drawn }, index): HostilePoint => ({
      ...drawn,
      point: { ...point, measurement: { ...point.measurement, name: `stranger ${index} ${point.measurement.name}` } },
    }),
  );

/** Worked out without the encoder; what it can't write is left out. */
const expectations = [...texts, ...strangers].map(expectationOf).filter(({ written }) => written);
const lines = [...texts, ...strangers].flatMap(({ point }) => encodePoint(point).line ?? []);
const lineProtocol = lines.map((line) => `${line}\n`).join("");

type Texts = Iterable<readonly [string, unknown]>;

const comparable = (name: string, tags: Texts, fields: Texts): string =>
  JSON.stringify([name, [...tags].sort(), [...fields].sort()]);

const comparableFields = (fields: ReadonlyMap<string, { readonly kind: string; readonly value: unknown }>) =>
  [...fields].map(([name, { kind, value }]) => [name, `${kind} ${value}`] as const);

test("whatever strangers write, Telegraf and both stores read what was meant, and nothing beside it", {
  skip,
}, async (t) => {
  const { influxDb, victoriaMetrics, outputs } = await startStores(t);
  const path = join(makeDirectory(t, { lines: lineProtocol }), "lines");
  const conf = `[[inputs.exec]]\n  commands = [["cat", "${path}"]]\n  data_format = "influx"\n`;
  const telegraf = await runTelegrafOnce(t, { conf, outputs });
  await influxDb.write("direct", lineProtocol);
  await victoriaMetrics.write("direct", lineProtocol);

  t.notMatch(telegraf.stderr, / [EW]! \[(inputs|outputs)\./, "every output takes every point");
  t.ok(lines.length > 300, `${lines.length} lines`);
  t.strictSame(
    parseLineProtocol(telegraf.stdout)
      .map(({ measurement, tags, fields }) => comparable(measurement, tags, comparableFields(fields)))
      .sort(),
    expectations.map(({ name, tags, fields }) => comparable(name, tags, comparableFields(fields))).sort(),
    "as Telegraf prints them",
  );
  for (const database of ["telegraf", "direct"]) {
    await t.test(`the database ${database} of InfluxDB`, (t) => checkInflux(t, influxDb, database));
    await t.test(`the database ${database} of VictoriaMetrics`, (t) => checkVictoria(t, victoriaMetrics, database));
  }
});

/** What the texts alone must come to, in a store that keeps these fields of them. */
const wantedTexts = (...fields: readonly string[]): readonly string[] =>
  texts
    .map(expectationOf)
    .map((wanted) => {
      const kept = fields.map((field) => [field, plain(wanted.fields.get(field)?.value)]);
      return comparePoint({ tags: Object.fromEntries(wanted.tags), fields: Object.fromEntries(kept) });
    })
    .sort();

const plain = (value: unknown) => (typeof value === "bigint" ? Number(value) : value);

async function checkInflux(t: Test, influxDb: InfluxDb, database: string): Promise<void> {
  const series = await influxDb.query(database, 'SELECT "text", "length" FROM "foreign" GROUP BY *');
  const stored = series.flatMap(({ tags = {}, values }) =>
    values.map(([, text, length]) => comparePoint({ tags: presentTags(tags), fields: { text, length } })),
  );
  t.strictSame(stored.sort(), wantedTexts("text", "length"));
  const measurements = await influxDb.query(database, "SHOW MEASUREMENTS");
  t.strictSame(
    measurements.flatMap(({ values }) => values.map(([name]) => String(name))).sort(),
    [...new Set(expectations.map(({ name }) => name))].sort(),
    "no measurement but those meant",
  );
}

async function checkVictoria(t: Test, store: VictoriaMetrics, database: string): Promise<void> {
  const series = await store.export(`{__name__="foreign_length",db="${database}"}`, texts.length);
  const stored = series.map(({ metric: { __name__, db, ...tags }, values: [length] }) =>
    comparePoint({ tags, fields: { length } }),
  );
  t.strictSame(stored.sort(), wantedTexts("length"));
  t.equal(await store.invalidLines(2 * lines.length), 0);
}
