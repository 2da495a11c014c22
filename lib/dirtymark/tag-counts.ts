import type { Outcome } from "../act/action.ts";
import type { Promised } from "../marks/promised.ts";
import type { TagDetail } from "./plan.ts";

/** What became of the tags of one region. */
export interface TaggedRegion {
  readonly accountId: string;
  readonly region: string;
  readonly tagged: number;
  /** They are gone, or have as many tags as they may. */
  readonly untaggable: number;
  /** Still to be tagged. */
  readonly due: number;
}

type End = "tagged" | "untaggable";

/** By region and id; none: its tag is still due. */
export function endsOf(outcomes: readonly Outcome[], untaggable: ReadonlySet<string>): ReadonlyMap<string, End> {
  const ends = new Map<string, End>();
  for (const { action, ending } of outcomes) {
    if (ending !== "applied") continue;
    const { region, instanceIds } = action.detail as TagDetail;
    for (const id of instanceIds.map((one) => `${region}/${one}`))
      ends.set(id, untaggable.has(id) ? "untaggable" : "tagged");
  }
  return ends;
}

export function regionsOf(
  accountId: string,
  promised: readonly Promised[],
  ends: ReadonlyMap<string, End>,
): readonly TaggedRegion[] {
  const regions = [...new Set(promised.map(({ region }) => region))];
  return regions.map((region) => {
    const ids = new Set(promised.flatMap((one) => (one.region === region ? one.instanceIds : [])));
    const count = (end: End | undefined) => [...ids].filter((id) => ends.get(`${region}/${id}`) === end).length;
    return { accountId, region, tagged: count("tagged"), untaggable: count("untaggable"), due: count(undefined) };
  });
}
