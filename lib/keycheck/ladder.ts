import { type Failures, withoutFailure } from "../act/failures.ts";
import type { AccessKey } from "../core/iam.ts";
import { days, type Millis } from "../core/time.ts";
import { dayOf } from "./disable-day.ts";

export type Stage = "expiring" | "expired" | "quarantined" | "disabled" | "disable_failed";

export interface LadderTicket {
  readonly key: string;
  readonly url: string;
  /** The stage that it last told of. */
  readonly stage: Stage;
  readonly isDone: boolean;
  /** Deleted from the tracker, so that it can't be opened again. */
  readonly isGone?: true;
  /** When the tracker was last asked about it. */
  readonly checkedAt: Millis;
  /** How often it was filed or opened again. */
  readonly opened: number;
}

/** What keycheck has done about one key: the rungs from the first notice to its end. */
export interface Ladder {
  readonly shape: 1;
  readonly keyId: string;
  readonly user: string;
  readonly createdAt: Millis;
  /** Starts anew when a person switches the key on again. */
  readonly round: number;
  /** When the round began; absent for the first. */
  readonly restartedAt?: Millis;
  /** Notices of this round that reached the channel. */
  readonly notices: number;
  readonly lastNoticeAt?: Millis;
  /** Whom the last notice of this round that provably reached anybody did reach. */
  readonly person?: string;
  /** The first of their notices that said when the key may be disabled: what the time to act counts from. */
  readonly deliveredAt?: Millis | undefined;
  /** The day that they were told last: a time that is cut short by a setting since does not cut this one short. */
  readonly announcedAt?: Millis | undefined;
  /** The first notice of all, which rotation is measured from. */
  readonly firstNoticeAt?: Millis;
  /** What is said once a round, and has been. */
  readonly said: readonly Stage[];
  readonly ticket?: LadderTicket;
  /** Switched off by keycheck: when, and the journal's id of it. */
  readonly disabled?: { readonly at: Millis; readonly id: string };
  /** The key is gone, or a person has switched it off. */
  readonly endedAt?: Millis;
  readonly failures?: Failures;
}

export const newLadder = (user: string, { id, createdAt }: AccessKey): Ladder => ({
  ...{ shape: 1, keyId: id, user, createdAt },
  ...{ round: 1, notices: 0, said: [] },
});

/** What a scan tells of a key that is on a ladder, and of when; undefined: the key is gone. */
export type KeyNow = { readonly active: boolean; readonly confirmedAt: Millis } | undefined;

/**
 * A ladder held against the key as it is now: a key switched on again starts over, one gone or switched off is at its
 * end. What was read before the key was last switched says nothing about it: a scan may go by a report some hours old.
 */
export function followKey(ladder: Ladder, key: KeyNow, now: Millis): Ladder {
  const { disabled, endedAt, restartedAt } = ladder;
  if (key === undefined) return endLadder(ladder, now);
  const { active, confirmedAt } = key;
  const switchedAt = Math.max(disabled?.at ?? 0, endedAt ?? 0, restartedAt ?? 0);
  if (confirmedAt <= switchedAt || active === !isOff(ladder)) return ladder;
  return active ? restartLadder(ladder, confirmedAt) : endLadder(ladder, now);
}

/** By what is known of keycheck's own deeds, and of people's. */
export const isOff = ({ disabled, endedAt }: Ladder): boolean => disabled !== undefined || endedAt !== undefined;

const endLadder = (ladder: Ladder, now: Millis): Ladder =>
  ladder.endedAt === undefined ? { ...ladder, endedAt: now } : ladder;

/** The owner gets the whole time again; the ticket stays the same one. */
export function restartLadder(ladder: Ladder, restartedAt: Millis): Ladder {
  const { keyId, user, createdAt, round, firstNoticeAt, ticket } = ladder;
  return {
    ...newLadder(user, { id: keyId, createdAt, active: true }),
    ...{ round: round + 1, restartedAt },
    ...(firstNoticeAt === undefined ? {} : { firstNoticeAt }),
    ...(ticket === undefined ? {} : { ticket }),
  };
}

