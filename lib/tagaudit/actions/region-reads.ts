import { ec2Client } from "../../aws/client/ec2.ts";
import { describeInstancesById } from "../../aws/read/ec2.ts";
import { describeProtection, listTags, mayStop, mayTerminate } from "../../aws/read/ec2-before-acting.ts";
import { regionalSession } from "../../aws/regional-session.ts";
import type { Session } from "../../aws/session.ts";
import type { Instance } from "../../core/ec2.ts";
import type { RegionReads } from "./acting.ts";

/** What is read of one region just before a deed. */
export function regionReads(session: Session, region: string, stop: AbortSignal): RegionReads {
  const ec2 = { client: ec2Client(regionalSession(session, region)), stop };
  return {
    async describeInstances(ids) {
      const instances: Instance[] = [];
      for await (const page of describeInstancesById(ec2, { region, ids })) instances.push(...page);
      return instances;
    },
    listTags: (ids) => listTags(ec2, ids),
    describeProtection: (id) => describeProtection(ec2, id),
    mayStop: (ids) => mayStop(ec2, ids),
    mayTerminate: (ids) => mayTerminate(ec2, ids),
  };
}
