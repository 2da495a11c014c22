import { type Test, test } from "tap";
import type { Measurement } from "../../lib/core/point.ts";
import { iam, iamReport, keycheckAccount } from "../../lib/keycheck/report.ts";
import { stalewatchRun } from "../../lib/measurements/run.ts";
import { type PlainPoint, pointsOf } from "../support/run-executable.ts";
import { comparePoint, comparePoints, named } from "./support/compare-points.ts";
import { skipWithout } from "./support/peers.ts";
import { runKeycheck } from "./support/run-keycheck.ts";
import { runTelegrafOnce } from "./support/run-telegraf.ts";
import { profileEnvironment, startAws, twoAccounts } from "./support/scenario.ts";
import { adaptExecConf } from "./support/shipped-conf.ts";
import { type InfluxDb, presentTags, type Series } from "./support/start-influxdb.ts";
import { startStores } from "./support/start-stores.ts";
import type { VictoriaMetrics } from "./support/start-victoria-metrics.ts";

const skip = skipWithout("Telegraf", "InfluxDB", "VictoriaMetrics");

/** What the original printed, of its README. */
const originalLine = "iam,name=dev_afiunel,key=VHXVM,status=disabled,accountAlias=lacework-devtest age=197\n";

/** One scan through Telegraf, and one written to the stores as printed. */
async function fillStores(t: Test) {
  const { influxDb, victoriaMetrics, outputs } = await startStores(t);
  const environment = profileEnvironment(t, await startAws(t, { scenario: twoAccounts }));
  await influxDb.write("telegraf", `aws.${originalLine}`);
  await influxDb.write("direct", originalLine);

  const telegraf = await runTelegrafOnce(t, { conf: adaptExecConf({ environment }), outputs });
  t.notMatch(telegraf.stderr, / [EW]! \[outputs\./, "both stores take what Telegraf sends");
  const direct = await runKeycheck(t, { environment, args: ["prod", "dev"] });
  const fromReport = await runKeycheck(t, { environment, args: ["prod", "--from-report"] });
  for (const store of [influxDb, victoriaMetrics]) await store.write("direct", direct.stdout + fromReport.stdout);
  const [printed, printedDirect] = [pointsOf(telegraf), pointsOf(direct)];
  const written = printed.length + printedDirect.length + pointsOf(fromReport).length;
  return { influxDb, victoriaMetrics, printed, direct: printedDirect, written };
}

test("what is printed is what the stores hold", { skip }, async (t) => {
  const { influxDb, victoriaMetrics, printed, direct, written } = await fillStores(t);
  await t.test("InfluxDB knows every field by its declared type, age as a float", async (t) => {
    const wanted = { ...declaredTypes(iam), ...declaredTypes(iamReport), ...declaredTypes(keycheckAccount) };
    const declared = { ...wanted, ...declaredTypes(stalewatchRun) };
    const renamed = Object.entries(declared).map(([field, type]) => [field.replace(/^iam /, "aws.iam "), type]);
    t.match(declared, await fieldTypes(influxDb, "direct"));
    t.match(Object.fromEntries(renamed), await fieldTypes(influxDb, "telegraf"));
    t.match(await fieldTypes(influxDb, "direct"), { "iam age": "float", "iam_report age": "float" });
    t.match(await fieldTypes(influxDb, "telegraf"), { "aws.iam age": "float", "aws.iam expires_in_days": "integer" });
  });

  await t.test("InfluxDB refuses an age of another type, so an existing bucket would refuse ours", async (t) => {
    await t.rejects(influxDb.write("direct", "iam,name=x age=1i"), /field type conflict.*already exists as type float/);
  });

  await t.test("InfluxDB gives back every point, beside the original's", async (t) => {
    t.strictSame(await storedPoints(influxDb, "telegraf", "aws.iam"), comparePoints(named(printed, "aws.iam")));
    t.strictSame(await storedPoints(influxDb, "direct", "iam"), comparePoints(named(direct, "iam")));
    t.equal(named(direct, "iam").length, 9);
  });

  await t.test("VictoriaMetrics reads every line", async (t) => {
    t.strictSame(await storedAges(victoriaMetrics, "telegraf", "aws.iam_age"), agesOf(named(printed, "aws.iam")));
    t.strictSame(await storedAges(victoriaMetrics, "direct", "iam_age"), agesOf(named(direct, "iam")));
    const health = await victoriaMetrics.export('{__name__="stalewatch_run_ok",db="telegraf"}', 2);
    t.strictSame(
      health.map(({ values }) => values),
      [[1], [1]],
    );
    t.equal(await victoriaMetrics.invalidLines(written), 0);
  });

  await t.test("VictoriaMetrics would count what it can't read", async (t) => {
    await victoriaMetrics.write("direct", "iam,name=x,=y age=\n");
    t.equal(await victoriaMetrics.invalidLines(written + 1), 1);
  });
});

const declaredTypes = ({ name, fields }: Measurement): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([field, { kind }]) => [`${name} ${field}`, kind]));

async function fieldTypes(influxDb: InfluxDb, database: string): Promise<Record<string, string>> {
  const measurements = await influxDb.query(database, "SHOW FIELD KEYS");
  return Object.fromEntries(
    measurements.flatMap(({ name, values }) => values.map(([field, type]) => [`${name} ${field}`, String(type)])),
  );
}

/** All of a measurement but what the original had written: grouped by every tag, so that tags are told from fields. */
async function storedPoints(influxDb: InfluxDb, database: string, measurement: string): Promise<readonly string[]> {
  const series = await influxDb.query(
    database,
    `SELECT * FROM "${measurement}" WHERE "name" != 'dev_afiunel' GROUP BY *`,
  );
  return series.flatMap(readSeries).sort();
}

const readSeries = ({ tags = {}, columns, values }: Series): readonly string[] =>
  values.map((row) => {
    const fields = columns.map((column, index) => [column, row[index]] as const);
    const present = fields.filter(([column, value]) => column !== "time" && value !== null);
    return comparePoint({ tags: presentTags(tags), fields: Object.fromEntries(present) });
  });

const agesOf = (points: readonly PlainPoint[]) =>
  points.map(({ tags, fields }) => `${tags.name} ${tags.key} ${tags.key_slot} ${fields.age}`).sort();

async function storedAges(store: VictoriaMetrics, database: string, name: string): Promise<readonly string[]> {
  const series = await store.export(`{__name__="${name}",db="${database}"}`, 9);
  return series.map(({ metric, values }) => `${metric.name} ${metric.key} ${metric.key_slot} ${values.join()}`).sort();
}
