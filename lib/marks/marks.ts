import type { JsonObject } from "../core/json.ts";
import { days, type Millis } from "../core/time.ts";
import type { InstanceName } from "../host-events/event.ts";
import type { Store } from "../state/store.ts";
import { updateRecord } from "../state/update-record.ts";
import { type Mark, markId, newMark } from "./mark.ts";

/** The marks of one account's instances. */
export interface Marks {
  /** In the order of regions and ids, streamed. */
  list(region?: string): AsyncIterable<Mark>;
  find(name: Omit<InstanceName, "accountId">): Promise<Mark | undefined>;
  /** Made where there is none yet. Durable before the answer, and no other process's change is lost. */
  update(name: Omit<InstanceName, "accountId">, alter: (mark: Mark) => Mark): Promise<Mark>;
  /** The same of one that there is; nothing is made, and nothing written where `alter` leaves it as it is. */
  change(name: Omit<InstanceName, "accountId">, alter: (mark: Mark) => Mark): Promise<Mark | undefined>;
  /** False where it has changed meanwhile: somebody touched the instance again. */
  remove(mark: Mark): Promise<boolean>;
}

/** After its instance's end, as the original kept its rows. */
const keptAfterEnd = days(30);

export function openMarks(store: Store, accountId: string, clock: () => Millis): Marks {
  const collection = `dirty.marks#${accountId}`;
  const lifetimeOf = ({ endedAt }: Mark) => (endedAt === undefined ? {} : { expiresAt: clock() + keptAfterEnd });
  return {
    async *list(region) {
      for await (const { body } of store.list(collection, region === undefined ? {} : { prefix: `${region}/` })) {
        const mark = asMark(body);
        if (mark !== undefined) yield mark;
      }
    },
    async find(name) {
      const found = await store.get(collection, markId(name));
      return found && asMark(found.body);
    },
    update(name, alter) {
      let altered: Mark | undefined;
      return updateRecord(store, {
        ...{ collection, id: markId(name), read: asMark },
        alter: (mark) => {
          altered = alter(mark ?? newMark({ ...name, accountId }));
          return altered;
        },
        lifetime: () => (altered === undefined ? {} : lifetimeOf(altered)),
      });
    },
    async change(name, alter) {
      for (;;) {
        const found = await store.get(collection, markId(name));
        const mark = found && asMark(found.body);
        if (found === undefined || mark === undefined) return undefined;
        const altered = alter(mark);
        if (altered === mark) return mark;
        const replacement = { body: asBody(altered), expectedVersion: found.version, ...lifetimeOf(altered) };
        if ((await store.replace(collection, markId(name), replacement)) === "replaced") return altered;
      }
    },
    async remove(mark) {
      const found = await store.get(collection, markId(mark));
      if (found === undefined) return true;
      if (JSON.stringify(asMark(found.body)) !== JSON.stringify(mark)) return false;
      return (await store.remove(collection, markId(mark), found.version)) === "removed";
    },
  };
}

/** As the store keeps it: without members that have no value. */
const asBody = (mark: Mark): JsonObject => JSON.parse(JSON.stringify(mark));

/** `update` or `change` wrote it. */
const asMark = (body: JsonObject): Mark | undefined => (body.shape === 1 ? (body as unknown as Mark) : undefined);
