import { randomInt } from "node:crypto";
import { OpsError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { Millis } from "../core/time.ts";

// Every store has the limits of the narrowest, so that what one takes the others take.

/** DynamoDB's items end at 409,600 bytes, their keys and the names of attributes included. */
const largestBody = 400_000;

/** DynamoDB's limit for a sort key. */
const longestId = 1024;

/** LMDB's keys end at 1,978 bytes with pages of 4 KB. */
const longestKey = 1900;

/** Throws for a name that some store could not keep, or could not tell from another. */
export function checkName(collection: string, id: string): void {
  const problem = collectionProblem(collection) ?? idProblem(collection, id);
  if (problem !== undefined) throw new OpsError("other", `no record can be "${id}" in "${collection}": ${problem}`);
}

/** Throws for a range that no id can lie in. */
export function checkRange(collection: string, ends: readonly string[]): void {
  const problem = collectionProblem(collection) ?? (ends.every(isUnicode) ? undefined : "a range needs valid Unicode");
  if (problem !== undefined) throw new OpsError("other", `can't list "${collection}": ${problem}`);
}

function collectionProblem(collection: string): string | undefined {
  if (collection === "") return "a collection needs a name";
  if (!isUnicode(collection) || collection.includes("\0")) return "a collection needs valid Unicode without NUL";
  return undefined;
}

function idProblem(collection: string, id: string): string | undefined {
  if (id === "") return "an id can't be empty";
  if (!isUnicode(id)) return "an id needs valid Unicode";
  const [idLength, length] = [Buffer.byteLength(id), Buffer.byteLength(collection) + Buffer.byteLength(id)];
  if (idLength > longestId) return `the id has ${idLength} bytes, ${longestId} are the most`;
  if (length > longestKey) return `collection and id have ${length} bytes, ${longestKey} are the most`;
  return undefined;
}

/** Half of a surrogate pair has no UTF-8: two ids that differ in it alone would become one. */
const isUnicode = (text: string): boolean => Buffer.from(text).toString() === text;

/** JavaScript's own order, by UTF-16, puts U+1F600 before U+FFFD. */
export const compareIds = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left), Buffer.from(right));

/** A body as the JSON that is stored. */
export function encodeBody(collection: string, id: string, body: JsonObject): string {
  const json = JSON.stringify(body);
  const size = Buffer.byteLength(json);
  if (size <= largestBody) return json;
  const reason = `its body has ${size} bytes, ${largestBody} are the most`;
  throw new OpsError("other", `can't store "${id}" in "${collection}": ${reason}`);
}

/** Where a record's versions begin; drawn from enough numbers never to meet one of an earlier record's. */
export const firstVersion = (): number => randomInt(1, 2 ** 48 - 1);

export const isExpired = ({ expiresAt }: { readonly expiresAt?: Millis | undefined }, now: Millis): boolean =>
  expiresAt !== undefined && expiresAt <= now;

export interface StoreClock {
  /** Judges what has expired. */
  readonly now?: () => Millis;
}
