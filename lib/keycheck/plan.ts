import type { PlannedAction } from "../act/action.ts";
import { mayTry } from "../act/failures.ts";
import type { AccessKey } from "../core/iam.ts";
import type { JsonObject } from "../core/json.ts";
import { formatInstant, hours, type Millis } from "../core/time.ts";
import { subjectOf } from "./key-subjects.ts";
import { isOff, type Ladder, type Stage } from "./ladder.ts";

/** A key that something may be due for, with what is remembered of it. */
export interface Candidate {
  readonly user: string;
  readonly key: AccessKey;
  readonly stage: Stage | undefined;
  /** Its kind's. */
  readonly expireAge: Millis;
  readonly disableAfter: Millis;
  /** Its kind allows that keycheck switches it off. */
  readonly mayDisable: boolean;
  readonly exempt: boolean;
  /** Absent when never used, or not known. */
  readonly lastUsedAt: Millis | undefined;
  /** When its user's keys were read. */
  readonly readAt: Millis;
  readonly ladder: Ladder;
}

/** What is done at all, below the mode. */
export interface PlanSettings {
  readonly notifyEvery: Millis;
  readonly sendSlack: boolean;
  readonly createJira: boolean;
  readonly disableKey: boolean;
  readonly jiraReopen: "reopen" | "new";
}

export interface Planning {
  readonly accountId: string;
  readonly mode: "notify" | "commit";
  readonly settings: PlanSettings;
  readonly now: Millis;
}

export type KeyAction = PlannedAction<string, KeyDetail>;

/** What every action of keycheck carries; the id in full, which only AWS and the journal see. */
export interface KeyDetail extends JsonObject {
  readonly user: string;
  readonly keyId: string;
  readonly createdAt: Millis;
  readonly expiresAt: Millis;
  /** How long after the first notice it may be switched off; absent where it never is. */
  readonly disableAfter?: number;
  readonly stage: Stage;
  /** Of notices: which one of the round; absent for what is said once. */
  readonly sequence?: number;
  /** Of tickets: the tracker's key of it. */
  readonly ticket?: string;
}

export const caps = { notice: "notices", ticket: "tickets", disable: "disables" } as const;

/** Everything that is due, whether or not gates will allow it. */
export function planActions(candidates: readonly Candidate[], planning: Planning): readonly KeyAction[] {
  const disables = planning.mode === "commit" && planning.settings.disableKey ? planDisables(candidates, planning) : [];
  return [
    ...disables,
    // A ticket comes before the notice that links to it.
    ...candidates.flatMap((candidate) => [...planTicket(candidate, planning), ...planNotices(candidate, planning)]),
  ];
}

/**
 * One key of each user in a run: who has two keys in use must not lose both at once. The one least in use first, or a
 * key that its use or an exemption protects would keep an idle one on for ever.
 */
function planDisables(candidates: readonly Candidate[], planning: Planning): readonly KeyAction[] {
  const due = candidates.filter(
    (candidate) =>
      candidate.mayDisable &&
      isInForce(candidate) &&
      isExpired(candidate, planning.now) &&
      mayTry(candidate.ladder, "disable", planning.now),
  );
  const users = new Set<string>();
  return due
    .toSorted((a, b) => rankOf(a) - rankOf(b) || usedAt(a) - usedAt(b) || compareAges(a, b))
    .filter(({ user }) => !users.has(user) && users.add(user))
    .map((candidate) => planDisable(candidate, planning));
}

/** What was switched off may be Active by a look that is older than that. */
const isInForce = ({ key, ladder }: Candidate): boolean => key.active && !isOff(ladder);

/** Told is told: which of two told keys goes first is a matter of their use. */
function rankOf({ ladder, exempt }: Candidate): number {
  if (exempt) return 2;
  return ladder.deliveredAt === undefined ? 1 : 0;
}

const usedAt = ({ lastUsedAt }: Candidate): Millis => lastUsedAt ?? 0;

const compareAges = ({ key: a }: Candidate, { key: b }: Candidate): number =>
  a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);

const isExpired = ({ key, expireAge }: Candidate, now: Millis): boolean => now - key.createdAt >= expireAge;

function planDisable(candidate: Candidate, planning: Planning): KeyAction {
  const { key, ladder, disableAfter } = candidate;
  return {
    ...describe(candidate, planning, "expired"),
    ...{ kind: "disable", class: "reversible", occasion: `${ladder.round}`, cap: caps.disable },
    notBefore: key.createdAt + candidate.expireAge,
    legs: [key.id],
    telling: { deliveredAt: ladder.deliveredAt, atLeast: Math.max(disableAfter, announcedAfter(ladder)) },
  };
}

/** How long after their first notice the day is that its owner was told; in whole hours, which people can read. */
const announcedAfter = ({ deliveredAt = 0, announcedAt = deliveredAt }: Ladder): Millis =>
  Math.ceil((announcedAt - deliveredAt) / hours(1)) * hours(1);

