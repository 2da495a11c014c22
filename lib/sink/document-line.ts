import type { Document } from "../core/document.ts";
import type { EncodeLine } from "./line-chunks.ts";

/** One document as one JSON object; no body of Elasticsearch's can have members of these two names. */
export const encodeDocumentLine: EncodeLine<Document> = ({ index, id, body }) => ({
  line: JSON.stringify({ _index: index, _id: id, ...body }),
  droppedFields: 0,
});