export interface NoticeSent {
  readonly at: Millis;
  readonly sequence: number | undefined;
  readonly stage: Stage;
  /** The person it provably reached. */
  readonly person: string | undefined;
  /** It said that the key is not going to be disabled. */
  readonly saysItStays?: boolean;
  /** From when on it said that the key may be disabled. */
  readonly disableFrom?: Millis | undefined;
}

/** Said again of the same notice, it changes nothing. */
export function noteNotice(ladder: Ladder, notice: NoticeSent): Ladder {
  const { at, sequence, stage } = notice;
  return {
    ...withoutFailure(ladder, "notice"),
    notices: Math.max(ladder.notices, sequence ?? 0),
    lastNoticeAt: Math.max(ladder.lastNoticeAt ?? 0, at),
    firstNoticeAt: Math.min(ladder.firstNoticeAt ?? at, at),
    said: sequence === undefined && !ladder.said.includes(stage) ? [...ladder.said, stage] : ladder.said,
    ...tellingOf(ladder, notice),
  };
}

/** Nobody's time to act counts from what somebody else was told, or from what said that no time is running. */
function tellingOf({ lastNoticeAt, ...ladder }: Ladder, { at, stage, person, saysItStays, disableFrom }: NoticeSent) {
  if (person === undefined || isAfterTheFact(stage) || at < (lastNoticeAt ?? at)) return {};
  if (saysItStays === true) return { person, deliveredAt: undefined, announcedAt: undefined };
  const { deliveredAt, announcedAt }: Partial<Ladder> = person === ladder.person ? ladder : {};
  return {
    person,
    deliveredAt: deliveredAt ?? at,
    announcedAt: disableFrom === undefined ? announcedAt : dayOf(disableFrom),
  };
}

/** News of a deed gives no warning of it. */
const isAfterTheFact = (stage: Stage): boolean => stage === "disabled" || stage === "disable_failed";

export const noteTicket = (ladder: Ladder, ticket: LadderTicket): Ladder => ({
  ...withoutFailure(ladder, "ticket"),
  ticket,
});

/** Whoever found the key Inactive before this was known took it for a person's doing. */
export function noteDisabled(ladder: Ladder, disabled: { readonly at: Millis; readonly id: string }): Ladder {
  if (ladder.disabled?.id === disabled.id) return ladder;
  const { endedAt: _, ...standing } = withoutFailure(ladder, "disable");
  return { ...standing, disabled };
}

export interface LadderSummary {
  /** Keys still in use whose owner was provably told. */
  readonly notified: number;
  readonly ticketed: number;
  /** Switched off by keycheck, and still so. */
  readonly disabled: number;
  /** From first notice to rotation, of the keys rotated in the last 90 days. */
  readonly rotationDaysMedian: number | undefined;
}

export function summarizeLadders(ladders: readonly Ladder[], now: Millis): LadderSummary {
  const standing = ladders.filter(({ endedAt }) => endedAt === undefined);
  const rotations = ladders
    .flatMap(({ endedAt, firstNoticeAt }) =>
      endedAt === undefined || firstNoticeAt === undefined || now - endedAt > days(90) ? [] : [endedAt - firstNoticeAt],
    )
    .toSorted((a, b) => a - b);
  const median = rotations[Math.floor((rotations.length - 1) / 2)];
  return {
    notified: standing.filter(({ person, disabled }) => person !== undefined && disabled === undefined).length,
    ticketed: ladders.filter(({ ticket }) => ticket?.isDone === false).length,
    disabled: standing.filter(({ disabled }) => disabled !== undefined).length,
    rotationDaysMedian: median === undefined ? undefined : Math.floor(median / days(1)),
  };
}
