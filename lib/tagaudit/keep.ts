import pLimit from "p-limit";
import type { Instance } from "../core/ec2.ts";
import type { Millis } from "../core/time.ts";
import { type Finding, isJudged, type Judging } from "./assess.ts";
import {
  clocksOf,
  endLadder,
  followClocks,
  type InstanceLadder,
  ladderId,
  newLadder,
  type Sighting,
} from "./ladder.ts";
import type { Ladders } from "./ladders.ts";

/** What is remembered of an account's instances, held against what a scan finds. */
export interface Following {
  region(region: string): RegionFollowing;
  /** Instances that came to comply in a region, of which something was remembered. */
  fixedIn(region: string): { readonly fixed: number; readonly timeToFix: Millis | undefined };
}

export interface RegionFollowing {
  clocksOf(instance: Instance): Judging["clocks"];
  see(finding: Finding): void;
  /** Once the region is known to have been read as it is: what changed is remembered, and what is gone ends. */
  commit(): Promise<void>;
}

interface Remembering {
  readonly ladders: Ladders;
  /** As they were when the scan began, by `ladderId`. */
  readonly known: ReadonlyMap<string, InstanceLadder>;
  readonly now: Millis;
}

const writesAtOnce = 20;

export function followInstances({ ladders, known, now }: Remembering): Following {
  const fixTimes = new Map<string, readonly Millis[]>();
  const limit = pLimit(writesAtOnce);
  /** As many wait as are written at once: a new rule changes every instance of an account. */
  const writeEach = async <Item>(items: readonly Item[], write: (item: Item) => Promise<unknown>) => {
    const rest = items.values();
    const writeOn = async () => {
      for (const item of rest) await limit(() => write(item));
    };
    await Promise.all(Array.from({ length: writesAtOnce }, writeOn));
  };
  const ladderOf = ({ id, region }: Instance) => known.get(ladderId({ region, instanceId: id }));

  const region = (name: string): RegionFollowing => {
    const seen = new Set<string>();
    const changed: Sighting[] = [];
    const fixed: Millis[] = [];
    return {
      clocksOf: (instance) => clocksOf(ladderOf(instance)),
      see(finding) {
        const ladder = ladderOf(finding.instance);
        if (ladder !== undefined) seen.add(ladderId(ladder));
        if (!isJudged(finding.instance)) return;
        const next = followClocks(ladder, finding, now);
        if (next === ladder || next === undefined) return;
        changed.push(sightingOf(finding));
        const began = Object.values(ladder?.clocks ?? {});
        if (finding.standing === "compliant" && began.length > 0) fixed.push(now - Math.min(...began));
      },
      async commit() {
        const gone = [...known.values()].filter(
          (ladder) => ladder.region === name && ladder.endedAt === undefined && !seen.has(ladderId(ladder)),
        );
        await writeEach(changed, (sighting) =>
          ladders.update(newLadder(sighting.instance), (ladder) => followClocks(ladder, sighting, now) ?? ladder),
        );
        await writeEach(gone, (ladder) => ladders.update(ladder, (one) => endLadder(one, now)));
        fixTimes.set(name, fixed);
      },
    };
  };
  return {
    region,
    fixedIn(name) {
      const times = (fixTimes.get(name) ?? []).toSorted((a, b) => a - b);
      return { fixed: times.length, timeToFix: times[Math.floor((times.length - 1) / 2)] };
    },
  };
}

const sightingOf = ({ instance: { id, region, state }, standing, violations }: Finding): Sighting => ({
  ...{ instance: { id, region, state }, standing },
  violations: violations.map(({ ruleHash }) => ({ ruleHash })),
});
