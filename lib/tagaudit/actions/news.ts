import type { PlannedAction } from "../../act/action.ts";
import type { JournalEntry } from "../../act/entry.ts";
import type { ActionKind, Standing } from "../../act/kind.ts";
import { OpsError } from "../../core/errors.ts";
import { confirmSent, receiptOf, recipientOf, standToReach } from "../../notify/telling.ts";
import { noteNotice } from "../ladder.ts";
import { newsText } from "../notice-text.ts";
import type { InstanceDetail, NewsDetail } from "../planning.ts";
import { detailOf, type InstanceActing, ladderOf, recordFailure } from "./acting.ts";
import { notifierOf } from "./notice.ts";
import { findOwnerNow } from "./owner.ts";

/** Tells an instance's owner what was done to it, and how to undo it where that can be. */
export const news = (acting: InstanceActing): ActionKind => ({
  name: "news",
  stand: (action) => standToTell(action, acting),
  async write(intent, before) {
    const told = newsOf(intent.action);
    const { detail, at } = await findDeed(told, acting);
    const facts = { ...acting, at, terminateFrom: terminateFrom(told, at, acting) };
    return notifierOf(acting).send(intent, recipientOf(before), newsText(told, detail, facts));
  },
  confirm: (intended, attempt) => confirmSent(notifierOf(acting), intended, attempt),
  record: (entry) => recordNews(entry, acting),
});

/** Every piece of news was planned with it. */
const newsOf = ({ detail }: PlannedAction): NewsDetail => detail as NewsDetail;

async function standToTell(action: PlannedAction, acting: InstanceActing): Promise<Standing> {
  const told = newsOf(action);
  const ladder = await acting.ladders.find(told);
  if (ladder?.[told.stage]?.id !== told.deed) return { is: "unneeded", says: "it was undone meanwhile" };
  const { detail } = await findDeed(told, acting);
  const found = await findOwnerNow(detail, { ...acting, notifier: notifierOf(acting) });
  return standToReach(found, { fallbackChannel: acting.fallbackChannel, kept: {} });
}

/** The journal holds all that is still known of an instance that is gone. */
async function findDeed(
  { deed }: NewsDetail,
  { journal }: InstanceActing,
): Promise<{ readonly detail: InstanceDetail; readonly at: number }> {
  const entry = await journal.find(deed);
  if (entry === undefined) throw new OpsError("missing", `the journal has no "${deed}"`);
  return { detail: detailOf(entry.action), at: entry.endedAt ?? entry.intendedAt };
}

const terminateFrom = ({ stage }: NewsDetail, at: number, { settings }: InstanceActing): number | undefined =>
  stage === "stopped" && settings.terminate && settings.terminateAfter !== undefined
    ? at + settings.terminateAfter
    : undefined;

async function recordNews(entry: JournalEntry, { ladders }: InstanceActing): Promise<void> {
  const { state, action } = entry;
  if (state === "failed" || state === "unknown") return recordFailure(ladders, "news", entry);
  if (state !== "applied") return;
  const told = newsOf(action);
  const sent = { ...receiptOf(entry), sequence: undefined, stage: told.stage, rules: [], announces: {} };
  await ladders.update(ladderOf(told), (ladder) =>
    action.occasion.startsWith(`${ladder.round}-`) ? noteNotice(ladder, sent) : ladder,
  );
}
