import type { Document } from "../core/document.ts";
import type { JsonObject } from "../core/json.ts";
import { days, type Millis } from "../core/time.ts";
import type { Store } from "../state/store.ts";
import type { DocumentTotals, RejectedDocument } from "./sink.ts";
import { type BatchLimits, openSpoolBatches, type SpoolBatch, type SpoolBatches } from "./spool-batches.ts";

export interface SpoolOptions {
  readonly program: string;
  readonly accountId: string;
  readonly clock: () => Millis;
  readonly warn: (message: string) => void;
  /** Absent: room for some runs of a large account. */
  readonly limits?: { readonly waiting: BatchLimits; readonly rejected: BatchLimits };
}

const defaultLimits = {
  waiting: { items: 200_000, bytes: 64 * 1024 * 1024 },
  rejected: { items: 10_000, bytes: 8 * 1024 * 1024 },
};

export interface Kept {
  readonly kept: number;
  /** Found no room, and are lost. */
  readonly dropped: number;
}

export interface DeliveredWaiting extends Pick<DocumentTotals, "stored" | "duplicates" | "reason"> {
  readonly rejected: number;
  /** Still to be delivered. */
  readonly waiting: number;
  /** Waited too long, or could not be read, and are lost. */
  readonly dropped: number;
}

export interface KeptReject extends RejectedDocument {
  readonly at: Millis;
}

type Write = (documents: readonly Document[]) => Promise<DocumentTotals>;

/** One account's documents that are to be delivered later. Every method throws the store's own errors. */
export interface Spool {
  /**
   * Delivers what waits, oldest first, until something can't be delivered. What a crash left both delivered and waiting is
   * delivered again, and found there already by its id.
   */
  deliverWaiting(write: Write): Promise<DeliveredWaiting>;
  keep(documents: readonly Document[]): Promise<Kept>;
  /** For people to look at: no later delivery would change what the server said of them. */
  keepRejected(rejected: readonly RejectedDocument[]): Promise<Kept>;
  listRejected(): AsyncIterable<KeptReject>;
}

/** What nobody could take for so long is of no use any more. */
const patience = days(30);

type SpooledDocument = { readonly index: string; readonly id: string; readonly body: JsonObject };
type SpooledReject = { readonly document: SpooledDocument; readonly reason: string };

/** Longer than anything waits, so that what waited in vain is still seen, and counted. */
const life = patience + days(2);

const nothing: DeliveredWaiting = {
  ...{ stored: 0, duplicates: 0, rejected: 0, waiting: 0, dropped: 0, reason: undefined },
};

export function openSpool(store: Store, options: SpoolOptions): Spool {
  const { clock, warn } = options;
  const waiting = openBatches<SpooledDocument>(store, "waiting", options);
  const { keepRejected, listRejected } = openRejects(store, options);
  const deliver = async (batch: SpoolBatch<SpooledDocument>, write: Write): Promise<DeliveredWaiting> => {
    const documents = clock() - batch.at > patience ? "unreadable" : await batch.read();
    if (documents === "gone") return nothing;
    if (documents === "unreadable") {
      await batch.remove();
      return { ...nothing, dropped: batch.count };
    }
    const { stored, duplicates, rejected, undelivered, reason } = await write(documents);
    await keepRejected(rejected);
    if (undelivered.length < documents.length) await replaceBatch(waiting, batch, undelivered.map(asJson));
    return { ...nothing, stored, duplicates, rejected: rejected.length, reason };
  };
  return {
    async deliverWaiting(write) {
      let delivered = nothing;
      for await (const batch of waiting.list()) {
        delivered = addDelivered(delivered, await deliver(batch, write));
        if (delivered.reason !== undefined) break;
      }
      const { dropped } = delivered;
      if (dropped > 0)
        warn(`${countDocuments(dropped)} lost: undelivered for ${patience / days(1)} days, or unreadable`);
      return { ...delivered, waiting: await waiting.count() };
    },
    async keep(documents) {
      const kept = await waiting.add(documents.map(asJson), clock());
      const dropped = documents.length - kept;
      if (dropped > 0) warn(`${countDocuments(dropped)} lost, for which the spool has no room`);
      return { kept, dropped };
    },
    keepRejected,
    listRejected,
  };
}

function openRejects(store: Store, options: SpoolOptions): Pick<Spool, "keepRejected" | "listRejected"> {
  const { clock, warn } = options;
  const rejects = openBatches<SpooledReject>(store, "rejected", options);
  return {
    async keepRejected(rejected) {
      const [first] = rejected;
      if (first === undefined) return { kept: 0, dropped: 0 };
      const items = rejected.map(({ document, reason }) => ({ document: asJson(document), reason }));
      const kept = await rejects.add(items, clock());
      const dropped = rejected.length - kept;
      const lost = dropped === 0 ? "" : `; ${dropped} of them found no room to be kept`;
      const example = `"${first.document.id}": ${first.reason}`;
      warn(`${countDocuments(rejected.length)} refused for good, such as ${example}${lost}`);
      return { kept, dropped };
    },
    async *listRejected() {
      for await (const batch of rejects.list()) {
        const items = await batch.read();
        if (typeof items !== "string") for (const item of items) yield { ...item, at: batch.at };
      }
    },
  };
}

const openBatches = <Item extends JsonObject>(
  store: Store,
  kind: "waiting" | "rejected",
  { program, accountId, limits = defaultLimits }: SpoolOptions,
): SpoolBatches<Item> =>
  openSpoolBatches(store, {
    ...{ collection: `spool.${program}.${kind}#${accountId}`, limits: limits[kind], life },
  });

/** Where there is no room for the rest alone, all of it is delivered again. */
async function replaceBatch<Item extends JsonObject>(
  batches: SpoolBatches<Item>,
  batch: SpoolBatch<Item>,
  rest: readonly Item[],
): Promise<void> {
  if ((await batches.add(rest, batch.at)) === rest.length) await batch.remove();
}

const asJson = ({ index, id, body }: Document): SpooledDocument => ({ index, id, body });

const countDocuments = (count: number): string => (count === 1 ? "1 document was" : `${count} documents were`);

const addDelivered = (left: DeliveredWaiting, right: DeliveredWaiting): DeliveredWaiting => ({
  stored: left.stored + right.stored,
  duplicates: left.duplicates + right.duplicates,
  rejected: left.rejected + right.rejected,
  waiting: 0,
  dropped: left.dropped + right.dropped,
  reason: left.reason ?? right.reason,
});
