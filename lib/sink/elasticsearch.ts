import type { Document } from "../core/document.ts";
import { messageOf, OpsError } from "../core/errors.ts";
import { type Connection, type ElasticsearchTarget, openConnection } from "./elasticsearch-connection.ts";
import type { DocumentTotals, Sink } from "./sink.ts";
import { noDocuments, noTotals, undeliveredFor } from "./totals.ts";

/**
 * Documents to Elasticsearch 8 or 9: one request is under way at once, however many write. A server that had to be given up
 * is left alone for the rest of the round; the next one connects anew, and so finds secrets that were rotated.
 */
export function openElasticsearchSink(target: ElasticsearchTarget): Sink {
  const name = nameTarget(target);
  const warned = new Set<string>();
  const warn = (message: string) => {
    if (!warned.has(message)) target.warn(`${name}: ${message}`);
    warned.add(message);
  };
  let connection: Connection | undefined;
  let trouble: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const send = async (documents: readonly Document[], stop: AbortSignal): Promise<DocumentTotals> => {
    try {
      connection ??= await openConnection({ ...target, warn }, stop);
      return await connection.send(documents, stop);
    } catch (thrown) {
      return undeliveredFor(messageOf(thrown), documents);
    }
  };
  const close = () => {
    connection?.close();
    connection = undefined;
  };
  const deliver = async (documents: readonly Document[], stop: AbortSignal): Promise<DocumentTotals> => {
    if (trouble !== undefined) return undeliveredFor(trouble, documents);
    const totals = await send(documents, stop);
    if (totals.reason === undefined) return totals;
    const reason = `${name}: ${totals.reason}`;
    // Who stopped one account's scan has nothing against the server.
    if (!stop.aborted) {
      trouble = reason;
      close();
    }
    return { ...totals, reason };
  };
  return {
    name,
    write: async () => noTotals,
    writeDocuments(documents, stop) {
      if (documents.length === 0) return Promise.resolve(noDocuments);
      const delivered = turn.then(() => deliver(documents, stop));
      turn = delivered;
      return delivered;
    },
    async flush() {
      trouble = undefined;
    },
    async close() {
      close();
    },
  };
}

/** Throws, without showing them, for credentials in an address: messages name it. */
function nameTarget({ settings: { elasticsearchUrl: urls } }: ElasticsearchTarget): string {
  const isBare = (url: string) => {
    const { username, password } = new URL(url);
    return username === "" && password === "";
  };
  if (!urls.every(isBare)) throw new OpsError("other", "elasticsearch_url can't hold a user or a password");
  return `elasticsearch_url "${urls.join(",")}"`;
}
