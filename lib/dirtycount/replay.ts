import type { Millis } from "../core/time.ts";
import type { InstanceName, Reading } from "../host-events/event.ts";
import { type Filters, judgeEvent } from "../host-events/filters.ts";
import { parseMessage } from "../host-events/parse-message.ts";
import { type Mark, type MarkedEvent, markId, newMark } from "../marks/mark.ts";
import { mergeEvents } from "../marks/merge-events.ts";

export interface Replaying {
  readonly filters: Filters;
  readonly guardDuty: boolean;
  /** Taken for the time at which each message was sent. */
  readonly now: Millis;
}

export interface Replayed {
  /** By account, region and id. */
  readonly marks: readonly Mark[];
  readonly messages: number;
  readonly events: number;
  /** Left out by a filter, or by an automation's principal. */
  readonly dropped: number;
  /** Lines that mark nothing, and why. */
  readonly others: readonly { readonly line: number; readonly is: string; readonly says: string }[];
}

/** SQS's largest message (Amazon SQS message quotas). */
const maxBytes = 1_048_576;

/** What messages would come to if every sender were proven. */
export function replayMessages(lines: Iterable<string>, replaying: Replaying): Replayed {
  const byInstance = new Map<string, { readonly name: InstanceName; readonly events: MarkedEvent[] }>();
  const others: { line: number; is: string; says: string }[] = [];
  const counts = { messages: 0, events: 0, dropped: 0 };
  let line = 0;
  for (const body of lines) {
    line += 1;
    if (body.trim() === "") continue;
    counts.messages += 1;
    const reading = readLine(body, replaying);
    if (reading.is !== "events") others.push({ line, ...describe(reading) });
    else
      for (const event of reading.events) {
        const judged = judgeEvent(event, replaying.filters);
        if (judged.is === "dropped") counts.dropped += 1;
        else {
          counts.events += 1;
          const { level, annotations } = judged;
          const marked = { event, level, annotations, isVerified: true, messageId: event.id ?? `line ${line}` };
          const key = `${event.accountId}/${markId(event)}`;
          const found = byInstance.get(key) ?? { name: event, events: [] };
          byInstance.set(key, found);
          found.events.push(marked);
        }
      }
  }
  const keys = [...byInstance].sort(([one], [other]) => (one < other ? -1 : 1));
  return { ...counts, others, marks: keys.map(([, { name, events }]) => mergeEvents(newMark(name), events)) };
}

const readLine = (body: string, { guardDuty, now }: Replaying): Reading =>
  parseMessage(body, { sentAt: now, maxBytes, guardDuty: guardDuty ? "on" : "off" });

function describe(reading: Exclude<Reading, { readonly is: "events" }>): {
  readonly is: string;
  readonly says: string;
} {
  switch (reading.is) {
    case "tunnel":
      return {
        is: "tunnel",
        says: `whose instance only EC2 can tell, by its address "${reading.tunnel.privateAddress}"`,
      };
    case "refused":
      return { is: reading.reason, says: reading.says };
    default:
      return reading;
  }
}
