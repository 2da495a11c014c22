import pLimit from "p-limit";
import { messageOf } from "../core/errors.ts";
import type { Message } from "../core/queue.ts";
import type { Millis } from "../core/time.ts";
import type { InstanceName } from "../host-events/event.ts";
import { type Mark, type MarkedEvent, markId } from "../marks/mark.ts";
import { openMarks } from "../marks/marks.ts";
import { mergeEvents } from "../marks/merge-events.ts";
import type { TagsDue } from "../marks/promised.ts";
import { type DueBook, openDueBook } from "../marks/tags-due.ts";
import type { Store } from "../state/store.ts";

/** What one message says, once it is believed and no filter has dropped it. */
export interface MarkingMessage {
  readonly message: Message;
  readonly events: readonly MarkedEvent[];
}

export interface Keeper {
  /** Writes each instance's record once; durable before the answer. */
  keep(messages: readonly MarkingMessage[]): Promise<Kept>;
}

export interface Kept {
  /** All that they say is durable. */
  readonly recorded: readonly Message[];
  readonly marks: readonly Mark[];
  /** Why the others are not; undefined: all are. */
  readonly failure: string | undefined;
}

interface KeeperRequest {
  readonly store: Store;
  readonly clock: () => Millis;
  readonly newId: () => string;
  /** Whether its instance gets the tag. */
  readonly isTagged: (mark: Mark) => boolean;
  readonly concurrency: number;
  /** Told of every mark that is durable. */
  readonly audit: (marks: readonly Mark[]) => Promise<void>;
}

/** Marks first, then what is promised of tags: whoever dies in between is delivered the messages again. */
export function openKeeper(request: KeeperRequest): Keeper {
  const { store, clock, newId, isTagged, concurrency } = request;
  const due = openDueBook(store, newId);
  const write = ({ name, events }: InstanceEvents) =>
    openMarks(store, name.accountId, clock).update(name, (mark) => mergeEvents(mark, events));
  return {
    async keep(messages) {
      const limit = pLimit(concurrency);
      const groups = groupByInstance(messages.flatMap(({ events }) => events));
      const written = await Promise.allSettled(groups.map((group) => limit(() => write(group))));
      const marks = written.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      const lost = new Set(
        groups.flatMap(({ name }, at) => (written[at]?.status === "fulfilled" ? [] : [keyOf(name)])),
      );
      const promised = await promiseTags(marks.filter(isTagged), due);
      for (const key of promised.lost) lost.add(key);
      await request.audit(marks);
      const refused = written.find((one) => one.status === "rejected");
      return {
        recorded: messages.flatMap(({ message, events }) =>
          events.some(({ event }) => lost.has(keyOf(event))) ? [] : [message],
        ),
        marks,
        failure: refused === undefined ? promised.failure : messageOf(refused.reason),
      };
    },
  };
}

interface InstanceEvents {
  readonly name: InstanceName;
  readonly events: readonly MarkedEvent[];
}

function groupByInstance(events: readonly MarkedEvent[]): readonly InstanceEvents[] {
  const groups = new Map<string, { name: InstanceName; events: MarkedEvent[] }>();
  for (const marked of events) {
    const { accountId, region, instanceId } = marked.event;
    const name = { accountId, region, instanceId };
    const group = groups.get(keyOf(name)) ?? { name, events: [] };
    group.events.push(marked);
    groups.set(keyOf(name), group);
  }
  return [...groups.values()];
}

const keyOf = (name: InstanceName): string => `${name.accountId}/${markId(name)}`;

/** One row for each account and region. */
async function promiseTags(marks: readonly Mark[], due: DueBook) {
  const lost: string[] = [];
  let failure: string | undefined;
  for (const { accountId, region, instanceIds } of groupByRegion(marks)) {
    try {
      await due.add({ accountId, region, instanceIds });
    } catch (thrown) {
      failure = messageOf(thrown);
      lost.push(...instanceIds.map((instanceId) => keyOf({ accountId, region, instanceId })));
    }
  }
  return { lost, failure };
}

function groupByRegion(marks: readonly Mark[]): readonly TagsDue[] {
  const groups = new Map<string, Omit<TagsDue, "instanceIds"> & { instanceIds: string[] }>();
  for (const { accountId, region, instanceId } of marks) {
    const key = `${accountId}/${region}`;
    const group = groups.get(key) ?? { accountId, region, instanceIds: [] };
    group.instanceIds.push(instanceId);
    groups.set(key, group);
  }
  return [...groups.values()];
}
