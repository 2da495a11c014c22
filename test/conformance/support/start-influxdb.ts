import { join } from "node:path";
import type { Test } from "tap";
import { findFreePort } from "./free-port.ts";
import { makeDirectory } from "./make-directory.ts";
import { getPeer } from "./peers.ts";
import { startProcess } from "./start-process.ts";
import { waitUntil } from "./wait-until.ts";

/** A table of an answer: of one measurement, or of one tag set of it where the query groups. */
export interface Series {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | boolean | null)[])[];
}

export interface InfluxDb {
  readonly url: string;
  /** Throws what InfluxDB refuses, word for word. */
  query(database: string, influxQl: string): Promise<readonly Series[]>;
  write(database: string, lines: string): Promise<void>;
}

/** A real InfluxDB 1.x, empty. */
export async function startInfluxDb(t: Test): Promise<InfluxDb> {
  const port = await findFreePort();
  const root = makeDirectory(t);
  const conf = configure(root, port);
  const directory = makeDirectory(t, { "influxdb.conf": conf });
  await startProcess(t, { command: getPeer("InfluxDB"), args: ["-config", join(directory, "influxdb.conf")] });
  const url = `http://127.0.0.1:${port}`;
  await waitUntil("InfluxDB answers", async () => (await fetch(`${url}/ping`)).status === 204);
  return {
    url,
    query: (database, influxQl) => query(url, new URLSearchParams({ db: database, q: influxQl })),
    write: (database, lines) => write(`${url}/write?${new URLSearchParams({ db: database })}`, lines),
  };
}

const configure = (root: string, port: number): string => `reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
  dir = "${root}/meta"
[data]
  dir = "${root}/data"
  wal-dir = "${root}/wal"
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
[monitor]
  store-enabled = false
[logging]
  level = "warn"
`;

async function query(url: string, parameters: URLSearchParams): Promise<readonly Series[]> {
  const response = await fetch(`${url}/query`, { method: "POST", body: parameters });
  // InfluxDB 1.x answers a query in this form, and a refused one with `error` in one of two places.
  const answer = (await response.json()) as {
    readonly error?: string;
    readonly results?: readonly { readonly error?: string; readonly series?: readonly Series[] }[];
  };
  const refusal = answer.error ?? answer.results?.find(({ error }) => error !== undefined)?.error;
  if (refusal !== undefined) throw new Error(refusal);
  return answer.results?.flatMap(({ series = [] }) => series) ?? [];
}

/** 204 means that every line was taken; a refused one is 400, "partial write" where the others were taken. */
export async function write(url: string, lines: string): Promise<void> {
  const response = await fetch(url, { method: "POST", body: lines });
  if (response.status !== 204) throw new Error(`${response.status} ${await response.text()}`);
}

/** InfluxDB names every tag of a measurement in each of its series, those that a series lacks as empty. */
export const presentTags = (tags: NonNullable<Series["tags"]>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== ""));
