import { actionId, type PlannedAction } from "../../act/action.ts";
import { awaitChange } from "../../act/await-change.ts";
import type { JournalEntry } from "../../act/entry.ts";
import type { Intent } from "../../act/journal.ts";
import type { ActionKind, Attempt, Confirmation, Standing } from "../../act/kind.ts";
import { getAccessKeyLastUsed, listAccessKeys } from "../../aws/read/iam.ts";
import { updateAccessKey } from "../../aws/write/iam.ts";
import { failureCodeOf } from "../../core/errors.ts";
import type { AccessKey } from "../../core/iam.ts";
import type { JsonObject } from "../../core/json.ts";
import { noteDisabled, restartLadder } from "../ladder.ts";
import type { KeyDetail } from "../plan.ts";
import { type KeyUse, refuseRecentUse } from "../recent-use.ts";
import { detailOf, type KeyActing, ladderOf, recordFailure } from "./acting.ts";
import { findOwnerNow } from "./owner.ts";

/** Switches an expired key off. */
export const disable = (acting: KeyActing): ActionKind => ({
  name: "disable",
  stand: async (action) => standToDisable(action, acting),
  write: (intent, _before, overdue) => setStatus(intent, acting, { active: false, overdue }),
  confirm: async ({ action }, attempt) => confirmStatus(detailOf(action), { acting, attempt, active: false }),
  async record(entry) {
    const { state, endedAt = entry.intendedAt, action } = entry;
    if (state === "failed") return recordFailure(acting.ladders, "disable", entry);
    if (state !== "applied") return;
    const id = actionId(action);
    await acting.ladders.update(ladderOf(detailOf(action)), (ladder) =>
      ladder.round.toString() === action.occasion ? noteDisabled(ladder, { at: endedAt, id }) : ladder,
    );
  },
  undo: ({ action }) => ({
    ...action,
    ...{ kind: "enable", class: "restoring", reason: "undone by a person", decidedBy: "stalewatch undo" },
    legs: [],
  }),
});

/** Switches a key on again that `disable` switched off; its owner gets the whole time anew. */
export const enable = (acting: KeyActing): ActionKind => ({
  name: "enable",
  async stand(action) {
    const key = await findKey(detailOf(action), acting);
    if (key === undefined) return { is: "refused", gate: "gone", says: "the key is gone" };
    return key.active
      ? { is: "unneeded", says: "the key is Active already" }
      : { is: "due", before: { status: "Inactive" } };
  },
  write: (intent, _before, overdue) => setStatus(intent, acting, { active: true, overdue }),
  confirm: async ({ action }, attempt) => confirmStatus(detailOf(action), { acting, attempt, active: true }),
  async record({ state, action, intendedAt, endedAt = intendedAt }: JournalEntry) {
    if (state !== "applied") return;
    await acting.ladders.update(ladderOf(detailOf(action)), (ladder) =>
      ladder.disabled === undefined ? ladder : restartLadder(ladder, endedAt),
    );
  },
});

interface Setting {
  readonly active: boolean;
  readonly overdue: AbortSignal;
}

async function setStatus(intent: Intent, { writing }: KeyActing, { active, overdue }: Setting): Promise<JsonObject> {
  const { user: userName, keyId } = detailOf(intent.action);
  const stop = AbortSignal.any([writing.stop, overdue]);
  await updateAccessKey(intent, { ...writing, stop }, { userName, keyId, active });
  return {};
}

async function standToDisable(action: PlannedAction, acting: KeyActing): Promise<Standing> {
  const detail = detailOf(action);
  const keys = await listOrNone(detail, acting);
  const key = keys.find(({ id }) => id === detail.keyId);
  if (key === undefined) return { is: "unneeded", says: "the key is gone" };
  if (!key.active) return { is: "unneeded", says: "the key is Inactive already" };
  if (key.createdAt !== detail.createdAt) {
    return { is: "refused", gate: "changed", says: "the key was created at another time than the one judged" };
  }
  const untold = await refuseUntold(action, acting);
  if (untold !== undefined) return { is: "refused", gate: "told", says: untold };
  const uses = await Promise.all(keys.map((one) => readUse(one, acting)));
  const [own, others] = [uses.filter(({ id }) => id === key.id), uses.filter(({ id }) => id !== key.id)];
  const { settings, clock } = acting;
  const used = own.map((use) => refuseRecentUse(use, others, { ...settings, now: clock() })).find(Boolean);
  if (used !== undefined) return { is: "refused", gate: "recent_use", says: used };
  return { is: "due", before: { status: "Active", createdAt: key.createdAt, lastUsedAt: own[0]?.usedAt ?? null } };
}

/** Who was told must be its owner now, and be there, or nobody will know why it stopped working. */
async function refuseUntold(action: PlannedAction, acting: KeyActing): Promise<string | undefined> {
  const { user, keyId } = detailOf(action);
  const { notifier } = acting;
  const { person, deliveredAt } = (await acting.ladders.find(keyId)) ?? {};
  if (person === undefined || notifier === undefined) return "who was told of it can't be asked for";
  // In this run somebody else may have been told, too.
  if (deliveredAt !== action.telling?.deliveredAt) return "its owner has been told anew meanwhile";
  const { found } = await findOwnerNow(user, { ...acting, notifier });
  if ("missing" in found) return `its owner can't be found: ${found.missing}`;
  return found.person.id === person ? undefined : "its owner is somebody else now, who was not told of it";
}

const readUse = async ({ id, active, createdAt }: AccessKey, { iam }: KeyActing): Promise<KeyUse> => ({
  ...{ id, active, createdAt },
  usedAt: (await getAccessKeyLastUsed(iam, id)).at,
});

async function listOrNone({ user }: KeyDetail, { iam }: KeyActing): Promise<readonly AccessKey[]> {
  try {
    return await listAccessKeys(iam, user);
  } catch (thrown) {
    if (failureCodeOf(thrown) === "missing") return [];
    throw thrown;
  }
}

async function findKey(detail: KeyDetail, acting: KeyActing): Promise<AccessKey | undefined> {
  return (await listOrNone(detail, acting)).find(({ id }) => id === detail.keyId);
}

interface Wanted {
  readonly acting: KeyActing;
  readonly active: boolean;
  readonly attempt: Attempt;
}

const confirmStatus = (detail: KeyDetail, { acting, active, attempt }: Wanted): Promise<Confirmation> => {
  const status = active ? "Active" : "Inactive";
  const look = async (): Promise<Confirmation | undefined> => {
    const key = await findKey(detail, acting);
    if (key === undefined) return { is: "unneeded", says: "the key is gone" };
    return key.active === active ? { is: "done", after: { status } } : undefined;
  };
  const { clock, consistency, iam } = acting;
  return awaitChange(look, { attempt, clock, consistency, stop: iam.stop, absent: `the key is not ${status}` });
};
