import type { Writable } from "node:stream";
import { messageOf } from "../core/errors.ts";
import { encodeDocumentLine } from "./document-line.ts";
import type { Sink } from "./sink.ts";
import { openLines } from "./stdout.ts";
import { noDocuments, noTotals, undeliveredFor } from "./totals.ts";

/** Documents as JSON lines on a stream that stays open, for any shipper that reads it. */
export function openDocumentsSink(stdout: Writable): Sink {
  const { name, write, flush } = openLines(stdout, encodeDocumentLine);
  return {
    name,
    write: async () => noTotals,
    async writeDocuments(documents) {
      try {
        await write(documents);
        await flush();
        return { ...noDocuments, stored: documents.length };
      } catch (thrown) {
        return undeliveredFor(messageOf(thrown), documents);
      }
    },
    flush,
    close: flush,
  };
}
