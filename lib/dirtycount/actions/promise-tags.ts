import type { TagsDue } from "../../marks/promised.ts";
import type { DueBook } from "../../marks/tags-due.ts";

/** Has dirtymark put tags, who may have permissions that this program lacks; none is promised twice. */
export async function promiseTags({ accountId, region, instanceIds: ids }: TagsDue, due: DueBook): Promise<void> {
  const promised = new Set<string>();
  for await (const one of due.list(accountId))
    if (one.region === region) for (const id of one.instanceIds) promised.add(id);
  const instanceIds = ids.filter((id) => !promised.has(id));
  if (instanceIds.length > 0) await due.add({ accountId, region, instanceIds });
}
