import type { Mark, Tally } from "../marks/mark.ts";
import type { Marks } from "../marks/marks.ts";

/** By region, then instance id. */
export type MarksByRegion = ReadonlyMap<string, ReadonlyMap<string, Mark>>;

/** One account's marks of instances that have not ended, streamed, without what only people ask for. */
export async function recallMarks(marks: Pick<Marks, "list">): Promise<MarksByRegion> {
  const byRegion = new Map<string, Map<string, Mark>>();
  for await (const mark of marks.list()) {
    if (mark.endedAt !== undefined) continue;
    const ofRegion = byRegion.get(mark.region) ?? new Map();
    byRegion.set(mark.region, ofRegion);
    ofRegion.set(mark.instanceId, withoutPersons(mark));
  }
  return byRegion;
}

/** Ten thousand whole ones would take five times the memory. */
function withoutPersons({ verified, unverified, annotations: _annotations, ...mark }: Mark): Mark {
  return {
    ...{ ...mark, messages: [] },
    ...(verified && { verified: tallyWithoutPersons(verified) }),
    ...(unverified && { unverified: tallyWithoutPersons(unverified) }),
  };
}

const tallyWithoutPersons = (tally: Tally): Tally => ({ ...tally, sources: [], principals: [], addresses: [] });
