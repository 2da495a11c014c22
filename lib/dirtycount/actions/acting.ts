import type { EC2Client } from "@aws-sdk/client-ec2";
import type { Calling } from "../../aws/call.ts";
import { ec2Client, ec2WriteClient } from "../../aws/client/ec2.ts";
import { describeInstancesById } from "../../aws/read/ec2.ts";
import { regionalSession } from "../../aws/regional-session.ts";
import type { Session } from "../../aws/session.ts";
import { hasIds } from "../../aws/some-ids.ts";
import type { Instance } from "../../core/ec2.ts";
import type { Millis } from "../../core/time.ts";
import type { Marks } from "../../marks/marks.ts";
import type { DueBook } from "../../marks/tags-due.ts";

/** What kinds of action work with that put tags on and take them off, in one account and run. */
export interface MarkActing {
  /** One that EC2 does not know is left out. */
  readonly findInstances: (region: string, ids: readonly string[]) => Promise<readonly Instance[]>;
  /** Repeats only what AWS has certainly not done. */
  readonly writing: (region: string) => Calling<EC2Client>;
  /** Ends some seconds after the run is stopped, so that what is begun can end. */
  readonly stop: AbortSignal;
  readonly marks: Marks;
  readonly due: DueBook;
  readonly clock: () => Millis;
  /** How long EC2's answers may be older than its last change. */
  readonly consistency: Millis;
}

export const openReads = (session: Session, stop: AbortSignal): Pick<MarkActing, "findInstances" | "writing"> => ({
  async findInstances(region, ids) {
    if (!hasIds(ids)) return [];
    const instances: Instance[] = [];
    const ec2 = { client: ec2Client(regionalSession(session, region)), stop };
    for await (const page of describeInstancesById(ec2, { region, ids })) instances.push(...page);
    return instances;
  },
  writing: (region) => ({ client: ec2WriteClient(regionalSession(session, region)), stop }),
});
