import type { JsonObject } from "../core/json.ts";
import type { Lifetime, Store, Stored } from "./store.ts";

interface RecordUpdate<Value> {
  readonly collection: string;
  readonly id: string;
  /** Undefined for what is there and can't be used: it begins anew. */
  readonly read: (body: JsonObject) => Value | undefined;
  /** Of what is there; asked again where another process was quicker. */
  readonly alter: (found: Value | undefined) => Value;
  /** From the writing on. */
  readonly lifetime: () => Lifetime;
}

/** Changes one record, or makes it, so that no other process's change is lost. */
export async function updateRecord<Value extends object>(store: Store, update: RecordUpdate<Value>): Promise<Value> {
  const { collection, id, read, alter, lifetime } = update;
  for (;;) {
    const found = await store.get(collection, id);
    const value = alter(found && read(found.body));
    const written = await write(store, {
      collection,
      id,
      found,
      body: JSON.parse(JSON.stringify(value)),
      ...lifetime(),
    });
    if (written === "created" || written === "replaced") return value;
  }
}

interface RecordWrite extends Lifetime {
  readonly collection: string;
  readonly id: string;
  readonly found: Stored | undefined;
  readonly body: JsonObject;
}

const write = (store: Store, { collection, id, found, body, expiresAt }: RecordWrite) =>
  found === undefined
    ? store.create(collection, id, body, { expiresAt })
    : store.replace(collection, id, { body, expectedVersion: found.version, expiresAt });
