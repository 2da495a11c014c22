import pLimit from "p-limit";
import { ec2Client } from "../aws/client/ec2.ts";
import { describeInstances, describeInstancesById, describeInstancesByTag } from "../aws/read/ec2.ts";
import { describeRegions, type Region } from "../aws/read/ec2-regions.ts";
import { regionalSession } from "../aws/regional-session.ts";
import type { Session } from "../aws/session.ts";
import { groupIds, hasIds, type SomeIds } from "../aws/some-ids.ts";
import type { Instance } from "../core/ec2.ts";

/** What a scan of one account asks AWS for. */
export interface DirtycountReads {
  describeRegions(): Promise<readonly Region[]>;
  /** Of one region, which a hanging one may end alone. */
  ofRegion(region: string, stop: AbortSignal): RegionReads;
}

type TakePage = (page: readonly Instance[]) => void;

export interface RegionReads {
  /** In every state, also those that a service operates. */
  describeFleet(take: TakePage): Promise<void>;
  describeTagged(tag: { readonly key: string; readonly value: string }, take: TakePage): Promise<void>;
  /** One that EC2 does not know is left out. */
  describeById(ids: SomeIds, take: TakePage): Promise<void>;
}

const everyState = ["pending", "running", "shutting-down", "terminated", "stopping", "stopped"] as const;

/** Of ids, two hundred at a time. */
const callsAtOnce = 5;

export function readsOf(session: Session, stop: AbortSignal): DirtycountReads {
  return {
    describeRegions: () => describeRegions({ client: ec2Client(session), stop }),
    ofRegion(region, stop) {
      const ec2 = { client: ec2Client(regionalSession(session, region)), stop };
      return {
        describeFleet: (take) => takeEach(describeInstances(ec2, { region, states: everyState }), take),
        describeTagged: (tag, take) => takeEach(describeInstancesByTag(ec2, { region, ...tag }), take),
        async describeById(ids, take) {
          const limit = pLimit(callsAtOnce);
          const read = (group: SomeIds) => takeEach(describeInstancesById(ec2, { region, ids: group }), take);
          await Promise.all(groupIds(ids).map((group) => hasIds(group) && limit(() => read(group))));
        },
      };
    },
  };
}

async function takeEach(pages: AsyncIterable<readonly Instance[]>, take: TakePage): Promise<void> {
  for await (const page of pages) take(page);
}
