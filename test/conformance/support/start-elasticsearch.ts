import type { Test } from "tap";
import { seconds } from "../../../lib/core/time.ts";
import { findFreePort } from "./free-port.ts";
import { makeDirectory } from "./make-directory.ts";
import { getPeer } from "./peers.ts";
import { startProcess } from "./start-process.ts";
import { waitUntil } from "./wait-until.ts";

export interface Elasticsearch {
  readonly url: string;
  /** Throws what it refuses, word for word. */
  ask(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<ElasticsearchAnswer>;
  stop(): Promise<unknown>;
  /** With what it held when it was stopped. */
  restart(): Promise<void>;
}

/** Of any request; each member is there where the request asks for it. */
export interface ElasticsearchAnswer {
  readonly count: number;
  readonly hits: {
    readonly hits: readonly { readonly _id: string; readonly _source: Readonly<Record<string, unknown>> }[];
  };
  readonly aggregations: Readonly<Record<string, { readonly buckets: readonly Bucket[]; readonly value: number }>>;
  readonly index_templates: readonly { readonly name: string; readonly index_template: { readonly version: number } }[];
  readonly [index: string]: unknown;
}

export interface Bucket {
  readonly key: string | number;
  readonly key_as_string?: string;
  readonly doc_count: number;
}

/** A real Elasticsearch, empty. */
export async function startElasticsearch(t: Test): Promise<Elasticsearch> {
  const port = await findFreePort();
  const data = makeDirectory(t);
  const url = `http://127.0.0.1:${port}`;
  const start = async () => {
    const server = await startProcess(t, { command: getPeer("Elasticsearch"), args: [`${port}`, data] });
    const isReady = async () => (await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`)).ok;
    await waitUntil("Elasticsearch is ready", isReady, seconds(120));
    return server;
  };
  let server = await start();
  return {
    url,
    async ask(method, path, body) {
      const headers = { "content-type": "application/json" };
      const content = body === undefined ? {} : { headers, body: JSON.stringify(body) };
      const response = await fetch(url + path, { method, ...content });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return (await response.json()) as ElasticsearchAnswer;
    },
    stop: () => server.stop(),
    async restart() {
      server = await start();
    },
  };
}
