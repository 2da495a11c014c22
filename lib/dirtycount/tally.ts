import type { Instance } from "../core/ec2.ts";
import type { Millis } from "../core/time.ts";
import type { Level } from "../host-events/event.ts";
import type { Mark, Tally } from "../marks/mark.ts";

/** Dirty instances of one level, in numbers. */
export interface LevelCount {
  readonly instances: number;
  /** When a person first touched any of them. */
  readonly firstAt: Millis | undefined;
  readonly events: number;
}

export type LevelCounts = Readonly<Record<Level, LevelCount>>;

export interface RegionSummary {
  /** Those that are there: not terminated, nor on their way to it. Without the whole fleet, those that were asked for. */
  readonly instances: number;
  readonly byLevel: LevelCounts;
  /** Touched by a person, as senders say that were proven. */
  readonly dirty: number;
  /** Only senders that could not be proven speak of them. */
  readonly unverified: number;
  /** They have the tag, and no record says why. */
  readonly tagOnly: number;
  /** Marks of those that should have the tag, and do not. */
  readonly untagged: readonly Mark[];
  /** Marks of instances that are terminated. */
  readonly ended: readonly Mark[];
  /** Marks of instances that were missing before and are there. */
  readonly back: readonly Mark[];
}

export interface RegionTally {
  /** An instance that comes twice, as it may where others come and go between two pages, counts once. */
  add(instance: Instance): void;
  /** Marks whose instances have not come. */
  unseen(): readonly Mark[];
  summary(): RegionSummary;
}

export interface Tallying {
  /** Of the region, by instance id, without those that have ended. */
  readonly marks: ReadonlyMap<string, Mark>;
  readonly tag: { readonly key: string; readonly value: string };
  readonly tagUnverified: boolean;
}

/** Takes a region's instances one by one and keeps but their ids. */
export function tallyRegion({ marks, tag, tagUnverified }: Tallying): RegionTally {
  const counts = { instances: 0, dirty: 0, unverified: 0, tagOnly: 0 };
  const byLevel = countLevels();
  const seen = new Set<string>();
  const untagged: Mark[] = [];
  const ended: Mark[] = [];
  const back: Mark[] = [];

  const addMarked = (mark: Mark, { tags }: Instance): void => {
    const { verified } = mark;
    if (verified === undefined) counts.unverified += 1;
    else {
      counts.dirty += 1;
      byLevel.add(verified);
    }
    if (mark.missingSince !== undefined) back.push(mark);
    const shouldHaveTag = verified !== undefined || tagUnverified;
    if (shouldHaveTag && tags.get(tag.key) !== tag.value) untagged.push(mark);
  };

  return {
    add(instance) {
      if (seen.has(instance.id)) return;
      seen.add(instance.id);
      const mark = marks.get(instance.id);
      if (mark !== undefined && instance.state === "terminated") ended.push(mark);
      if (!isThere(instance)) return;
      counts.instances += 1;
      if (mark !== undefined) addMarked(mark, instance);
      else if (instance.tags.get(tag.key) === tag.value) counts.tagOnly += 1;
    },
    unseen: () => [...marks.values()].filter(({ instanceId }) => !seen.has(instanceId)),
    summary: () => ({
      ...counts,
      ...{ untagged, ended, back, byLevel: byLevel.counts() },
    }),
  };
}

export const isThere = ({ state }: Pick<Instance, "state">): boolean =>
  state !== "shutting-down" && state !== "terminated";

/** Instances by the gravest of what people did on each. */
export function countLevels() {
  const none: LevelCount = { instances: 0, firstAt: undefined, events: 0 };
  const counts: Record<Level, LevelCount> = { low: none, medium: none, high: none, critical: none };
  return {
    counts: (): LevelCounts => ({ ...counts }),
    add({ level, firstAt, count }: Pick<Tally, "level" | "firstAt" | "count">): void {
      const before = counts[level];
      counts[level] = {
        instances: before.instances + 1,
        firstAt: Math.min(before.firstAt ?? firstAt, firstAt),
        events: before.events + count,
      };
    },
  };
}
