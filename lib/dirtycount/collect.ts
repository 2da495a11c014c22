import { hasIds } from "../aws/some-ids.ts";
import type { Instance } from "../core/ec2.ts";
import type { Mark } from "../marks/mark.ts";
import type { RegionReads } from "./reads.ts";
import { type RegionSummary, type Tallying, tallyRegion } from "./tally.ts";

export interface RegionRequest extends Tallying {
  readonly reads: RegionReads;
  readonly isWholeFleet: boolean;
  /** Takes each instance while the region is still being read; what came of it counts only where it is read to its end. */
  readonly see: (instance: Instance) => void;
}

export interface CollectedRegion {
  readonly summary: RegionSummary;
  /** Marks whose instances EC2 does not know, asked for by their ids. */
  readonly missing: readonly Mark[];
}

/** Counts a region page by page, so that memory holds one page. Throws where a page can't be read. */
export async function collectRegion(request: RegionRequest): Promise<CollectedRegion> {
  const { reads, isWholeFleet, see, tag } = request;
  const tally = tallyRegion(request);
  const take = (page: readonly Instance[]) => {
    for (const instance of page) {
      tally.add(instance);
      see(instance);
    }
  };
  await (isWholeFleet ? reads.describeFleet(take) : reads.describeTagged(tag, take));
  // An instance may have been launched, or have changed pages, while the list was read.
  const unseen = tally.unseen().map(({ instanceId }) => instanceId);
  if (hasIds(unseen)) await reads.describeById(unseen, take);
  return { summary: tally.summary(), missing: tally.unseen() };
}
