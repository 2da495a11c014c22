import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { PlannedAction } from "../../act/action.ts";
import type { Journal } from "../../act/journal.ts";
import type { Calling } from "../../aws/call.ts";
import type { GroupLook, GroupMember } from "../../core/auto-scaling.ts";
import type { Instance } from "../../core/ec2.ts";
import type { Millis } from "../../core/time.ts";
import type { Marks } from "../../marks/marks.ts";
import type { RecycleDetail } from "../plan-recycle.ts";
import type { GroupBook } from "./group-book.ts";

/** What is read of one region just before an instance is recycled, and after. */
export interface RecycleReads {
  /** Undefined where EC2 does not know it. */
  readonly findInstance: (id: string) => Promise<Instance | undefined>;
  /** Undefined where it is a member of no group. */
  readonly findMember: (id: string) => Promise<GroupMember | undefined>;
  readonly lookAtGroup: (name: string) => Promise<GroupLook | undefined>;
  /** Whether it is protected from being terminated. */
  readonly isProtected: (id: string) => Promise<boolean>;
}

/** What recycling works with, in one account and run. */
export interface RecycleActing {
  /** By region. */
  readonly reads: (region: string) => RecycleReads;
  /** Repeats only what AWS has certainly not done. */
  readonly writing: (region: string) => Calling<AutoScalingClient>;
  /** Ends some seconds after the run is stopped, so that what is begun can end. */
  readonly stop: AbortSignal;
  readonly marks: Pick<Marks, "find" | "change">;
  readonly groupBook: GroupBook;
  readonly journal: Pick<Journal, "find">;
  readonly clock: () => Millis;
  /** How long Auto Scaling's answers may be older than its last change. */
  readonly consistency: Millis;
}

/** Every recycling was planned with it. */
export const detailOf = ({ detail }: PlannedAction): RecycleDetail => detail as RecycleDetail;