function planNotices(candidate: Candidate, planning: Planning): readonly KeyAction[] {
  const { ladder, stage } = candidate;
  const { settings, now } = planning;
  if (!settings.sendSlack || !mayTry(ladder, "notice", now)) return [];
  const news = newsOf(candidate).filter((one) => !ladder.said.includes(one));
  const once = news.map((one) => planNotice(candidate, planning, { stage: one }));
  if (once.length > 0 || stage === undefined || !isInForce(candidate)) return once;
  const sequence = ladder.notices + 1;
  const isDue = now - (ladder.lastNoticeAt ?? Number.NEGATIVE_INFINITY) >= settings.notifyEvery;
  return isDue ? [planNotice(candidate, planning, { stage, sequence })] : [];
}

/** What is said once in a round, and at once. */
function newsOf(candidate: Candidate): readonly Stage[] {
  const { ladder, stage } = candidate;
  if (ladder.endedAt !== undefined) return [];
  if (ladder.disabled !== undefined) return ["disabled"];
  if (!isInForce(candidate)) return [];
  return [
    ...(stage === "quarantined" ? [stage] : []),
    ...(ladder.failures?.disable === undefined ? [] : (["disable_failed"] as const)),
  ];
}

interface NoticePlan {
  readonly stage: Stage;
  readonly sequence?: number;
}

function planNotice(candidate: Candidate, planning: Planning, { stage, sequence }: NoticePlan): KeyAction {
  const { ladder } = candidate;
  const described = describe(candidate, planning, stage);
  return {
    ...described,
    ...{ kind: "notice", class: "notice", cap: caps.notice, isFirst: ladder.notices === 0 },
    occasion: `${ladder.round}-${sequence ?? stage}`,
    detail: { ...described.detail, ...(sequence === undefined ? {} : { sequence }) },
  };
}

function planTicket(candidate: Candidate, planning: Planning): readonly KeyAction[] {
  const { ladder, stage } = candidate;
  if (!planning.settings.createJira || !mayTry(ladder, "ticket", planning.now)) return [];
  const { ticket } = ladder;
  const dueStage = isInForce(candidate) ? stage : undefined;
  if (ladder.endedAt !== undefined) {
    return ticket?.isDone === false
      ? [planTicketDeed(candidate, planning, { kind: "ticket-close", stage: ticket.stage })]
      : [];
  }
  if (ticket === undefined) {
    return dueStage === undefined ? [] : [planTicketDeed(candidate, planning, { kind: "ticket", stage: dueStage })];
  }
  const told = ladder.disabled === undefined ? dueStage : "disabled";
  if (!ticket.isDone) {
    return told === undefined || told === ticket.stage
      ? []
      : [planTicketDeed(candidate, planning, { kind: "ticket-comment", stage: told })];
  }
  if (dueStage === undefined) return [];
  const mayReopen = planning.settings.jiraReopen === "reopen" && ticket.isGone !== true;
  const kind = mayReopen ? "ticket-reopen" : "ticket";
  return [planTicketDeed(candidate, planning, { kind, stage: dueStage })];
}

interface TicketDeed {
  readonly kind: "ticket" | "ticket-comment" | "ticket-close" | "ticket-reopen";
  readonly stage: Stage;
}

function planTicketDeed(candidate: Candidate, planning: Planning, { kind, stage }: TicketDeed): KeyAction {
  const { ticket, round } = candidate.ladder;
  const described = describe(candidate, planning, stage);
  const opened = ticket?.opened ?? 0;
  // What opens it counts on; between rounds a person may have opened it again.
  const times = { ticket: [], "ticket-reopen": [], "ticket-close": [round], "ticket-comment": [round, stage] };
  return {
    ...described,
    ...{ kind, class: "notice", isFirst: ticket === undefined },
    // What follows up on a ticket is as many as there are tickets, which are capped.
    ...(kind === "ticket" || kind === "ticket-reopen" ? { cap: caps.ticket } : {}),
    occasion: [opened, ...times[kind]].join("-"),
    detail: { ...described.detail, ...(ticket === undefined ? {} : { ticket: ticket.key }) },
  };
}

const reasons: Readonly<Record<Stage, string>> = {
  expiring: "the key is about to expire",
  expired: "the key has expired",
  quarantined: "AWS has found the key published",
  disabled: "the key was disabled",
  disable_failed: "the key could not be disabled",
};

function describe(candidate: Candidate, { accountId, settings }: Planning, stage: Stage) {
  const { user, key, expireAge, disableAfter, mayDisable, readAt } = candidate;
  const expiresAt = key.createdAt + expireAge;
  return {
    ...{
      program: "keycheck",
      accountId,
      subject: subjectOf(user, key),
      reason: `${reasons[stage]}: created ${formatInstant(key.createdAt)}`,
    },
    decidedBy: stage === "quarantined" ? "quarantine" : "expire_age",
    notBefore: 0,
    evidenceAt: readAt,
    names: [user, key.id],
    legs: [],
    detail: {
      ...{ user, keyId: key.id, createdAt: key.createdAt, expiresAt, stage },
      ...(mayDisable && settings.disableKey ? { disableAfter } : {}),
    },
  } as const;
}
