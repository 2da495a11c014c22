import type { Test } from "tap";
import { findFreePort } from "./free-port.ts";
import { makeDirectory } from "./make-directory.ts";
import { getPeer } from "./peers.ts";
import { write } from "./start-influxdb.ts";
import { startProcess } from "./start-process.ts";
import { waitUntil } from "./wait-until.ts";

export interface StoredSeries {
  /** Labels; the name is `__name__`, and the database written to is `db`. */
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

export interface VictoriaMetrics {
  readonly url: string;
  write(database: string, lines: string): Promise<void>;
  /** All series that match, once there are that many: it answers a write before it has read the lines. */
  export(match: string, count: number): Promise<readonly StoredSeries[]>;
  /** How many lines it could not read, of that many written in all: it answers 204 to those as well. */
  invalidLines(written: number): Promise<number>;
}

/** A real VictoriaMetrics, empty. */
export async function startVictoriaMetrics(t: Test): Promise<VictoriaMetrics> {
  const port = await findFreePort();
  await startProcess(t, {
    command: getPeer("VictoriaMetrics"),
    args: [
      `-storageDataPath=${makeDirectory(t)}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      ...["-retentionPeriod=100y", "-search.latencyOffset=1ms", "-search.disableCache"],
    ],
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntil("VictoriaMetrics answers", async () => (await fetch(`${url}/health`)).ok);
  return {
    url,
    write: (database, lines) => write(`${url}/write?${new URLSearchParams({ db: database })}`, lines),
    export: (match, count) =>
      waitUntil(`${count} series ${match}`, async () => {
        const series = await exportSeries(url, match);
        return series.length >= count && series;
      }),
    async invalidLines(written) {
      const counter = (name: string) => readCounter(url, `${name}{type="influx"}`);
      const invalid = () => counter("vm_rows_invalid_total");
      await waitUntil(
        `${written} lines are read`,
        async () => (await counter("vm_protoparser_rows_read_total")) + (await invalid()) >= written,
      );
      return invalid();
    },
  };
}

async function exportSeries(url: string, match: string): Promise<readonly StoredSeries[]> {
  await fetch(`${url}/internal/force_flush`);
  const response = await fetch(`${url}/api/v1/export?${new URLSearchParams({ "match[]": match })}`);
  const lines = (await response.text()).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line));
}

async function readCounter(url: string, name: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const line = metrics.split("\n").find((line) => line.startsWith(`${name} `));
  if (line === undefined) throw new Error(`VictoriaMetrics has no ${name}`);
  return Number(line.slice(name.length));
}
