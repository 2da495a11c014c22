import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";
import { seconds } from "../../../lib/core/time.ts";
import { isShown } from "./answers.ts";
import { makeDirectory } from "./make-directory.ts";
import { runKeycheck } from "./run-keycheck.ts";
import { runTelegrafOnce } from "./run-telegraf.ts";
import { adaptExecConf } from "./shipped-conf.ts";
import { startActing } from "./start-acting.ts";
import type { InfluxDb } from "./start-influxdb.ts";
import { startStores } from "./start-stores.ts";
import { startVictoriaMetrics, type VictoriaMetrics } from "./start-victoria-metrics.ts";
import { startWavefront, type WavefrontReceiver } from "./start-wavefront.ts";
import { waitUntil } from "./wait-until.ts";

export interface FilledStores {
  readonly influxDb: InfluxDb;
  /** With what Telegraf sent. */
  readonly victoriaMetrics: VictoriaMetrics;
  /** With what the sink prometheus wrote, as node_exporter would show it. */
  readonly prometheus: VictoriaMetrics;
  readonly wavefront: WavefrontReceiver;
}

/** Two good scopes, one of them partial, and one that fails, in mode commit; each on its way to every store. */
export async function fillStores(t: Test): Promise<FilledStores> {
  const [{ influxDb, victoriaMetrics, outputs }, prometheus, wavefront] = await Promise.all([
    startStores(t),
    startVictoriaMetrics(t),
    startWavefront(t),
  ]);
  const conf = adaptExecConf({ environment: await startActing(t) });
  for (const round of [conf, conf.replace('"prod"]', '"nobody"]')]) {
    const { stderr } = await runTelegrafOnce(t, { conf: round, outputs: outputs + wavefront.output });
    t.notMatch(stderr, / [EW]! \[outputs\./, "every output takes what Telegraf sends");
  }
  // Another two accounts of the same kind: a second run would find what the first has done.
  await exposeTextfile(t, await startActing(t), prometheus);
  await untilShown(victoriaMetrics, 'stalewatch_run_ok{scope="nobody"}');
  await untilShown(prometheus, "node_textfile_mtime_seconds");
  return { influxDb, victoriaMetrics, prometheus, wavefront };
}

/** VictoriaMetrics answers a write before it has read the lines, and keeps the newest second from queries. */
const untilShown = ({ url }: VictoriaMetrics, metric: string) =>
  waitUntil(`${metric} is shown`, () => isShown(url, metric));

/** Scraped five times, for a store judges by the pace of its samples how long one lasts. */
async function exposeTextfile(t: Test, environment: Readonly<Record<string, string>>, store: VictoriaMetrics) {
  const path = join(makeDirectory(t), "keycheck.prom");
  const args = ["prod", "dev", "nobody", "--sink=prometheus", "--prometheus-file", path];
  await runKeycheck(t, { environment, args });
  // node_exporter's own metric, for each file that it has read.
  const mtime = `node_textfile_mtime_seconds{file="${path}"} ${statSync(path).mtimeMs / 1000}\n`;
  for (const secondsAgo of [60, 45, 30, 15, 0]) {
    const url = `${store.url}/api/v1/import/prometheus?timestamp=${Date.now() - seconds(secondsAgo)}`;
    const response = await fetch(url, { method: "POST", body: readFileSync(path, "utf8") + mtime });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  }
}
