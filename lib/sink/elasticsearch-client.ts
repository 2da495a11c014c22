import { readFile } from "node:fs/promises";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { Client, type ClientOptions, HttpConnection } from "@elastic/elasticsearch";
import { messageOf } from "../core/errors.ts";
import type { Millis } from "../core/time.ts";
import { exchange } from "./elasticsearch-exchange.ts";
import { ElasticsearchFailure, type RawAnswer, unexpected } from "./elasticsearch-failure.ts";
import type { IndexTemplate } from "./elasticsearch-template.ts";

export interface ElasticsearchAddress {
  readonly urls: readonly string[];
  readonly auth: ElasticsearchAuth | undefined;
  readonly caFile: string | undefined;
  /** How long one request may take. */
  readonly timeout: Millis;
}

export type ElasticsearchAuth = NonNullable<ClientOptions["auth"]>;

/** What is asked of Elasticsearch; every call throws ElasticsearchFailure, and tries once. */
export interface ElasticsearchCalls {
  /** Two lines for each document to create; the answer's items are theirs, in the same order. */
  bulk(lines: readonly string[], stop: AbortSignal): Promise<readonly BulkItem[]>;
  findTemplateVersion(name: string, stop: AbortSignal): Promise<number | undefined>;
  putTemplate(name: string, template: IndexTemplate, stop: AbortSignal): Promise<void>;
  /** Cuts what is under way. */
  close(): void;
}

export interface BulkItem {
  readonly status: number;
  readonly error: unknown;
}

/** Of a thousand items nothing else is read; errors of the whole request are not filtered. */
const filtered = { filter_path: ["items.*.status", "items.*.error"] };

export async function connectElasticsearch(address: ElasticsearchAddress): Promise<ElasticsearchCalls> {
  const { client, close } = await openClient(address);
  const limits = (stop: AbortSignal) => ({ stop, timeout: address.timeout, cut: close });
  return {
    async bulk(lines, stop) {
      const answer = await exchange(limits(stop), (signal) =>
        client.bulk({ ...filtered, operations: [...lines] }, { meta: true, signal }),
      );
      return itemsOf(answer, lines.length / 2);
    },
    async findTemplateVersion(name, stop) {
      const asked = exchange(limits(stop), (signal) =>
        client.indices.getIndexTemplate({ name }, { meta: true, signal }),
      );
      const found = await asked.catch(unlessMissing);
      return found === undefined ? undefined : versionOf(found);
    },
    async putTemplate(name, template, stop) {
      const answer = await exchange(limits(stop), (signal) =>
        client.indices.putIndexTemplate({ name, ...template }, { meta: true, signal }),
      );
      if (Object(answer.body).acknowledged !== true) throw unexpected(answer);
    },
    close,
  };
}

async function openClient({ urls, auth, caFile, timeout }: ElasticsearchAddress) {
  const agents: HttpAgent[] = [];
  const tls = caFile === undefined ? {} : { ca: await readCertificates(caFile) };
  const client = new Client({
    ...{ nodes: [...urls], tls, requestTimeout: timeout, maxRetries: 0, ...(auth && { auth }) },
    ...{ name: "stalewatch", enableMetaHeader: false },
    // Over Node's own HTTP, whose agents can be closed while an answer hangs.
    Connection: HttpConnection,
    agent: ({ url }) => {
      const agent =
        url.protocol === "https:" ? new HttpsAgent({ keepAlive: true, ...tls }) : new HttpAgent({ keepAlive: true });
      agents.push(agent);
      return agent;
    },
  });
  const close = () => {
    for (const agent of agents) agent.destroy();
  };
  return { client, close };
}

async function readCertificates(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    throw new ElasticsearchFailure("other", `can't read elasticsearch_ca_file "${path}": ${messageOf(thrown)}`);
  }
}

function unlessMissing(thrown: unknown): undefined {
  if (!(thrown instanceof ElasticsearchFailure) || thrown.status !== 404) throw thrown;
}

/** A template without a version is older than any. */
function versionOf(answer: RawAnswer): number {
  const { index_templates: templates }: { index_templates?: unknown } = Object(answer.body);
  if (!Array.isArray(templates) || templates.length !== 1) throw unexpected(answer);
  const version: unknown = templates[0]?.index_template?.version;
  return typeof version === "number" ? version : 0;
}

/** What a proxy or a broken server answers in their place must not count as stored. */
function itemsOf(answer: RawAnswer, wanted: number): readonly BulkItem[] {
  const { items }: { items?: unknown } = Object(answer.body);
  if (!Array.isArray(items) || items.length !== wanted) throw unexpected(answer);
  return items.map((item) => {
    const { status, error }: { status?: unknown; error?: unknown } = Object(Object(item).create);
    if (typeof status !== "number") throw unexpected(answer);
    return { status, error };
  });
}
