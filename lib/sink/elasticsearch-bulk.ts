import type { EncodedDocument } from "./elasticsearch-chunks.ts";
import type { BulkItem, ElasticsearchCalls } from "./elasticsearch-client.ts";
import { classifyThrown, ElasticsearchFailure, sayError } from "./elasticsearch-failure.ts";
import type { Patience } from "./elasticsearch-patience.ts";
import type { DocumentTotals } from "./sink.ts";
import { addDocuments, noDocuments, undeliveredFor } from "./totals.ts";

export interface Sending {
  readonly calls: ElasticsearchCalls;
  readonly patience: Patience;
  readonly stop: AbortSignal;
}

type Chunk = readonly EncodedDocument[];

/** Sends until every document has an answer of its own, or the server has to be given up. */
export async function sendChunk(chunk: Chunk, sending: Sending): Promise<DocumentTotals> {
  let totals = noDocuments;
  let waiting = chunk;
  for (;;) {
    const { settled, again, failure } = await tryChunk(waiting, sending);
    totals = addDocuments(totals, settled);
    if (again.length < waiting.length) sending.patience.calm();
    if (failure === undefined) return totals;
    if (isForTooMuch(failure)) return addDocuments(totals, await sendHalves(again, failure, sending));
    if (!(await sending.patience.wait(failure)))
      return addDocuments(totals, undeliveredFor(failure.message, documentsOf(again)));
    waiting = again;
  }
}

/** The second is how a document that can't be sent, such as one with an id of more than 512 bytes, fails its request. */
const isForTooMuch = ({ status, type }: ElasticsearchFailure): boolean =>
  status === 413 || (status === 400 && type === "action_request_validation_exception");

/** Until what is too much, or can't be sent at all, stands alone. */
async function sendHalves(chunk: Chunk, failure: ElasticsearchFailure, sending: Sending): Promise<DocumentTotals> {
  if (chunk.length === 1) return { ...noDocuments, rejected: rejectAll(chunk, failure.message) };
  const middle = Math.ceil(chunk.length / 2);
  const [front, back] = [chunk.slice(0, middle), chunk.slice(middle)];
  const sent = await sendChunk(front, sending);
  if (sent.reason !== undefined) return addDocuments(sent, undeliveredFor(sent.reason, documentsOf(back)));
  return addDocuments(sent, await sendChunk(back, sending));
}

interface Tried {
  readonly settled: DocumentTotals;
  /** Those without an answer that settles them, where there is a failure. */
  readonly again: Chunk;
  readonly failure: ElasticsearchFailure | undefined;
}

async function tryChunk(chunk: Chunk, { calls, stop }: Sending): Promise<Tried> {
  const lines = chunk.flatMap((one) => one.lines);
  try {
    return judgeItems(chunk, await calls.bulk(lines, stop));
  } catch (thrown) {
    return { settled: noDocuments, again: chunk, failure: classifyThrown(thrown) };
  }
}

type Verdict = "stored" | "duplicate" | "again" | "withheld" | "rejected";

/** A missing privilege or index is no fault of the document's, and may be put right before it is delivered again. */
function verdictOf(status: number): Verdict {
  if (status >= 200 && status < 300) return "stored";
  if (status === 409) return "duplicate";
  if (status === 429 || status >= 500) return "again";
  return status === 401 || status === 403 || status === 404 ? "withheld" : "rejected";
}

function judgeItems(chunk: Chunk, items: readonly BulkItem[]): Tried {
  const answered = chunk.map((encoded, at) => {
    const { status, error }: BulkItem = items[at] ?? { status: 500, error: undefined };
    return { encoded, verdict: verdictOf(status), status, reason: `HTTP ${status}: ${sayError(error) ?? "no reason"}` };
  });
  const of = (verdict: Verdict) => answered.filter((one) => one.verdict === verdict);
  const [again, withheld] = [of("again"), of("withheld")];
  const settled = {
    ...{ stored: of("stored").length, duplicates: of("duplicate").length },
    rejected: of("rejected").flatMap(({ encoded, reason }) => rejectAll([encoded], reason)),
    ...{ undelivered: documentsOf(withheld.map(({ encoded }) => encoded)), reason: withheld[0]?.reason },
  };
  const [first] = again;
  const failure =
    first && new ElasticsearchFailure("unreachable", first.reason, { isPassing: true, status: first.status });
  return { settled, again: again.map(({ encoded }) => encoded), failure };
}

const rejectAll = (chunk: Chunk, reason: string) => documentsOf(chunk).map((document) => ({ document, reason }));

const documentsOf = (chunk: Chunk) => chunk.map(({ document }) => document);
