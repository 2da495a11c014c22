import { type Millis, parseInstant } from "../../core/time.ts";
import type { Origin, Reading, RefusalReason } from "../event.ts";
import type { ForeignRecord } from "../foreign-json.ts";
import type { Place } from "../place.ts";

/** An event as EventBridge hands it on (EventBridge User Guide, event structure), its own members read. */
export interface BridgedEvent {
  readonly id: string | undefined;
  /** `AWS API Call via CloudTrail` and the like. */
  readonly type: string;
  readonly place: Place;
  /** When it happened, not later than it was sent. */
  readonly at: Millis;
  readonly resources: unknown;
  readonly detail: ForeignRecord;
  readonly origin: Origin;
}

export interface BridgeOptions {
  readonly sentAt: Millis;
  /** Whether findings of GuardDuty mark. */
  readonly guardDuty: "off" | "on";
}

/** 2006-08-24, when EC2 began. What computers write for no time is earlier: 1970, or the year 1. */
const firstDay: Millis = 1_156_377_600_000;

/** A clock that runs ahead is no reason to mark an instance as touched in the future. */
export function happenedAt(time: string | undefined, sentAt: Millis): Millis {
  const at = parseInstant(time ?? "");
  return at === undefined || at < firstDay ? sentAt : Math.min(at, sentAt);
}

/** What AWS gives are UUIDs; a text of any other form would be a key that a sender has chosen. */
export const idOf = (text: string | undefined): string | undefined =>
  text !== undefined && /^[\w-]{8,64}$/.test(text) ? text : undefined;

export const refuse = (reason: RefusalReason, says: string): Reading => ({ is: "refused", reason, says });
