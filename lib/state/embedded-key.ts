import { checkName, checkRange } from "./record.ts";
import type { Range } from "./store.ts";

/** LMDB orders keys by their bytes, so a key is the UTF-8 of the collection, NUL and the id. */
const encodeKey = (collection: string, id: string): Buffer => Buffer.from(`${collection}\0${id}`);

export function keyOf(collection: string, id: string): Buffer {
  checkName(collection, id);
  return encodeKey(collection, id);
}

export const idOf = (collection: string, key: Buffer): string =>
  Buffer.from(key).toString("utf8", Buffer.byteLength(collection) + 1);

interface KeyRange {
  readonly start: Buffer;
  /** The first key beyond it. */
  readonly end: Buffer;
}

export function keyRange(collection: string, { prefix = "", from = "" }: Range): KeyRange {
  checkRange(collection, [prefix, from]);
  const [prefixed, wanted] = [encodeKey(collection, prefix), encodeKey(collection, from)];
  const start = Buffer.compare(prefixed, wanted) < 0 ? wanted : prefixed;
  // UTF-8 has no byte 255.
  return { start, end: Buffer.concat([prefixed, Buffer.from([255])]) };
}

export const afterKey = (key: Buffer): Buffer => Buffer.concat([key, Buffer.from([0])]);
