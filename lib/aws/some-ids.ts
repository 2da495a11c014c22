/** Ids, at least one: EC2 takes a request for none as one for all. */
export type SomeIds = readonly [string, ...string[]];

export const hasIds = (ids: readonly string[]): ids is SomeIds => ids.length > 0;

/** How many values EC2 takes in one filter (Filter, EC2 API reference). */
export const mostFilterValues = 200;

/** An empty list, which no type lets in, stays one empty group: `refuseEmptyLists` is what stops it. */
export function groupIds(ids: SomeIds, most: number = mostFilterValues): readonly string[][] {
  const groups: string[][] = [];
  for (let from = 0; from === 0 || from < ids.length; from += most) groups.push(ids.slice(from, from + most));
  return groups;
}
