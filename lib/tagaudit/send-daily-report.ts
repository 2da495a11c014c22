import type { PlannedAction } from "../act/action.ts";
import { alwaysOpen, type Calendar } from "../act/calendar.ts";
import type { Journal } from "../act/journal.ts";
import type { ActionKind } from "../act/kind.ts";
import type { Millis } from "../core/time.ts";
import { type Notifier, NotifyError } from "../notify/notifier.ts";
import { confirmSent, recipientOf } from "../notify/telling.ts";
import { dailyReport, dayIn, type ReportEntry, reportLimits } from "./daily-report.ts";
import { stillToDo } from "./still-to-do.ts";

export type ReportChannel = "slack" | "mail";

/** A Slack channel's id or name, or an address. */
export interface ReportTarget {
  readonly by: ReportChannel;
  readonly to: string;
}

/** What there is to report of an account today. */
export interface ReportedAccount {
  readonly accountId: string;
  readonly accountName: string;
  readonly entries: readonly ReportEntry[];
  readonly now: Millis;
  /** In whose time zone a day begins; undefined: UTC. */
  readonly calendar: Calendar | undefined;
}

export interface ReportPlanning extends ReportedAccount {
  readonly targets: readonly ReportTarget[];
  /** When the entries were read. */
  readonly evidenceAt: Millis;
  readonly journal: Pick<Journal, "find">;
}

const kind = "daily-report";

type ReportDetail = { readonly by: ReportChannel; readonly to: string };
type ReportAction = PlannedAction<typeof kind, ReportDetail>;

const dayOf = ({ calendar = alwaysOpen, now }: Pick<ReportedAccount, "calendar" | "now">): string =>
  dayIn(calendar.timeZone, now);

/**
 * Today's reports that are still to be sent, one for each target: where nothing is in violation, none. A report that may
 * have gone out is not sent again, for tomorrow's says it all anew.
 */
export async function planDailyReports(planning: ReportPlanning): Promise<readonly PlannedAction[]> {
  const { entries, targets, journal } = planning;
  if (entries.length === 0) return [];
  const planned = uniqueTargets(targets).map((target) => planReport(target, planning));
  return stillToDo(planned, (id) => journal.find(id));
}

const uniqueTargets = (targets: readonly ReportTarget[]): readonly ReportTarget[] => [
  ...new Map(targets.map((target) => [subjectOf(target), target])).values(),
];

const subjectOf = ({ by, to }: ReportTarget): string => `${by}/${to}`;

function planReport({ by, to }: ReportTarget, planning: ReportPlanning): ReportAction {
  const { accountId, entries, now, evidenceAt } = planning;
  return {
    ...{ program: "tagaudit", accountId, kind, class: "notice", subject: subjectOf({ by, to }) },
    occasion: dayOf(planning),
    reason: `${entries.length} in violation`,
    ...{ decidedBy: "daily_report", notBefore: now, evidenceAt, names: [to], legs: [], detail: { by, to } },
  };
}

export interface ReportActing extends ReportedAccount {
  /** Absent: not set up. */
  readonly notifiers: Readonly<Partial<Record<ReportChannel, Notifier>>>;
}

/** Sends the daily report to one target; to a group of people, so that no owner counts as told by it. */
export const dailyReportKind = (acting: ReportActing): ActionKind => ({
  name: kind,
  stand: async (action) => ({ is: "due", before: { channel: detailOf(action).to } }),
  async write(intent, before) {
    const { by } = detailOf(intent.action);
    const notifier = acting.notifiers[by];
    if (notifier === undefined) throw new NotifyError(notSetUp(by), { code: "other" });
    const facts = { ...acting, day: intent.action.occasion, limits: reportLimits[by] };
    return notifier.send(intent, recipientOf(before), dailyReport(acting.entries, facts));
  },
  async confirm(intended, attempt) {
    const { by } = detailOf(intended.action);
    const notifier = acting.notifiers[by];
    if (notifier !== undefined) return confirmSent(notifier, intended, attempt);
    return { is: attempt.thrown === undefined ? "unknown" : "not_done", says: notSetUp(by) };
  },
  noUndo: "a report that was sent can't be called back",
});

/** As `planReport` made it. */
const detailOf = ({ detail }: PlannedAction): ReportDetail => detail as ReportDetail;

const notSetUp = (by: ReportChannel): string => `daily report: ${by} is not set up`;
