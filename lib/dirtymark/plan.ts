import type { PlannedAction } from "../act/action.ts";
import type { Millis } from "../core/time.ts";
import type { Promised } from "../marks/promised.ts";
import type { TagPair } from "../settings/aws-kinds.ts";

export type TagDetail = {
  readonly region: string;
  readonly instanceIds: readonly string[];
  readonly key: string;
  readonly value: string;
};

export interface TagPlanning {
  readonly accountId: string;
  readonly tag: TagPair;
  readonly now: Millis;
  /** Tells this run's actions from those of others: a tag that was taken off is put again. */
  readonly run: string;
}

/** The most that CreateTags takes at once (EC2 API reference). */
const mostResources = 1000;

/** One action for each thousand instances of a region, each instance named once. */
export function planTags(
  promised: readonly Promised[],
  { accountId, tag, now, run }: TagPlanning,
): readonly PlannedAction<"tag", TagDetail>[] {
  const byRegion = new Map<string, Set<string>>();
  for (const { region, instanceIds } of promised) {
    const ids = byRegion.get(region) ?? new Set();
    for (const id of instanceIds) ids.add(id);
    byRegion.set(region, ids);
  }
  return [...byRegion].flatMap(([region, ids]) =>
    chunksOf([...ids].sort(), mostResources).map((instanceIds) => ({
      ...({ program: "dirtymark", accountId, kind: "tag", class: "mark" } as const),
      // Sorted and disjoint: the first one tells it from all others of the run.
      subject: `${region} ${instanceIds[0]}`,
      ...{ occasion: run, reason: `touched by people: ${instanceIds.length}`, decidedBy: "tag" },
      ...{ notBefore: 0, evidenceAt: now, names: instanceIds, legs: [] },
      detail: { region, instanceIds, ...tag },
    })),
  );
}

const chunksOf = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
