import { test } from "tap";
import type { WriteDocuments } from "../../lib/sink/sink.ts";
import { noDocuments, undeliveredFor } from "../../lib/sink/totals.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import { openDocuments } from "../../lib/tagaudit/write-documents.ts";
import { now, violating } from "../support/tagaudit-records.ts";

const accountId = "123456789012";
const stored: WriteDocuments = async (documents) => ({ ...noDocuments, stored: documents.length });
const down: WriteDocuments = async (documents) => undeliveredFor("connection refused", documents);

const broken = (): Promise<never> => Promise.reject(new Error("disk full"));

/** Can't be read or written, one way or the other. */
const withoutReads = (): Store => ({
  ...openMemoryStore(),
  async *list() {
    yield await broken();
  },
});
const withoutWrites = (): Store => ({ ...openMemoryStore(), create: broken, replace: broken, remove: broken });

const open = (writeDocuments: WriteDocuments, store: Store | undefined) =>
  openDocuments({
    ...{ writeDocuments, store, clock: () => now, stop: new AbortController().signal },
    log: { configure: () => {}, error: () => {}, warn: () => {}, info: () => {}, debug: () => {} },
    scope: { partition: "aws", accountId, name: "prod", profile: "prod", callerArn: "" },
    run: {
      ...{ runId: "r1", index: "aws-audits", accountId, account: "acme-prod" },
      ...{ tagScheme: "owner", now, ecs: false },
    },
  });

async function problemOf(writeDocuments: WriteDocuments, store: Store | undefined) {
  const documents = await open(writeDocuments, store);
  await documents.add([violating()]);
  return documents.finish();
}

const cases = [
  { name: "stored", write: stored, store: openMemoryStore(), want: undefined },
  { name: "stored, and nothing is remembered", write: stored, store: undefined, want: undefined },
  {
    name: "kept where the server is down",
    write: down,
    store: openMemoryStore(),
    want: /^1 could not be delivered, kept for the next run: connection refused$/,
  },
  {
    name: "lost without a state",
    write: down,
    store: undefined,
    want: /^1 could not be delivered, 1 are lost: connection refused$/,
  },
  {
    name: "a spool that can't be read is a problem of the documents",
    write: stored,
    store: withoutReads(),
    want: /disk full/,
  },
  {
    name: "and one that can't be written, not of the region that was read",
    write: down,
    store: withoutWrites(),
    want: /disk full/,
  },
];

for (const { name, write, store, want } of cases) {
  test(name, async (t) => {
    const problem = await problemOf(write, store);
    if (want === undefined) t.equal(problem, undefined);
    else t.match(problem, want);
  });
}
