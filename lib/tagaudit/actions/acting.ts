import type { EC2Client } from "@aws-sdk/client-ec2";
import type { JournalEntry } from "../../act/entry.ts";
import { noteFailure } from "../../act/failures.ts";
import type { Journal } from "../../act/journal.ts";
import type { Calling } from "../../aws/call.ts";
import type { Protection } from "../../aws/read/ec2-before-acting.ts";
import type { SomeIds } from "../../aws/some-ids.ts";
import type { Instance } from "../../core/ec2.ts";
import type { Millis } from "../../core/time.ts";
import type { Notifier } from "../../notify/notifier.ts";
import type { OwnerMap } from "../../owners/find-owner.ts";
import type { Finding } from "../assess.ts";
import { type InstanceLadder, newLadder } from "../ladder.ts";
import type { Ladders } from "../ladders.ts";
import type { InstanceDetail, PlanSettings } from "../planning.ts";
import type { ExemptionTags } from "../scheme.ts";

/** What is read of one region just before a deed. */
export interface RegionReads {
  /** One that EC2 does not know is left out. */
  readonly describeInstances: (ids: SomeIds) => Promise<readonly Instance[]>;
  readonly listTags: (ids: SomeIds) => Promise<ReadonlyMap<string, ReadonlyMap<string, string>>>;
  readonly describeProtection: (id: string) => Promise<Protection>;
  /** False where permissions do not allow all of these. */
  readonly mayStop: (ids: SomeIds) => Promise<boolean>;
  readonly mayTerminate: (ids: SomeIds) => Promise<boolean>;
}

/** What tagaudit's kinds of action work with, in one account and run. */
export interface InstanceActing {
  /** By region. */
  readonly reads: (region: string) => RegionReads;
  /** Repeats only what AWS has certainly not done. */
  readonly writing: (region: string) => Calling<EC2Client>;
  /** Ends some seconds after the run is stopped, so that what is begun can end. */
  readonly stop: AbortSignal;
  readonly ladders: Ladders;
  readonly journal: Journal;
  /** By the same scheme, users and conversions as the scan, and now. */
  readonly judge: (instance: Instance, ladder: InstanceLadder | undefined) => Finding;
  /** Hashes of the rules for which protection may be taken off. */
  readonly flipping: ReadonlySet<string>;
  /** True once the run's documents, and those kept of earlier runs, are stored; else why not. */
  readonly documentsStored: () => boolean | string;
  /** Undefined where a setting keeps tagaudit from using it. */
  readonly notifier: Notifier | undefined;
  readonly ownerMap: OwnerMap;
  readonly fallbackChannel: string | undefined;
  /** The name of whoever launched an instance, as CloudTrail has it. */
  readonly findLauncher: (instance: InstanceName) => Promise<string | undefined>;
  readonly settings: PlanSettings;
  readonly exemption: ExemptionTags;
  readonly accountName: string;
  readonly accountId: string;
  readonly clock: () => Millis;
  /** How long EC2's answers may be older than its last change. */
  readonly consistency: Millis;
}

export interface InstanceName {
  readonly region: string;
  readonly instanceId: string;
}

/** Every deed and every notice of tagaudit was planned with it. */
export const detailOf = ({ detail }: JournalEntry["action"]): InstanceDetail => detail as InstanceDetail;

export const ladderOf = ({ region, instanceId }: InstanceName): InstanceLadder => newLadder({ id: instanceId, region });

export async function findInstance(
  { region, instanceId }: InstanceName,
  { reads }: Pick<InstanceActing, "reads">,
): Promise<Instance | undefined> {
  return (await reads(region).describeInstances([instanceId])).find(({ id }) => id === instanceId);
}

export const isGone = ({ state }: Pick<Instance, "state">): boolean =>
  state === "shutting-down" || state === "terminated";

/** Has what failed wait longer before it is tried again; what was cut short is tried again at once. */
export async function recordFailure(ladders: Ladders, kind: string, entry: JournalEntry): Promise<void> {
  const { attempt, endedAt = entry.intendedAt, wasInterrupted } = entry;
  if (wasInterrupted === true) return;
  await ladders.update(ladderOf(detailOf(entry.action)), (ladder) =>
    noteFailure(ladder, kind, { at: endedAt, attempt }),
  );
}
