import { randomBytes } from "node:crypto";
import type { Json } from "../core/json.ts";
import type { Millis } from "../core/time.ts";
import type { Store, Stored } from "../state/store.ts";
import { cutTexts, packText, unpackItems } from "./spool-text.ts";

/** Items in batches, in the order of their times. A batch is there once its head is; its pieces are written before. */
export interface SpoolBatches<Item extends Json> {
  /** As many as there is room for; tells how many that is. */
  add(items: readonly Item[], at: Millis): Promise<number>;
  list(): AsyncIterable<SpoolBatch<Item>>;
  /** Of items, in all batches. */
  count(): Promise<number>;
}

export interface SpoolBatch<Item extends Json> {
  readonly at: Millis;
  readonly count: number;
  /** `gone` where another process has removed it meanwhile. */
  read(): Promise<readonly Item[] | "unreadable" | "gone">;
  remove(): Promise<void>;
}

interface BatchOptions {
  readonly collection: string;
  readonly limits: BatchLimits;
  /** How long a batch is kept by the store, from its time on. */
  readonly life: Millis;
}

export interface BatchLimits {
  readonly items: number;
  /** As they are stored, which is compressed. */
  readonly bytes: number;
}

type Head = {
  readonly shape: 1;
  readonly at: Millis;
  readonly count: number;
  readonly bytes: number;
  readonly pieces: number;
};
type Piece = { readonly text: string };

const headPrefix = "batch/";

export function openSpoolBatches<Item extends Json>(
  store: Store,
  { collection, limits, life }: BatchOptions,
): SpoolBatches<Item> {
  let written = 0;
  const pieceId = (key: string, at: number) => `piece/${key}/${padded(at, 4)}`;

  const write = async (pieces: readonly string[], head: Head): Promise<void> => {
    const lifetime = { expiresAt: head.at + life };
    const key = `${padded(head.at, 15)}-${padded(written, 6)}-${randomBytes(8).toString("hex")}`;
    written += 1;
    for (const [at, text] of pieces.entries()) await store.create(collection, pieceId(key, at), { text }, lifetime);
    await store.create(collection, headPrefix + key, head, lifetime);
  };
  const asBatch = ({ id, version, body: head }: Stored<Head>): SpoolBatch<Item> => {
    const key = id.slice(headPrefix.length);
    const ids = Array.from({ length: head.pieces }, (_, at) => pieceId(key, at));
    return {
      ...{ at: head.at, count: head.count },
      async read() {
        const pieces = await Promise.all(ids.map((piece) => store.get<Piece>(collection, piece)));
        const texts = pieces.map((piece) => piece?.body.text ?? "");
        try {
          // `add` wrote them.
          return (await unpackItems(texts)) as readonly Item[];
        } catch {
          return (await store.get(collection, id)) === undefined ? "gone" : "unreadable";
        }
      },
      async remove() {
        await store.remove(collection, id, version);
        for (const piece of ids) await removeAny(store, collection, piece);
      },
    };
  };
  const listHeads = async function* (): AsyncGenerator<Stored<Head>> {
    for await (const head of store.list<Head>(collection, { prefix: headPrefix }))
      if (head.body.shape === 1) yield head;
  };
  return {
    async add(items, at) {
      let room = limits;
      for await (const { body } of listHeads()) room = without(room, body);
      let added = 0;
      for (const { text, count } of cutTexts(items)) {
        const pieces = await packText(text);
        const bytes = pieces.join("").length;
        if (count > room.items || bytes > room.bytes) break;
        await write(pieces, { shape: 1, at, count, bytes, pieces: pieces.length });
        room = without(room, { count, bytes });
        added += count;
      }
      return added;
    },
    async *list() {
      for await (const head of listHeads()) yield asBatch(head);
    },
    async count() {
      let count = 0;
      for await (const { body } of listHeads()) count += body.count;
      return count;
    },
  };
}

const without = ({ items, bytes }: BatchLimits, taken: Pick<Head, "count" | "bytes">): BatchLimits => ({
  items: items - taken.count,
  bytes: bytes - taken.bytes,
});

const padded = (count: number, digits: number): string => String(count).padStart(digits, "0");

async function removeAny(store: Store, collection: string, id: string): Promise<void> {
  const found = await store.get(collection, id);
  if (found !== undefined) await store.remove(collection, id, found.version);
}
