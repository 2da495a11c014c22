import { test } from "tap";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import { parseLineProtocol } from "../support/line-protocol-parser.ts";
import { legalNames } from "./support/names.ts";
import { skipWithout } from "./support/peers.ts";
import { runTelegrafOnce } from "./support/run-telegraf.ts";
import { profileEnvironment, startAws } from "./support/scenario.ts";
import { adaptExecConf } from "./support/shipped-conf.ts";
import type { InfluxDb } from "./support/start-influxdb.ts";
import { startStores } from "./support/start-stores.ts";
import type { VictoriaMetrics } from "./support/start-victoria-metrics.ts";

const skip = skipWithout("Telegraf", "InfluxDB", "VictoriaMetrics");

async function namesInInflux(influxDb: InfluxDb, from: string): Promise<readonly string[]> {
  const series = await influxDb.query("telegraf", `SHOW TAG VALUES FROM "${from}" WITH KEY = "name"`);
  return series.flatMap(({ values }) => values.map(([, name]) => String(name))).sort();
}

const namesInVictoria = async (store: VictoriaMetrics, metric: string, count: number): Promise<readonly string[]> =>
  (await store.export(`{__name__="${metric}"}`, count)).map(({ metric }) => metric.name ?? "").sort();

test("every name that IAM allows comes through Telegraf into both stores as it is", { skip }, async (t) => {
  const users = legalNames.map((name) => aUser({ name, keys: [aKey({ ageDays: 10.5 })] }));
  const prod = anAccount({ alias: "prod", users });
  const scenario = anOrganization({ accounts: [prod, anAccount({ id: "210987654321", alias: "dev" })] });
  const environment = profileEnvironment(t, await startAws(t, { scenario }));
  const { influxDb, victoriaMetrics, outputs } = await startStores(t);
  const telegraf = await runTelegrafOnce(t, { conf: adaptExecConf({ environment }), outputs });
  t.notMatch(telegraf.stderr, / [EW]! \[(inputs|outputs)\./);

  const wanted = [...legalNames].sort();
  t.ok(wanted.length > 200, `${wanted.length} names`);
  const printed = parseLineProtocol(telegraf.stdout);
  const keys = printed.filter((point) => point.measurement === "aws.iam");
  t.strictSame(keys.map(({ tags }) => tags.get("name")).sort(), wanted, "as Telegraf prints them");
  t.strictSame(await namesInInflux(influxDb, "aws.iam"), wanted, "as InfluxDB has them");
  t.strictSame(
    await namesInVictoria(victoriaMetrics, "aws.iam_age", wanted.length),
    wanted,
    "as VictoriaMetrics has them",
  );
  t.equal(await victoriaMetrics.invalidLines(printed.length), 0);
});
