import type { JsonObject } from "../core/json.ts";
import { days, type Millis } from "../core/time.ts";
import { openAccess } from "./embedded-access.ts";
import { openDatabase } from "./embedded-database.ts";
import { afterKey, idOf, keyOf, keyRange } from "./embedded-key.ts";
import { encodeBody, firstVersion, isExpired, type StoreClock } from "./record.ts";
import type { Range, Store, Stored } from "./store.ts";

interface Row {
  readonly version: number;
  readonly expiresAt?: Millis;
  readonly body: JsonObject;
}

interface Entry {
  readonly key: Buffer;
  readonly row: Row;
}

interface EmbeddedRequest extends StoreClock {
  /** Made where it is not there, for its owner alone. */
  readonly directory: string;
}

/** Rows read at once: no read transaction stays open while the reader of a list does something else. */
const pageSize = 100;

/** Rows to be swept that the next transaction takes along; what is over, a later list finds again. */
const mostSwept = 1000;

/** How long a row stays on the disk that has expired: a clock that is wrong for an hour must not lose what holds. */
const keptExpired = days(30);

/** LMDB in a directory on a disk of this machine: not on NFS, since its locks are shared memory. */
export async function openEmbeddedStore({ directory, now = Date.now }: EmbeddedRequest): Promise<Store> {
  const rows = await openDatabase(directory);
  const { read, commit, close } = openAccess(rows, directory);
  const swept: Buffer[] = [];

  const readRow = (key: Buffer): Row | undefined => {
    const text = rows.get(key);
    return text === undefined ? undefined : parseRow(text);
  };
  const find = (key: Buffer): Row | undefined => {
    const row = readRow(key);
    return row === undefined || isExpired(row, now()) ? undefined : row;
  };
  const maySweep = (row: Row | undefined): boolean => row !== undefined && isExpired(row, now() - keptExpired);
  const readPage = (start: Buffer, end: Buffer): Entry[] =>
    read(() => {
      const page = rows.getRange({ start, end, limit: pageSize });
      return Array.from(page, ({ key, value }) => ({ key, row: parseRow(value) }));
    });
  const write = <Result>(work: () => Result): Promise<Result> =>
    commit(() => {
      for (const key of swept.splice(0)) if (maySweep(readRow(key))) rows.removeSync(key);
      return work();
    });

  return {
    close,
    async get<Body extends JsonObject>(collection: string, id: string) {
      const key = keyOf(collection, id);
      const row = read(() => find(key));
      return row === undefined ? undefined : asStored<Body>(id, row);
    },
    async create(collection, id, body, { expiresAt } = {}) {
      const key = keyOf(collection, id);
      const json = encodeBody(collection, id, body);
      return write(() => {
        if (find(key) !== undefined) return "exists";
        rows.putSync(key, formatRow(firstVersion(), expiresAt, json));
        return "created";
      });
    },
    async replace(collection, id, { body, expectedVersion, expiresAt }) {
      const key = keyOf(collection, id);
      const json = encodeBody(collection, id, body);
      return write(() => {
        if (find(key)?.version !== expectedVersion) return "conflict";
        rows.putSync(key, formatRow(expectedVersion + 1, expiresAt, json));
        return "replaced";
      });
    },
    async remove(collection, id, expectedVersion) {
      const key = keyOf(collection, id);
      return write(() => {
        if (find(key)?.version !== expectedVersion) return "conflict";
        rows.removeSync(key);
        return "removed";
      });
    },
    async *list<Body extends JsonObject>(collection: string, range: Range = {}) {
      const { start, end } = keyRange(collection, range);
      let next: Buffer | undefined = start;
      while (next !== undefined) {
        const page = readPage(next, end);
        for (const { key, row } of page) {
          if (!isExpired(row, now())) yield asStored<Body>(idOf(collection, key), row);
          else if (maySweep(row) && swept.length < mostSwept) swept.push(key);
        }
        const last = page.at(-1);
        next = last === undefined || page.length < pageSize ? undefined : afterKey(last.key);
      }
    },
  };
}

function formatRow(version: number, expiresAt: Millis | undefined, json: string): string {
  const head = JSON.stringify({ version, expiresAt });
  return `${head.slice(0, -1)},"body":${json}}`;
}

// Nobody but `formatRow` writes them.
const parseRow = (text: string): Row => JSON.parse(text) as Row;

const asStored = <Body extends JsonObject>(id: string, { version, body }: Row): Stored<Body> => ({
  id,
  version,
  // The caller names the type of what it has stored.
  body: body as Body,
});
