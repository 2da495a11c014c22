import { autoScalingClient } from "../../aws/client/auto-scaling.ts";
import { ec2Client } from "../../aws/client/ec2.ts";
import { describeMembers, lookAtGroup } from "../../aws/read/auto-scaling.ts";
import { describeInstancesById } from "../../aws/read/ec2.ts";
import { describeProtection } from "../../aws/read/ec2-before-acting.ts";
import { regionalSession } from "../../aws/regional-session.ts";
import type { Session } from "../../aws/session.ts";
import type { RecycleReads } from "./recycle-acting.ts";

/** What is read of one region just before an instance is recycled, and after. */
export function recycleReads(session: Session, region: string, stop: AbortSignal): RecycleReads {
  const regional = regionalSession(session, region);
  const ec2 = { client: ec2Client(regional), stop };
  const autoScaling = { client: autoScalingClient(regional), stop };
  return {
    async findInstance(id) {
      for await (const page of describeInstancesById(ec2, { region, ids: [id] })) {
        const found = page.find((instance) => instance.id === id);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    async findMember(id) {
      const members = await describeMembers(autoScaling, [id]);
      return members.find(({ instanceId }) => instanceId === id);
    },
    lookAtGroup: (name) => lookAtGroup(autoScaling, name),
    isProtected: async (id) => (await describeProtection(ec2, id)).fromTermination,
  };
}
