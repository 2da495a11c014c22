import type { JournalEntry } from "../../act/entry.ts";
import type { Intent } from "../../act/journal.ts";
import type { ActionKind, Attempt, Confirmation, Intended } from "../../act/kind.ts";
import { listUserTags } from "../../aws/read/iam.ts";
import { messageOf, OpsError } from "../../core/errors.ts";
import { hashText } from "../../core/hash.ts";
import type { JsonObject } from "../../core/json.ts";
import { mayBeDone, type Ticket, type Tracker } from "../../notify/tracker.ts";
import { type LadderTicket, noteTicket } from "../ladder.ts";
import { closingText, commentText, dueOf, reopeningText, ticketText } from "../notice-text.ts";
import type { KeyDetail } from "../plan.ts";
import { detailOf, factsOf, type KeyActing, ladderOf, recordFailure, sayOvertaken } from "./acting.ts";

/** Files one ticket for a key, or takes over the open one that is there already, such as after the state was lost. */
export const ticket = (acting: KeyActing): ActionKind => ({
  name: "ticket",
  async stand(action) {
    const detail = detailOf(action);
    const overtaken = await sayOvertaken(detail, acting);
    if (overtaken !== undefined) return { is: "unneeded", says: overtaken };
    const open = await findOpen(detail, acting);
    return { is: "due", before: open === undefined ? {} : { found: asJson(open) } };
  },
  async write(intent, before) {
    if (before.found !== undefined) return Object(before.found);
    const detail = detailOf(intent.action);
    const facts = await factsOf(detail, acting, await listUserTags(acting.iam, detail.user));
    const message = ticketText(detail, facts);
    const filed = { label: labelOf(detail), message, dueAt: dueOf(detail, facts) };
    return asJson(await trackerOf(acting).createTicket(intent, filed));
  },
  confirm: (intended, attempt) => confirmFiled(acting, intended, attempt),
  record: (entry) => recordTicket(entry, acting, { isDone: false, opens: true }),
});

/** Found by it again, whatever becomes of the summary: the last five characters of ids are not unique. */
const labelOf = ({ keyId }: KeyDetail): string =>
  `stalewatch-${keyId.slice(-5)}-${hashText(keyId).toString(16).padStart(8, "0")}`;

const findOpen = async (detail: KeyDetail, acting: KeyActing): Promise<Ticket | undefined> =>
  (await trackerOf(acting).findTicket(labelOf(detail))).find(({ isDone }) => !isDone);

const asJson = ({ key, url }: Ticket): JsonObject => ({ key, url });

/** A search may miss what was filed a moment ago, so its silence proves something only after a while. */
async function confirmFiled(
  acting: KeyActing,
  { action, since }: Intended,
  { written, thrown }: Attempt,
): Promise<Confirmation> {
  if (written !== undefined) return { is: "done", after: written };
  if (thrown !== undefined && !mayBeDone(thrown)) return { is: "not_done", says: messageOf(thrown) };
  const open = await findOpen(detailOf(action), acting);
  if (open !== undefined) return { is: "done", after: asJson(open) };
  if (acting.clock() - since < acting.settings.jiraSettleAfter) {
    throw new OpsError(
      "not_ready",
      `whether a ticket was filed shows after jira_settle_after: ${messageOf(thrown ?? "its answer was lost")}`,
    );
  }
  return { is: "not_done", says: messageOf(thrown ?? "the tracker does not show it") };
}

type FollowUp = (
  tracker: Tracker,
  intent: Intent,
  at: { readonly key: string; readonly detail: KeyDetail; readonly acting: KeyActing },
) => Promise<void>;

interface FollowUpKind {
  readonly name: string;
  readonly send: FollowUp;
  /** Of the ticket afterwards; undefined: as before. */
  readonly isDone?: boolean;
  readonly opens?: boolean;
}

