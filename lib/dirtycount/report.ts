import type { Point } from "../core/point.ts";
import { type Millis, seconds } from "../core/time.ts";
import { levels } from "../host-events/event.ts";
import { float, integer, measurement, point } from "../measurements/declare.ts";
import type { LevelCounts, RegionSummary } from "./tally.ts";

const regionTags = { account: "account id", region: "AWS region" } as const;

export const dirty = measurement({
  name: "dirty",
  says: "one point for every level in every region that was read, 0 where there is nothing",
  tags: { ...regionTags, level: `gravest of an instance's events: ${levels.join(", ")}` },
  fields: {
    instances: integer("instances that a person has touched, as senders say that were proven"),
    oldest_s: integer("time since the first event on any of them; 0 where there is none", "seconds"),
    events: integer("events on them"),
  },
});

const marksUnknown = "absent where the marks are not known";

export const dirtyFleet = measurement({
  name: "dirty_fleet",
  says: "one point for every region that was read",
  tags: regionTags,
  fields: {
    instances: integer("instances that are there, also stopped ones; absent with fleet = false"),
    dirty: integer(`of them, touched by a person, as senders say that were proven; ${marksUnknown}`),
    unverified: integer(`of them, those that only senders spoke of who could not be proven; ${marksUnknown}`),
    ratio: float(`dirty ones of all; 0 where there is none, absent with fleet = false and ${marksUnknown}`, "ratio"),
    tag_only: integer(`instances that have the tag and no record; never recycled; ${marksUnknown}`),
    record_only: integer(`instances that have a record and should have the tag, and do not; ${marksUnknown}`),
  },
});

export interface RegionPlace {
  readonly accountId: string;
  readonly region: string;
}

interface Reporting extends RegionPlace {
  readonly now: Millis;
  /** Whether all instances were read. */
  readonly isWholeFleet: boolean;
  readonly areMarksKnown: boolean;
}

const tagsOf = ({ accountId, region }: RegionPlace) => ({ account: accountId, region });

export function reportRegion(summary: RegionSummary, reporting: Reporting): readonly Point[] {
  const { areMarksKnown, isWholeFleet } = reporting;
  const fields = {
    ...(isWholeFleet && { instances: summary.instances }),
    ...(areMarksKnown && markedFields(summary, reporting)),
  };
  return [
    ...(areMarksKnown ? reportLevels(summary.byLevel, reporting) : []),
    ...(areMarksKnown || isWholeFleet ? [point(dirtyFleet, { tags: tagsOf(reporting), fields })] : []),
  ];
}

const markedFields = (summary: RegionSummary, { isWholeFleet }: Reporting) => ({
  ...{ dirty: summary.dirty, unverified: summary.unverified },
  ...(isWholeFleet && { ratio: summary.instances === 0 ? 0 : summary.dirty / summary.instances }),
  ...{ tag_only: summary.tagOnly, record_only: summary.untagged.length },
});

export const reportLevels = (
  byLevel: LevelCounts,
  { now, ...place }: RegionPlace & { readonly now: Millis },
): readonly Point[] =>
  levels.map((level) => {
    const { instances, firstAt, events } = byLevel[level];
    return point(dirty, {
      tags: { ...tagsOf(place), level },
      fields: { instances, oldest_s: firstAt === undefined ? 0 : inSeconds(now - firstAt), events },
    });
  });

/** A host's clock may run ahead of ours. */
const inSeconds = (length: Millis): number => Math.max(0, Math.floor(length / seconds(1)));
