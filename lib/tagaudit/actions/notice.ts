import type { PlannedAction } from "../../act/action.ts";
import type { JournalEntry } from "../../act/entry.ts";
import type { ActionKind, Standing } from "../../act/kind.ts";
import type { Instance } from "../../core/ec2.ts";
import { OpsError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Notifier } from "../../notify/notifier.ts";
import { confirmSent, receiptOf, recipientOf, standToReach } from "../../notify/telling.ts";
import { noteNotice, type Told } from "../ladder.ts";
import { noticeText } from "../notice-text.ts";
import { type Climb, stepFrom, stepsOf } from "../steps.ts";
import { detailOf, type InstanceActing, ladderOf, recordFailure } from "./acting.ts";
import { findOwnerNow } from "./owner.ts";
import { reread } from "./stand-to-act.ts";

/** Tells an instance's owner, or the fallback channel where nobody can be found: that starts no clock. */
export const notice = (acting: InstanceActing): ActionKind => ({
  name: "notice",
  stand: (action) => standToTell(action, acting),
  write: (intent, before) =>
    notifierOf(acting).send(
      intent,
      recipientOf(before),
      noticeText(detailOf(intent.action), { ...acting, steps: stepsToldBy(before) }),
    ),
  confirm: (intended, attempt) => confirmSent(notifierOf(acting), intended, attempt),
  record: (entry) => recordNotice(entry, acting),
});

export function notifierOf({ notifier }: Pick<InstanceActing, "notifier">): Notifier {
  if (notifier === undefined) throw new OpsError("other", "nothing to send notices by");
  return notifier;
}

/** Whoever has tagged it since the scan is not told. */
async function standToTell(action: PlannedAction, acting: InstanceActing): Promise<Standing> {
  const detail = detailOf(action);
  const notifier = notifierOf(acting);
  const [again] = await reread([detail], acting);
  if (again === undefined) return { is: "unneeded", says: "the instance is gone" };
  if (again.is !== "same") return again;
  // Whose instance this run has just stopped is told that, and not reminded as if it were running.
  if (again.instance.state !== detail.state) return { is: "unneeded", says: `it is ${again.instance.state} by now` };
  const found = await findOwnerNow(detail, { ...acting, notifier });
  // Nothing is done to it as long as its owner is told nothing.
  const steps = "person" in found ? await stepsFor(action, again.instance, { acting, reader: found.person.id }) : {};
  return standToReach(found, { fallbackChannel: acting.fallbackChannel, kept: { steps } });
}

interface Reader {
  readonly acting: InstanceActing;
  /** A person's id. */
  readonly reader: string;
}

/** The times that a reader is told: who was told before keeps theirs, and whoever else reads gets the whole time. */
async function stepsFor(action: PlannedAction, instance: Instance, { acting, reader }: Reader): Promise<Told> {
  const detail = detailOf(action);
  const { settings, clock } = acting;
  const ladder = (await acting.ladders.find(detail)) ?? ladderOf(detail);
  const { stopped } = ladder;
  const heard = ladder.person === reader ? ladder : { told: {}, ...(stopped === undefined ? {} : { stopped }) };
  const climb: Climb = { instance, ladder: heard, settings };
  const now = clock();
  const from = stepsOf(instance, settings)
    .filter((step) => step !== "stop" || stopped === undefined)
    // Not a time that is over: what may be done may be done now.
    .map((step) => [step, Math.max(now, stepFrom(step, climb, { rules: detail.violations, telling: now }))]);
  return Object.fromEntries(from);
}

/** As `standToTell` found it: what is said of times is what is remembered of them. */
const stepsToldBy = ({ steps }: JsonObject): Told => Object(steps);

async function recordNotice(entry: JournalEntry, { ladders }: InstanceActing): Promise<void> {
  const { state, before, action } = entry;
  if (state === "failed" || state === "unknown") return recordFailure(ladders, "notice", entry);
  if (state !== "applied") return;
  const { sequence, violations } = detailOf(action);
  const rules = violations.map(({ ruleHash }) => ruleHash);
  const sent = { ...receiptOf(entry), sequence, stage: "violating", rules, announces: stepsToldBy(before) } as const;
  await ladders.update(ladderOf(detailOf(action)), (ladder) =>
    action.occasion.startsWith(`${ladder.round}-`) ? noteNotice(ladder, sent) : ladder,
  );
}
