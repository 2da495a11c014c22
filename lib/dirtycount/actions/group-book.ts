import { createHash } from "node:crypto";
import type { JsonObject } from "../../core/json.ts";
import { days, type Millis } from "../../core/time.ts";
import type { Store } from "../../state/store.ts";
import { updateRecord } from "../../state/update-record.ts";

/** The last recycling that was begun in one Auto Scaling group. */
export interface LastRecycle {
  readonly instanceId: string;
  /** The journal's. */
  readonly actionId: string;
  readonly at: Millis;
}

export interface GroupName {
  readonly region: string;
  readonly group: string;
}

/** What tells the next run, or another process, whom a group may still be about to replace. */
export interface GroupBook {
  find(name: GroupName): Promise<LastRecycle | undefined>;
  /** Durable before the answer. */
  note(name: GroupName, last: LastRecycle): Promise<void>;
}

/** As long as the journal keeps what was done. */
const kept = days(400);

export function openGroupBook(store: Store, accountId: string, clock: () => Millis): GroupBook {
  const collection = `dirty.recycles#${accountId}`;
  return {
    async find(name) {
      const found = await store.get<Body>(collection, bookId(name));
      return found?.body;
    },
    async note(name, { instanceId, actionId, at }) {
      await updateRecord<Body>(store, {
        ...{ collection, id: bookId(name), read: () => undefined },
        alter: () => ({ ...name, instanceId, actionId, at }),
        lifetime: () => ({ expiresAt: clock() + kept }),
      });
    },
  };
}

type Body = JsonObject & LastRecycle & GroupName;

/** A group's name may be longer than a store's id. */
const bookId = ({ region, group }: GroupName): string =>
  `${region}/${createHash("sha256").update(group).digest("hex").slice(0, 32)}`;
