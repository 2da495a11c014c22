import type { Store } from "../state/store.ts";
import type { Promised, TagsDue } from "./promised.ts";

/**
 * What tells the next run, or another process, of tags that are not put yet. It is written after the marks and before
 * their messages are acknowledged; whoever dies in between is delivered them again.
 */
export interface DueBook {
  /** Durable before the answer. */
  add(due: TagsDue): Promise<Promised>;
  /** By account, then region. */
  list(accountId?: string): AsyncIterable<Promised>;
  /** What is still due stays; none: the promise is kept. Another process may have kept it already. */
  settle(promised: Promised, stillDue: readonly string[]): Promise<void>;
}

const collection = "dirty.tags_due";

type Body = { readonly accountId: string; readonly region: string; readonly instanceIds: readonly string[] };

export function openDueBook(store: Store, newId: () => string): DueBook {
  const add = async (due: TagsDue): Promise<Promised> => {
    const { accountId, region, instanceIds } = due;
    const id = `${accountId}/${region}/${newId()}`;
    const made = await store.create(collection, id, { accountId, region, instanceIds });
    // Somebody's id may be ours by chance, and a promise that another process has kept meanwhile does no harm again.
    const found = made === "created" ? await store.get(collection, id) : undefined;
    return found === undefined ? add(due) : { ...due, id, version: found.version };
  };
  return {
    add,
    async *list(accountId) {
      const range = accountId === undefined ? {} : { prefix: `${accountId}/` };
      for await (const { id, version, body } of store.list<Body>(collection, range)) yield { ...body, id, version };
    },
    async settle({ id, version, accountId, region }, stillDue) {
      const body = { accountId, region, instanceIds: stillDue };
      // A conflict means that another process has settled it meanwhile, by what it found out itself.
      if (stillDue.length === 0) await store.remove(collection, id, version);
      else await store.replace(collection, id, { body, expectedVersion: version });
    },
  };
}
