import type { JournalEntry } from "../../act/entry.ts";
import type { ActionKind, Standing } from "../../act/kind.ts";
import { OpsError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Notifier } from "../../notify/notifier.ts";
import { confirmSent, receiptOf, recipientOf, standToReach } from "../../notify/telling.ts";
import { noteNotice } from "../ladder.ts";
import { noticeText } from "../notice-text.ts";
import type { KeyDetail } from "../plan.ts";
import { detailOf, disableFromFor, factsOf, type KeyActing, ladderOf, recordFailure, sayOvertaken } from "./acting.ts";
import { findOwnerNow } from "./owner.ts";

/** Tells a key's owner, or the fallback channel where nobody can be found: that starts no clock. */
export const notice = (acting: KeyActing): ActionKind => ({
  name: "notice",
  stand: async (action) => standToTell(detailOf(action), acting),
  async write(intent, before) {
    const detail = detailOf(intent.action);
    const facts = await factsOf(detail, acting, new Map(Object.entries(Object(before.tags))));
    const message = noticeText(detail, { ...facts, disableFrom: dayToldBy(before) });
    return notifierOf(acting).send(intent, recipientOf(before), message);
  },
  confirm: (intended, attempt) => confirmSent(notifierOf(acting), intended, attempt),
  record: (entry) => recordNotice(entry, acting),
});

function notifierOf({ notifier }: KeyActing): Notifier {
  if (notifier === undefined) throw new OpsError("other", "nothing to send notices by: send_slack is false");
  return notifier;
}

async function standToTell(detail: KeyDetail, acting: KeyActing): Promise<Standing> {
  const { user, keyId } = detail;
  const overtaken = await sayOvertaken(detail, acting);
  if (overtaken !== undefined) return { is: "unneeded", says: overtaken };
  const { found, tags } = await findOwnerNow(user, { ...acting, notifier: notifierOf(acting) });
  const description = tags.get(keyId);
  const reader = "person" in found ? found.person.id : undefined;
  const disableFrom = detail.stage === "disabled" ? undefined : await disableFromFor(detail, acting, reader);
  const kept = {
    ...(description === undefined ? {} : { tags: { [keyId]: description } }),
    ...(disableFrom === undefined ? {} : { disableFrom }),
  };
  return standToReach(found, { fallbackChannel: acting.fallbackChannel, kept });
}

/** As `standToTell` found it: what is said of the day is what is remembered of it. */
const dayToldBy = ({ disableFrom }: JsonObject): number | undefined =>
  typeof disableFrom === "number" ? disableFrom : undefined;

async function recordNotice(entry: JournalEntry, { ladders }: KeyActing): Promise<void> {
  const { state, before, action } = entry;
  if (state === "failed" || state === "unknown") return recordFailure(ladders, "notice", entry);
  if (state !== "applied") return;
  const { stage, sequence, disableAfter } = detailOf(action);
  const disableFrom = dayToldBy(before);
  const sent = { ...receiptOf(entry), sequence, stage, saysItStays: disableAfter === undefined, disableFrom };
  await ladders.update(ladderOf(detailOf(action)), (ladder) =>
    action.occasion.startsWith(`${ladder.round}-`) ? noteNotice(ladder, sent) : ladder,
  );
}
