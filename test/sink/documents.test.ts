import { Writable } from "node:stream";
import { test } from "tap";
import { openDocumentsSink } from "../../lib/sink/documents.ts";
import { aDocument, testDocuments } from "../contract/documents.ts";

/** A stream that keeps what it is given, until it is broken. */
function openStream() {
  let written = "";
  let isBroken = false;
  const stream = new Writable({
    write(chunk, _encoding, done) {
      if (!isBroken) written += chunk;
      setImmediate(done, isBroken ? Object.assign(new Error("write EPIPE"), { code: "EPIPE" }) : null);
    },
  });
  const breakTarget = async () => {
    isBroken = true;
  };
  return { stream, written: () => written, breakTarget };
}

testDocuments("documents", async () => {
  const { stream, written, breakTarget } = openStream();
  return {
    ...{ sink: openDocumentsSink(stream), breakTarget },
    read: async () =>
      written()
        .split("\n")
        .slice(0, -1)
        .map((line) => {
          const { _index: index, _id: id, ...body } = JSON.parse(line);
          return { index, id, body };
        }),
  };
});

test("index and id stand in front, under names that no body has", async (t) => {
  const { stream, written } = openStream();
  await openDocumentsSink(stream).writeDocuments?.(
    [aDocument("run/i-1", { text: "\n" })],
    new AbortController().signal,
  );
  t.match(written(), /^\{"_index":"aws-audits","_id":"run\/i-1","doc_type":.*"id":"run\/i-1",.*"text":"\\n"\}\n$/);
});

test("the end of the round says that the reader is gone", async (t) => {
  const { stream, breakTarget } = openStream();
  const sink = openDocumentsSink(stream);
  await breakTarget();
  await sink.writeDocuments?.([aDocument("a")], new AbortController().signal);
  await t.rejects(sink.flush(), { name: "ReaderGone" });
});
