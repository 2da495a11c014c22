import type { Test } from "tap";
import { type InfluxDb, startInfluxDb } from "./start-influxdb.ts";
import { startVictoriaMetrics, type VictoriaMetrics } from "./start-victoria-metrics.ts";

export interface Stores {
  readonly influxDb: InfluxDb;
  readonly victoriaMetrics: VictoriaMetrics;
  /** Telegraf's outputs to both, into the database telegraf; direct is another one. */
  readonly outputs: string;
}

export async function startStores(t: Test): Promise<Stores> {
  const [influxDb, victoriaMetrics] = await Promise.all([startInfluxDb(t), startVictoriaMetrics(t)]);
  for (const database of ["telegraf", "direct"]) await influxDb.query("", `CREATE DATABASE ${database}`);
  return { influxDb, victoriaMetrics, outputs: [influxDb, victoriaMetrics].map(outputTo).join("\n") };
}

const outputTo = ({ url }: { readonly url: string }): string => `[[outputs.influxdb]]
  urls = ["${url}"]
  database = "telegraf"
  skip_database_creation = true
`;
