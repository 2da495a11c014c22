import type { PlannedAction } from "../act/action.ts";
import { hashText } from "../core/hash.ts";
import { hours, type Millis } from "../core/time.ts";
import type { Mark } from "../marks/mark.ts";
import type { TagPair } from "../settings/aws-kinds.ts";

export type TagDetail = {
  readonly region: string;
  readonly instanceIds: readonly string[];
  readonly key: string;
  readonly value: string;
};

export type TagAction = PlannedAction<"tag", TagDetail>;

export interface TagPlanning {
  readonly accountId: string;
  readonly tag: TagPair;
  readonly now: Millis;
}

/** The most that CreateTags takes at once (EC2 API reference). */
const mostResources = 1000;

/** One action for each thousand recorded instances of a region that lack the tag, but for those that can't have it. */
export function planTags(untagged: readonly Mark[], planning: TagPlanning): readonly TagAction[] {
  const byRegion = new Map<string, string[]>();
  for (const { region, instanceId, untaggable } of untagged) {
    if (untaggable !== undefined) continue;
    const ids = byRegion.get(region) ?? [];
    byRegion.set(region, ids);
    ids.push(instanceId);
  }
  return [...byRegion].flatMap(([region, ids]) =>
    chunksOf(ids.sort(), mostResources).map((instanceIds) => planTag(region, instanceIds, planning)),
  );
}

const planTag = (region: string, instanceIds: readonly string[], { accountId, tag, now }: TagPlanning): TagAction => ({
  ...({ program: "dirtycount", accountId, kind: "tag", class: "mark" } as const),
  // Sorted and disjoint: the first one tells it from all others of the run.
  subject: `${region} ${instanceIds[0]}`,
  // Whoever takes the tag off again and again finds it put again once an hour.
  occasion: `${Math.floor(now / hours(1))}-${hashText(instanceIds.join()).toString(16)}`,
  reason: `recorded as touched by a person, and without the tag: ${instanceIds.length}`,
  ...{ decidedBy: "retag", notBefore: 0, evidenceAt: now, names: instanceIds, legs: [] },
  detail: { region, instanceIds, ...tag },
});

const chunksOf = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
