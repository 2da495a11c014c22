import { type Test, test } from "tap";
import type { Document } from "../../lib/core/document.ts";
import type { JsonObject } from "../../lib/core/json.ts";
import type { Sink } from "../../lib/sink/sink.ts";
import { noDocuments } from "../../lib/sink/totals.ts";
import { hostileTexts } from "../support/hostile-texts.ts";

export interface OpenedDocumentSink {
  readonly sink: Sink;
  /** All that has been stored so far. */
  readonly read: () => Promise<readonly Document[]>;
  /** From now on nothing can be stored. */
  readonly breakTarget: () => Promise<void>;
}

const index = "aws-audits";
const never = new AbortController().signal;

export const aDocument = (id: string, body: JsonObject = {}): Document => ({
  ...{ index, id },
  body: { doc_type: "aws_tag_violator", "@timestamp": "2026-03-01T12:00:00Z", id, age: 1.5, ...body },
});

const byId = (documents: readonly Document[]) => documents.toSorted((left, right) => (left.id < right.id ? -1 : 1));

function writerOf({ writeDocuments }: Sink) {
  if (writeDocuments === undefined) throw new Error("takes no documents");
  return (documents: readonly Document[], stop = never) => writeDocuments(documents, stop);
}

/** What holds for every sink that takes documents; called once by each implementation's own test. */
export function testDocuments(kind: string, open: (t: Test) => Promise<OpenedDocumentSink>): void {
  test(`${kind}: no documents in, none out`, async (t) => {
    const { sink, read } = await open(t);
    t.strictSame(await writerOf(sink)([]), noDocuments);
    await sink.flush();
    t.strictSame(await read(), []);
  });

  test(`${kind}: documents are there, unchanged, before the round ends`, async (t) => {
    const { sink, read } = await open(t);
    const body = { null: null, list: ["a=b", ""], nested: { deep: [{ a: 1 }] }, count: 2 ** 53 - 1, flag: false };
    const documents = [aDocument("a", body), aDocument("b")];
    t.strictSame(await writerOf(sink)(documents), { ...noDocuments, stored: 2 });
    t.strictSame(byId(await read()), documents);
  });

  test(`${kind}: foreign text adds no document and no field`, async (t) => {
    const { sink, read } = await open(t);
    const documents = hostileTexts.map((text, at) => aDocument(`text-${at}`, { tags: [text], [text]: 1 }));
    t.equal((await writerOf(sink)(documents)).stored, documents.length);
    t.strictSame(byId(await read()), byId(documents));
  });

  test(`${kind}: overlapping writes keep every document whole`, async (t) => {
    const { sink, read } = await open(t);
    const batches = ["a", "b", "c"].map((run) => Array.from({ length: 700 }, (_, at) => aDocument(`${run}-${at}`)));
    const totals = await Promise.all(batches.map((batch) => writerOf(sink)(batch)));
    t.strictSame(totals, Array(3).fill({ ...noDocuments, stored: 700 }));
    t.strictSame(byId(await read()), byId(batches.flat()));
  });

  test(`${kind}: points go elsewhere, and count as nothing`, async (t) => {
    const { sink, read } = await open(t);
    t.strictSame(await sink.write([]), { points: 0, droppedPoints: 0, droppedFields: 0 });
    t.strictSame(await read(), []);
  });

  test(`${kind}: a broken target is no error: all is undelivered, with a reason that names it`, async (t) => {
    const { sink, breakTarget } = await open(t);
    await writerOf(sink)([aDocument("a")]);
    await breakTarget();
    const documents = [aDocument("b"), aDocument("c")];
    for (const _ of [1, 2]) {
      const { reason, ...totals } = await writerOf(sink)(documents);
      t.strictSame({ ...totals, reason: undefined }, { ...noDocuments, undelivered: documents });
      t.ok(reason?.includes(sink.name), `${reason}`);
    }
  });
}
