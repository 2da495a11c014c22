import type { JsonObject } from "../core/json.ts";
import type { Millis } from "../core/time.ts";

/**
 * A record as it stands: the version goes into the next `replace` or `remove`. Each replacement adds one to it; a created
 * record begins at a number of its own, so that a version of the record that had its id before never fits it.
 */
export interface Stored<Body extends JsonObject = JsonObject> {
  readonly id: string;
  readonly version: number;
  readonly body: Body;
}

export interface Lifetime {
  /** From then on the record reads as gone, deleted or not; absent: kept for good. */
  readonly expiresAt?: Millis | undefined;
}

/** Ids are ordered by their UTF-8 bytes. Each record that stays throughout is listed once; what comes or goes meanwhile may be. */
export interface Range {
  readonly prefix?: string;
  /** The first id that may come. */
  readonly from?: string;
}

/**
 * A small store of versioned documents. Collections are per program, kind and account: `keycheck.keys#123456789012`. A
 * caller names the type of body it has written itself. Every method throws an OpsError that names the store where it
 * can't be reached, read or written.
 */
export interface Store {
  /** Strongly consistent. */
  get<Body extends JsonObject>(collection: string, id: string): Promise<Stored<Body> | undefined>;
  /** Of any number of racing processes exactly one gets `created`. The record is durable before the answer. */
  create(collection: string, id: string, body: JsonObject, lifetime?: Lifetime): Promise<"created" | "exists">;
  /** Never a lost update: `conflict` where the record changed meanwhile, or is gone. */
  replace(
    collection: string,
    id: string,
    replacement: Lifetime & { readonly body: JsonObject; readonly expectedVersion: number },
  ): Promise<"replaced" | "conflict">;
  remove(collection: string, id: string, expectedVersion: number): Promise<"removed" | "conflict">;
  /** In the order of ids, streamed; without those that have expired. */
  list<Body extends JsonObject>(collection: string, range?: Range): AsyncIterable<Stored<Body>>;
  close(): Promise<void>;
}
