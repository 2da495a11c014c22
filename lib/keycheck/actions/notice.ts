import type { JournalEntry } from "../../act/entry.ts";
import type { ActionKind, Attempt, Confirmation, Intended, Standing } from "../../act/kind.ts";
import { listUserTags } from "../../aws/read/iam.ts";
import { messageOf, OpsError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import { type Delivery, type Notifier, NotifyError, type Recipient } from "../../notify/notifier.ts";
import { findOwner } from "../../owners/find-owner.ts";
import { noteNotice } from "../ladder.ts";
import { noticeText } from "../notice-text.ts";
import type { KeyDetail } from "../plan.ts";
import { detailOf, factsOf, type KeyActing, ladderOf, recordFailure, sayOvertaken } from "./acting.ts";

/** Tells a key's owner, or the fallback channel where nobody can be found: that starts no clock. */
export const notice = (acting: KeyActing): ActionKind => ({
  name: "notice",
  stand: async (action) => standToTell(detailOf(action), acting),
  async write(intent, before) {
    const detail = detailOf(intent.action);
    const facts = await factsOf(detail, acting, new Map(Object.entries(Object(before.tags))));
    return notifierOf(acting).send(intent, recipientOf(before), noticeText(detail, facts));
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
  const tags = await listUserTags(acting.iam, user);
  const description = tags.get(keyId);
  const kept = description === undefined ? {} : { tags: { [keyId]: description } };
  const owner = findOwner({ user, tags, map: acting.ownerMap });
  const found =
    owner === undefined
      ? { missing: "neither slack_map nor a tag names an owner" }
      : await notifierOf(acting).findPerson(owner);
  if ("person" in found) return { is: "due", before: { person: { ...found.person }, ...kept } };
  const { fallbackChannel: channel } = acting;
  if (channel !== undefined) return { is: "due", before: { channel, because: found.missing, ...kept } };
  return { is: "refused", gate: "owner", says: found.missing };
}

/** As `standToTell` found it. */
const recipientOf = ({ person, channel }: JsonObject): Recipient =>
  (person === undefined ? { channel } : { person }) as Recipient;

async function confirmSent(
  notifier: Notifier,
  intended: Intended,
  { written, thrown }: Attempt,
): Promise<Confirmation> {
  if (written !== undefined) return { is: "done", after: written };
  if (thrown instanceof NotifyError && !thrown.mayBeSent) return { is: "not_done", says: messageOf(thrown) };
  const { reference, before, since } = intended;
  const sent = await notifier.findSent(reference, recipientOf(before), since);
  if (sent === "unreadable")
    return { is: "unknown", says: "its answer was lost, and the channel's history can't be read" };
  return sent === undefined
    ? { is: "not_done", says: messageOf(thrown ?? "the channel does not show it") }
    : { is: "done", after: sent };
}

async function recordNotice(entry: JournalEntry, { ladders }: KeyActing): Promise<void> {
  const { state, before, action } = entry;
  if (state === "failed" || state === "unknown") return recordFailure(ladders, "notice", entry);
  if (state !== "applied") return;
  const { stage, sequence, disableAfter } = detailOf(action);
  // `send` and `findSent` both gave it.
  const { at, isDelivered } = entry.after as unknown as Delivery;
  const recipient = recipientOf(before);
  const person = isDelivered && "person" in recipient ? recipient.person.id : undefined;
  const sent = { at, sequence, stage, person, saysItStays: disableAfter === undefined };
  await ladders.update(ladderOf(detailOf(action)), (ladder) =>
    action.occasion.startsWith(`${ladder.round}-`) ? noteNotice(ladder, sent) : ladder,
  );
}
