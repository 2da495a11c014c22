import type { Document } from "../core/document.ts";

/** A document as `_bulk` takes it. */
export interface EncodedDocument {
  readonly document: Document;
  readonly lines: readonly [action: string, source: string];
}

const mostDocuments = 500;

/** Below the 1 MiB that nginx lets through where nothing else is said; Elasticsearch itself takes 100 MB. */
const mostBytes = 1_000_000;

/** One chunk after the other, so that no more than one is held as text. A document that is larger goes alone. */
export function* cutChunks(documents: readonly Document[]): Generator<readonly EncodedDocument[]> {
  let chunk: EncodedDocument[] = [];
  let size = 0;
  for (const document of documents) {
    const lines = encodeCreation(document);
    const added = sizeOf(lines);
    if (chunk.length === mostDocuments || (chunk.length > 0 && size + added > mostBytes)) {
      yield chunk;
      chunk = [];
      size = 0;
    }
    chunk.push({ document, lines });
    size += added;
  }
  if (chunk.length > 0) yield chunk;
}

/** `create` never replaces what another delivery has stored under the same id. */
const encodeCreation = ({ index, id, body }: Document): EncodedDocument["lines"] => [
  JSON.stringify({ create: { _index: index, _id: id } }),
  JSON.stringify(body),
];

const sizeOf = (lines: readonly string[]): number =>
  lines.reduce((size, line) => size + Buffer.byteLength(line) + 1, 0);
