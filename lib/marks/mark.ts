import type { Millis } from "../core/time.ts";
import type { HostEvent, InstanceName, Level } from "../host-events/event.ts";
import type { Recycling } from "./recycling.ts";

/** Events of one trust, coalesced. */
export interface Tally {
  readonly firstAt: Millis;
  readonly lastAt: Millis;
  readonly count: number;
  /** The gravest of all. */
  readonly level: Level;
  /** How many of each name, and of further ones under `other`. */
  readonly names: Readonly<Record<string, number>>;
  readonly sources: readonly HostEvent["source"][];
  /** The last ones, newest last. Personal: they never leave the store by tag or metric. */
  readonly principals: readonly string[];
  readonly addresses: readonly string[];
}

/** Why an instance does not have its tag, though it should. */
export type Untaggable = "not_found" | "tag_limit";

/** What is known of one instance that a person has touched: one record, however often. */
export interface Mark extends InstanceName {
  readonly shape: 1;
  /** What a sender that was proven says; absent: nobody whom one can believe. */
  readonly verified?: Tally;
  /** What anybody could have said: counted apart, never recycled. */
  readonly unverified?: Tally;
  /** Short names of the last messages, so that one that is delivered again counts once; `?` before those not believed. */
  readonly messages: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly untaggable?: Untaggable;
  /** When it was first asked for by id and not found; twice, an hour apart, is gone. */
  readonly missingSince?: Millis;
  /** When it was seen terminated, or gone. */
  readonly endedAt?: Millis;
  readonly recycling?: Recycling;
  /** When the last event was marked that was taken over from the original's table. */
  readonly importedTo?: Millis;
}

/** An event as filters leave it. */
export interface MarkedEvent {
  readonly event: HostEvent;
  readonly level: Level;
  readonly isVerified: boolean;
  /** The event's own id, else its message's. */
  readonly messageId: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** When anybody, believed or not, last said that it was touched. */
export const touchedAt = ({ verified, unverified }: Pick<Mark, "verified" | "unverified">): Millis =>
  Math.max(verified?.lastAt ?? Number.NEGATIVE_INFINITY, unverified?.lastAt ?? Number.NEGATIVE_INFINITY);

/** Of anybody, believed or not. */
export const countEvents = ({ verified, unverified }: Pick<Mark, "verified" | "unverified">): number =>
  (verified?.count ?? 0) + (unverified?.count ?? 0);

/** As the store knows it. */
export const markId = ({ region, instanceId }: Pick<InstanceName, "region" | "instanceId">): string =>
  `${region}/${instanceId}`;

export const newMark = ({ accountId, region, instanceId }: InstanceName): Mark => ({
  ...{ shape: 1, accountId, region, instanceId, messages: [] },
});
