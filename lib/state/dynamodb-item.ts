import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { OpsError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { Millis } from "../core/time.ts";
import type { Stored } from "./store.ts";

export type Item = Readonly<Record<string, AttributeValue>>;

export interface NewItem {
  readonly collection: string;
  readonly id: string;
  readonly version: number;
  readonly expiresAt: Millis | undefined;
  readonly json: string;
  /** Marks one write, so that it is known again where its answer was lost. */
  readonly writer: string;
}

export const keyOf = (collection: string, id: string): Record<string, AttributeValue> => ({
  collection: { S: collection },
  id: { S: id },
});

export const number = (value: number): AttributeValue => ({ N: String(value) });

export const formatItem = ({ collection, id, version, expiresAt, json, writer }: NewItem) => ({
  ...keyOf(collection, id),
  version: number(version),
  body: { S: json },
  writer: { S: writer },
  ...(expiresAt === undefined
    ? {}
    : // Time to live knows seconds, and deletes within days; which millisecond it was is judged in every read.
      { expires_at: number(Math.ceil(expiresAt / 1000)), expires_at_ms: number(expiresAt) }),
});

export const expiryOf = ({ expires_at_ms: expiry }: Item): { readonly expiresAt: Millis | undefined } => ({
  expiresAt: expiry?.N === undefined ? undefined : Number(expiry.N),
});

/** Throws for an item that no store wrote. */
export function parseItem<Body extends JsonObject>({ collection, id, version, body }: Item): Stored<Body> {
  if (id?.S === undefined || version?.N === undefined || body?.S === undefined) {
    throw new OpsError("other", `"${id?.S}" in "${collection?.S}" is no record of a store`);
  }
  // The caller names the type of what it has stored.
  return { id: id.S, version: Number(version.N), body: JSON.parse(body.S) as Body };
}
