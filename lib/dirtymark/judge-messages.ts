import pLimit from "p-limit";
import { failureCodeOf, messageOf } from "../core/errors.ts";
import type { Message } from "../core/queue.ts";
import type { HostEvent } from "../host-events/event.ts";
import { type Filters, type Judgement, judgeEvent } from "../host-events/filters.ts";
import { parseMessage } from "../host-events/parse-message.ts";
import { type Assessed, assessEvents } from "./assess.ts";
import type { Known, QueueKind, Statement } from "./believe.ts";
import { believeMessage, type Evidence } from "./believe-message.ts";
import type { Resolved } from "./resolve-tunnel.ts";

export interface Judging {
  readonly queue: QueueKind;
  readonly known: Known;
  readonly maxBytes: number;
  readonly guardDuty: boolean;
  readonly filters: Filters;
  readonly evidence: Evidence;
  readonly resolveTunnel: (tunnel: Extract<Statement, { readonly is: "tunnel" }>["tunnel"]) => Promise<Resolved>;
  /** What modules of the user's own make of an event that the filters have not dropped. */
  readonly refine: (event: HostEvent, judgement: Extract<Judgement, { readonly is: "marked" }>) => Promise<Judgement>;
  readonly concurrency: number;
}

/** One verdict for each message, in their order. It throws only once the run is stopped. */
export async function judgeMessages(messages: readonly Message[], judging: Judging): Promise<readonly Assessed[]> {
  const limit = pLimit(judging.concurrency);
  return Promise.all(messages.map((message) => limit(() => judgeMessage(message, judging))));
}

async function judgeMessage(message: Message, judging: Judging): Promise<Assessed> {
  const { maxBytes, guardDuty, queue, known, evidence, filters, refine } = judging;
  const { sentAt, senderId } = message;
  const reading = parseMessage(message.body, { sentAt, maxBytes, guardDuty: guardDuty ? "on" : "off" });
  if (reading.is === "refused" || reading.is === "ignored") return reading;
  const belief = await believeMessage({ queue, senderId, statement: reading, known }, evidence);
  if (belief.is === "refused") return belief;
  if (belief.is === "unsure") return { is: "kept", says: belief.says };
  const resolved = await resolve(reading, judging);
  if (resolved.is !== "events") return resolved;
  const judged = await Promise.all(
    resolved.events.map(async (event) => {
      const judgement = judgeEvent(event, filters);
      return { event, judgement: judgement.is === "marked" ? await refine(event, judgement) : judgement };
    }),
  );
  return assessEvents(judged, { message, isVerified: belief.is === "verified" });
}

type Ended = { readonly is: "unresolved" | "kept"; readonly says: string };

async function resolve(
  statement: Statement,
  { resolveTunnel }: Judging,
): Promise<{ readonly is: "events"; readonly events: readonly HostEvent[] } | Ended> {
  if (statement.is === "events") return statement;
  try {
    const resolved = await resolveTunnel(statement.tunnel);
    return resolved.is === "instance" ? { is: "events", events: [resolved.event] } : resolved;
  } catch (thrown) {
    // An account that denies would deny for ever, and the queue would hold no other message.
    const is = failureCodeOf(thrown) === "denied" ? "unresolved" : "kept";
    return { is, says: messageOf(thrown) };
  }
}
