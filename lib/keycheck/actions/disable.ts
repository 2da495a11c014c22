import { actionId } from "../../act/action.ts";
import type { JournalEntry } from "../../act/entry.ts";
import type { ActionKind, Attempt, Confirmation, Standing } from "../../act/kind.ts";
import { getAccessKeyLastUsed, listAccessKeys } from "../../aws/read/iam.ts";
import { updateAccessKey } from "../../aws/write/iam.ts";
import { type FailureCode, failureCodeOf, messageOf, OpsError } from "../../core/errors.ts";
import type { AccessKey } from "../../core/iam.ts";
import { noteDisabled, restartLadder } from "../ladder.ts";
import type { KeyDetail } from "../plan.ts";
import { type KeyUse, refuseRecentUse } from "../recent-use.ts";
import { detailOf, type KeyActing, ladderOf, recordFailure } from "./acting.ts";

/** Switches an expired key off. */
export const disable = (acting: KeyActing): ActionKind => ({
  name: "disable",
  stand: async (action) => standToDisable(detailOf(action), acting),
  async write(intent) {
    const { user: userName, keyId } = detailOf(intent.action);
    await updateAccessKey(intent, acting.writing, { userName, keyId, active: false });
    return {};
  },
  confirm: async ({ action, since }, attempt) =>
    confirmStatus(detailOf(action), { acting, since, attempt, active: false }),
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
  async write(intent) {
    const { user: userName, keyId } = detailOf(intent.action);
    await updateAccessKey(intent, acting.writing, { userName, keyId, active: true });
    return {};
  },
  confirm: async ({ action, since }, attempt) =>
    confirmStatus(detailOf(action), { acting, since, attempt, active: true }),
  async record({ state, action, intendedAt, endedAt = intendedAt }: JournalEntry) {
    if (state !== "applied") return;
    await acting.ladders.update(ladderOf(detailOf(action)), (ladder) =>
      ladder.disabled === undefined ? ladder : restartLadder(ladder, endedAt),
    );
  },
});

async function standToDisable(detail: KeyDetail, acting: KeyActing): Promise<Standing> {
  const keys = await listOrNone(detail, acting);
  const key = keys.find(({ id }) => id === detail.keyId);
  if (key === undefined) return { is: "unneeded", says: "the key is gone" };
  if (!key.active) return { is: "unneeded", says: "the key is Inactive already" };
  if (key.createdAt !== detail.createdAt) {
    return { is: "refused", gate: "changed", says: "the key was created at another time than the one judged" };
  }
  const person = await refuseLostOwner(detail, acting);
  if (person !== undefined) return { is: "refused", gate: "told", says: person };
  const uses = await Promise.all(keys.map((one) => readUse(one, acting)));
  const [own, others] = [uses.filter(({ id }) => id === key.id), uses.filter(({ id }) => id !== key.id)];
  const { settings, clock } = acting;
  const used = own.map((use) => refuseRecentUse(use, others, { ...settings, now: clock() })).find(Boolean);
  if (used !== undefined) return { is: "refused", gate: "recent_use", says: used };
  return { is: "due", before: { status: "Active", createdAt: key.createdAt, lastUsedAt: own[0]?.usedAt ?? null } };
}

/** Who was told must still be there, or nobody will know why it stopped working. */
async function refuseLostOwner({ keyId }: KeyDetail, { ladders, notifier }: KeyActing): Promise<string | undefined> {
  const { person } = (await ladders.find(keyId)) ?? {};
  if (person === undefined || notifier === undefined) return "who was told of it can't be asked for";
  const found = await notifier.findPerson({ by: "map", slackId: person });
  return "missing" in found ? `who was told of it is no longer there: ${found.missing}` : undefined;
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
  readonly since: number;
  readonly active: boolean;
  /** By the write; undefined where it was answered, or nothing is known of it any more. */
  readonly attempt: Attempt;
}

/** AWS has looked at the request, and done nothing. */
const refusals: readonly FailureCode[] = ["denied", "throttled", "expired", "no_credentials"];

/** A status that is not there yet may be IAM being slow to show it: no verdict before that is over. */
async function confirmStatus(detail: KeyDetail, { acting, since, active, attempt }: Wanted): Promise<Confirmation> {
  const status = active ? "Active" : "Inactive";
  const { written, thrown } = attempt;
  const notDone = { is: "not_done", says: messageOf(thrown ?? `the key is not ${status}`) } as const;
  if (refusals.includes(failureCodeOf(thrown))) return notDone;
  for (;;) {
    const key = await findKey(detail, acting);
    if (key === undefined) return { is: "unneeded", says: "the key is gone" };
    if (key.active === active) return { is: "done", after: { status } };
    if (acting.clock() - since >= acting.consistency) {
      // A later run asks again: what AWS has taken is not to be called failed because it is slow to show.
      if (written !== undefined)
        throw new OpsError("not_ready", `IAM took the change, and the key is not ${status} yet`);
      return notDone;
    }
    await pause(acting);
  }
}

async function pause({ iam: { stop }, consistency }: KeyActing): Promise<void> {
  if (stop.aborted) throw new OpsError("stopped", `stopped by ${messageOf(stop.reason)}`);
  await new Promise((resolve) => setTimeout(resolve, consistency / 5));
}