const followUp =
  ({ name, send, ...effect }: FollowUpKind) =>
  (acting: KeyActing): ActionKind => ({
    name,
    async stand(action) {
      const detail = detailOf(action);
      const overtaken = effect.isDone === true ? undefined : await sayOvertaken(detail, acting);
      if (overtaken !== undefined) return { is: "unneeded", says: overtaken };
      const found = await trackerOf(acting).getTicket(ticketOf(detail));
      if (found !== undefined) return { is: "due", before: { isDone: found.isDone } };
      await noteGone(detail, acting);
      return { is: "unneeded", says: gone };
    },
    async write(intent, before) {
      const detail = detailOf(intent.action);
      const key = ticketOf(detail);
      if (before.isDone !== effect.isDone) await send(trackerOf(acting), intent, { key, detail, acting });
      return { key };
    },
    async confirm({ action, reference }, { written, thrown }) {
      if (written !== undefined) return { is: "done", after: written };
      const tracker = trackerOf(acting);
      const key = ticketOf(detailOf(action));
      const found = await tracker.getTicket(key);
      if (found === undefined) return { is: "unneeded", says: gone };
      const { isDone } = effect;
      const isShown = isDone === undefined ? await tracker.hasComment(key, reference) : found.isDone === isDone;
      return isShown
        ? { is: "done", after: { key } }
        : { is: "not_done", says: messageOf(thrown ?? "the ticket does not show it") };
    },
    record: (entry) => recordTicket(entry, acting, effect),
  });

const gone = "the ticket is no longer there";

/** What can't be followed up is filed anew where it is due. */
async function noteGone(detail: KeyDetail, { ladders, clock }: KeyActing): Promise<void> {
  await ladders.update(ladderOf(detail), (ladder) => {
    const { ticket } = ladder;
    if (ticket === undefined || ticket.key !== detail.ticket) return ladder;
    return noteTicket(ladder, { ...ticket, isDone: true, isGone: true, checkedAt: clock() });
  });
}

/** Tells the ticket that its key has come to another stage. */
export const ticketComment = followUp({
  name: "ticket-comment",
  send: async (tracker, intent, { key, detail, acting }) =>
    tracker.comment(intent, key, commentText(detail, await factsOf(detail, acting))),
});

export const ticketClose = followUp({
  name: "ticket-close",
  isDone: true,
  send: async (tracker, intent, { key, detail }) => tracker.close(intent, key, closingText(detail)),
});

export const ticketReopen = followUp({
  name: "ticket-reopen",
  isDone: false,
  opens: true,
  send: async (tracker, intent, { key, detail }) => tracker.reopen(intent, key, reopeningText(detail)),
});

function trackerOf({ tracker }: KeyActing): Tracker {
  if (tracker === undefined) throw new OpsError("other", "nothing to file tickets with: create_jira is false");
  return tracker;
}

function ticketOf({ ticket: key }: KeyDetail): string {
  if (key === undefined) throw new OpsError("other", "the action names no ticket");
  return key;
}

async function recordTicket(
  entry: JournalEntry,
  { ladders, clock }: KeyActing,
  { isDone, opens = false }: { readonly isDone?: boolean; readonly opens?: boolean },
): Promise<void> {
  const { state, action, after = {} } = entry;
  if (state === "failed" || state === "unknown") return recordFailure(ladders, "ticket", entry);
  if (state !== "applied") return;
  const { stage } = detailOf(action);
  // How often it was opened before is its occasion, so that the same ending recorded twice counts once.
  const opened = Number.parseInt(action.occasion, 10) + (opens ? 1 : 0);
  await ladders.update(ladderOf(detailOf(action)), (ladder) => {
    const known: Partial<LadderTicket> = ladder.ticket ?? {};
    const { key = known.key, url = known.url } = after;
    if (typeof key !== "string" || typeof url !== "string") return ladder;
    return noteTicket(ladder, { key, url, stage, isDone: isDone ?? known.isDone ?? false, checkedAt: clock(), opened });
  });
}
