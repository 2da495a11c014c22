import type { Point } from "../core/point.ts";
import type { QueueState } from "../core/queue.ts";
import { type Millis, seconds } from "../core/time.ts";
import { refusalReasons } from "../host-events/event.ts";
import { integer, measurement, point } from "../measurements/declare.ts";
import type { Counts } from "./counts.ts";
import type { TaggedRegion } from "./tag-counts.ts";

const queueTags = {
  account: "account id of the queue",
  region: "AWS region of the queue",
  queue: "name of the queue",
} as const;

export const dirtymarkRun = measurement({
  name: "dirtymark_run",
  says: "what became of the messages of one run; only in mode commit, for observe receives none",
  tags: queueTags,
  fields: {
    received: integer("deliveries received: the sum of the seven that follow"),
    recorded: integer("deleted, what they say is recorded"),
    ignored: integer("deleted, understood and nothing to mark: failed calls, targets that are no instances"),
    dropped: integer("deleted, because a filter or the principal of an automation says that they mark nothing"),
    unresolved: integer("deleted, tunnels whose end no single instance is"),
    buried: integer("moved to the dead-letter queue, else to the store, refused too often"),
    refused: integer("refused, and left in the queue"),
    kept: integer("left in the queue, because something could not be done"),
    events: integer("events of what is recorded, proven or not; of a message that came twice, counted twice"),
    records: integer("records written, one for each instance and window"),
  },
});

export const dirtymarkQueue = measurement({
  name: "dirtymark_queue",
  says: "the queue after a run",
  tags: queueTags,
  fields: {
    visible: integer("messages that wait, by SQS's approximate count"),
    in_flight: integer("messages delivered and not yet deleted, by SQS's approximate count"),
    delayed: integer("messages that SQS still holds back, by its approximate count"),
    oldest_s: integer("age of the oldest message received; absent where none was", "seconds"),
    redelivered: integer("messages received that had been delivered before; absent in observe"),
    unverified: integer("events of senders that could not be proven; absent in observe"),
    ...Object.fromEntries(
      refusalReasons.map((reason) => [`rejected_${reason}`, integer(`refused as ${reason}; absent in observe`)]),
    ),
  },
});

export const dirtymarkTags = measurement({
  name: "dirtymark_tags",
  says: "one point for every account and region whose instances were to be tagged",
  tags: { account: "account id", region: "AWS region" },
  fields: {
    tagged: integer("instances tagged"),
    untaggable: integer("instances that are gone, or have as many tags as they may"),
    due: integer("instances still to be tagged, by a later run"),
  },
});

export interface QueuePlace {
  readonly accountId: string;
  readonly region: string;
  readonly queue: string;
}

const tagsOf = ({ accountId, region, queue }: QueuePlace) => ({ account: accountId, region, queue });

export const reportDrained = (counts: Counts, place: QueuePlace): Point =>
  point(dirtymarkRun, {
    tags: tagsOf(place),
    fields: {
      ...{ received: counts.received, ...counts.byFate },
      ...{ events: counts.events, records: counts.records },
    },
  });

/** Counts are absent where nothing may be received. */
export function reportQueue(
  state: QueueState,
  counts: Counts | undefined,
  { now, ...place }: QueuePlace & { readonly now: Millis },
): Point {
  const { visible, inFlight, delayed } = state;
  const oldest = counts?.oldest;
  return point(dirtymarkQueue, {
    tags: tagsOf(place),
    fields: {
      ...{ visible, in_flight: inFlight, delayed },
      oldest_s: oldest === undefined ? undefined : Math.max(0, Math.floor((now - oldest) / seconds(1))),
      ...{ redelivered: counts?.redelivered, unverified: counts?.unverified },
      ...Object.fromEntries(refusalReasons.map((reason) => [`rejected_${reason}`, counts?.byReason[reason]])),
    },
  });
}

export const reportTags = ({ accountId, region, tagged, untaggable, due }: TaggedRegion): Point =>
  point(dirtymarkTags, { tags: { account: accountId, region }, fields: { tagged, untaggable, due } });
