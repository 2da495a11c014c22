import type { IAMClient } from "@aws-sdk/client-iam";
import type { JournalEntry } from "../../act/entry.ts";
import { noteFailure } from "../../act/failures.ts";
import type { Journal } from "../../act/journal.ts";
import type { Calling } from "../../aws/call.ts";
import type { AccessKey } from "../../core/iam.ts";
import type { Millis } from "../../core/time.ts";
import type { Notifier } from "../../notify/notifier.ts";
import type { Tracker } from "../../notify/tracker.ts";
import type { OwnerMap } from "../../owners/find-owner.ts";
import { disableFrom } from "../disable-day.ts";
import { type Ladder, newLadder } from "../ladder.ts";
import type { Ladders } from "../ladders.ts";
import type { NoticeFacts } from "../notice-text.ts";
import type { KeyAction, KeyDetail } from "../plan.ts";

/** What keycheck's kinds of action work with, in one account and run. */
export interface KeyActing {
  /** Ends some seconds after the run is stopped, so that what is begun can end. */
  readonly iam: Calling<IAMClient>;
  /** Repeats only what AWS has certainly not done. */
  readonly writing: Calling<IAMClient>;
  readonly ladders: Ladders;
  readonly journal: Journal;
  /** Undefined where a setting keeps keycheck from using it. */
  readonly notifier: Notifier | undefined;
  readonly tracker: Tracker | undefined;
  readonly ownerMap: OwnerMap;
  readonly fallbackChannel: string | undefined;
  readonly settings: {
    readonly recentUse: Millis;
    readonly expireHard: Millis | undefined;
    /** How long a tracker's search may miss a ticket. */
    readonly jiraSettleAfter: Millis;
    readonly jiraLabel: string;
  };
  readonly accountTag: string;
  readonly accountId: string;
  readonly clock: () => Millis;
  /** How long IAM's answers may be older than its last change. */
  readonly consistency: Millis;
}

/** Every action of keycheck was planned with it. */
export const detailOf = ({ detail }: KeyAction | JournalEntry["action"]): KeyDetail => detail as KeyDetail;

export const keyOf = ({ keyId, createdAt }: KeyDetail): AccessKey => ({ id: keyId, createdAt, active: true });

export const ladderOf = (detail: KeyDetail): Ladder => newLadder(detail.user, keyOf(detail));

/** Why what was planned to be said of a key no longer holds: in the same run the key may have been switched off. */
export async function sayOvertaken(
  { keyId, stage }: KeyDetail,
  { ladders }: Pick<KeyActing, "ladders">,
): Promise<string | undefined> {
  if (stage === "disabled") return undefined;
  const { disabled } = (await ladders.find(keyId)) ?? {};
  return disabled === undefined ? undefined : "the key was disabled meanwhile";
}

/** Has what failed wait longer before it is tried again; what was cut short is tried again at once. */
export async function recordFailure(ladders: Ladders, kind: string, entry: JournalEntry): Promise<void> {
  const { attempt, endedAt = entry.intendedAt, wasInterrupted } = entry;
  if (wasInterrupted === true) return;
  await ladders.update(ladderOf(detailOf(entry.action)), (ladder) =>
    noteFailure(ladder, kind, { at: endedAt, attempt }),
  );
}

/** What texts say, from what is remembered now. */
export async function factsOf(detail: KeyDetail, acting: KeyActing, tags: ReadonlyMap<string, string> = new Map()) {
  const ladder = await acting.ladders.find(detail.keyId);
  return {
    ...{ accountTag: acting.accountTag, accountId: acting.accountId, now: acting.clock() },
    ...{ description: tags.get(detail.keyId), ticketUrl: ladder?.ticket?.url },
    ...{ disabledBy: ladder?.disabled?.id, disableFrom: await disableFromFor(detail, acting, ladder?.person) },
  } satisfies NoticeFacts;
}

/** The day that a reader is told: who was told before keeps theirs, and whoever else reads gets the whole time. */
export async function disableFromFor(
  detail: KeyDetail,
  { ladders, clock }: Pick<KeyActing, "ladders" | "clock">,
  reader: string | undefined,
): Promise<Millis | undefined> {
  const { person, deliveredAt: toldAt, announcedAt } = (await ladders.find(detail.keyId)) ?? {};
  return disableFrom(detail, { now: clock(), ...(person === reader ? { toldAt, announcedAt } : {}) });
}
