import type { JsonObject } from "../core/json.ts";
import type { Millis } from "../core/time.ts";
import { checkName, checkRange, compareIds, encodeBody, firstVersion, isExpired, type StoreClock } from "./record.ts";
import type { Range, Store, Stored } from "./store.ts";

interface Row {
  readonly version: number;
  readonly expiresAt: Millis | undefined;
  /** As text, so that nobody changes what is stored through an object at hand. */
  readonly json: string;
}

/** Forgets all at the end of the process: for tests. */
export function openMemoryStore({ now = Date.now }: StoreClock = {}): Store {
  const collections = new Map<string, Map<string, Row>>();

  const rowsOf = (collection: string): Map<string, Row> => {
    const rows = collections.get(collection) ?? new Map<string, Row>();
    collections.set(collection, rows);
    return rows;
  };
  const find = (collection: string, id: string): Row | undefined => {
    checkName(collection, id);
    const row = rowsOf(collection).get(id);
    return row === undefined || isExpired(row, now()) ? undefined : row;
  };

  return {
    async get<Body extends JsonObject>(collection: string, id: string) {
      const row = find(collection, id);
      return row === undefined ? undefined : asStored<Body>(id, row);
    },
    async create(collection, id, body, { expiresAt } = {}) {
      if (find(collection, id) !== undefined) return "exists";
      rowsOf(collection).set(id, { version: firstVersion(), expiresAt, json: encodeBody(collection, id, body) });
      return "created";
    },
    async replace(collection, id, { body, expectedVersion, expiresAt }) {
      const json = encodeBody(collection, id, body);
      if (find(collection, id)?.version !== expectedVersion) return "conflict";
      rowsOf(collection).set(id, { version: expectedVersion + 1, expiresAt, json });
      return "replaced";
    },
    async remove(collection, id, expectedVersion) {
      if (find(collection, id)?.version !== expectedVersion) return "conflict";
      rowsOf(collection).delete(id);
      return "removed";
    },
    async *list<Body extends JsonObject>(collection: string, { prefix = "", from = "" }: Range = {}) {
      checkRange(collection, [prefix, from]);
      const ids = [...rowsOf(collection).keys()].filter((id) => id.startsWith(prefix) && compareIds(id, from) >= 0);
      for (const id of ids.sort(compareIds)) {
        const row = find(collection, id);
        if (row !== undefined) yield asStored<Body>(id, row);
      }
    },
    async close() {},
  };
}

const asStored = <Body extends JsonObject>(id: string, { version, json }: Row): Stored<Body> => ({
  id,
  version,
  // The caller names the type of what it has stored.
  body: JSON.parse(json) as Body,
});
