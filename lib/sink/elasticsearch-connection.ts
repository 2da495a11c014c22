import type { Document } from "../core/document.ts";
import { messageOf, OpsError } from "../core/errors.ts";
import type { Secret } from "../core/secret.ts";
import type { Millis } from "../core/time.ts";
import type { ElasticsearchSettings } from "../settings/elasticsearch-settings.ts";
import type { SecretSource } from "../settings/secret-settings.ts";
import { sendChunk } from "./elasticsearch-bulk.ts";
import { cutChunks } from "./elasticsearch-chunks.ts";
import { connectElasticsearch, type ElasticsearchCalls } from "./elasticsearch-client.ts";
import { readCredentials } from "./elasticsearch-credentials.ts";
import { prepareIndex } from "./elasticsearch-index.ts";
import { openPatience } from "./elasticsearch-patience.ts";
import type { DocumentTotals } from "./sink.ts";
import { addDocuments, noDocuments, undeliveredFor } from "./totals.ts";

export interface ElasticsearchTarget {
  readonly settings: ElasticsearchSettings;
  readonly readSecret: (source: SecretSource, stop: AbortSignal) => Promise<Secret>;
  readonly warn: (message: string) => void;
  /** How long one request may take. */
  readonly timeout: Millis;
  /** How long the server may be in trouble before it is given up. */
  readonly patience: Millis;
  /** Before the second try; each further wait is twice as long. */
  readonly firstWait: Millis;
}

/** A server whose index is prepared. */
export interface Connection {
  /** Never rejects; its reason does not name the target. */
  send(documents: readonly Document[], stop: AbortSignal): Promise<DocumentTotals>;
  close(): void;
}

/** Throws an OpsError without any secret in it. */
export async function openConnection(target: ElasticsearchTarget, stop: AbortSignal): Promise<Connection> {
  const { settings, readSecret, timeout, warn } = target;
  const { elasticsearchUrl: urls, elasticsearchCaFile: caFile, elasticsearchIndex: index } = settings;
  const { auth, hide } = await readCredentials(settings, (source) => readSecret(source, stop));
  const calls = await connectElasticsearch({ urls, auth, caFile, timeout });
  const opening = openPatience({ ...target, stop });
  try {
    const warning = await prepareIndex(index, { calls, patience: opening, stop });
    if (warning !== undefined) warn(hide(warning));
  } catch (thrown) {
    calls.close();
    throw new OpsError("other", hide(messageOf(thrown)));
  }
  return {
    async send(documents, stop) {
      const totals = await sendAll(documents, { calls, target, stop });
      return totals.reason === undefined ? totals : { ...totals, reason: hide(totals.reason) };
    },
    close: calls.close,
  };
}

interface Sending {
  readonly calls: ElasticsearchCalls;
  readonly target: ElasticsearchTarget;
  readonly stop: AbortSignal;
}

async function sendAll(documents: readonly Document[], { calls, target, stop }: Sending): Promise<DocumentTotals> {
  const patience = openPatience({ ...target, stop });
  let totals = noDocuments;
  let sent = 0;
  for (const chunk of cutChunks(documents)) {
    totals = addDocuments(totals, await sendChunk(chunk, { calls, patience, stop }));
    sent += chunk.length;
    if (totals.reason !== undefined) return addDocuments(totals, undeliveredFor(totals.reason, documents.slice(sent)));
  }
  return totals;
}
