import type { PlannedAction } from "../../act/action.ts";
import { awaitChange } from "../../act/await-change.ts";
import type { JournalEntry } from "../../act/entry.ts";
import type { ActionKind, Attempt, Confirmation, Intended, Standing } from "../../act/kind.ts";
import { deleteTags } from "../../aws/write/ec2.ts";
import { countEvents, type Mark, touchedAt } from "../../marks/mark.ts";
import type { Promised } from "../../marks/promised.ts";
import type { ClearDetail } from "../plan-clear.ts";
import { isThere } from "../tally.ts";
import type { MarkActing } from "./acting.ts";
import { promiseTags } from "./promise-tags.ts";

/** Takes an instance's tag off, then its record away: that order, since a record without its tag would be tagged again. */
export const clear = (acting: MarkActing): ActionKind => ({
  name: "clear",
  stand: (action) => standToClear(action, acting),
  async write(intent, { isTagged }, overdue) {
    const { region, instanceId, key, value } = detailOf(intent.action);
    if (isTagged !== true) return {};
    const { client, stop } = acting.writing(region);
    const calling = { client, stop: AbortSignal.any([stop, overdue]) };
    await deleteTags([{ intent, instanceId }], calling, [[key, value]]);
    return {};
  },
  confirm: (intended, attempt) => confirmCleared(intended, attempt, acting),
  record: (entry) => recordClear(entry, acting),
  noUndo: "what a person has cleared is marked again by the next event",
});

/** Every action of this kind was planned with it. */
const detailOf = ({ detail }: PlannedAction): ClearDetail => detail as ClearDetail;

async function standToClear(action: PlannedAction, acting: MarkActing): Promise<Standing> {
  const detail = detailOf(action);
  const mark = await acting.marks.find(detail);
  if (mark !== undefined && !isAsLookedAt(mark, detail))
    return { is: "refused", gate: "changed", says: "a person has touched it again meanwhile" };
  const isTagged = await hasTag(action, acting);
  return mark === undefined && !isTagged
    ? { is: "unneeded", says: "it has neither a record nor the tag" }
    : { is: "due", before: { isTagged, isRecorded: mark !== undefined } };
}

/** An event may come long after it happened: that none is later does not say that none is new. */
const isAsLookedAt = (mark: Mark, detail: ClearDetail): boolean =>
  touchedAt(mark) <= (detail.touchedAt ?? Number.NEGATIVE_INFINITY) && countEvents(mark) === detail.events;

async function hasTag(action: PlannedAction, { findInstances }: MarkActing): Promise<boolean> {
  const { region, instanceId, key, value } = detailOf(action);
  const instances = await findInstances(region, [instanceId]);
  return instances.some((one) => isThere(one) && one.tags.get(key) === value);
}

function confirmCleared({ action }: Intended, attempt: Attempt, acting: MarkActing): Promise<Confirmation> {
  if (attempt.written !== undefined) return Promise.resolve({ is: "done", after: {} });
  const look = async (): Promise<Confirmation | undefined> =>
    (await hasTag(action, acting)) ? undefined : { is: "done", after: {} };
  const { clock, consistency, stop } = acting;
  return awaitChange(look, { attempt, clock, consistency, stop, absent: "the instance still has the tag" });
}

async function recordClear({ state, action, before }: JournalEntry, acting: MarkActing): Promise<void> {
  if (state !== "applied") return;
  // Whatever is promised once the record is gone is of a new one.
  const promises = new Set((await listPromises(action, acting)).map(({ id }) => id));
  if (await removeAsLookedAt(action, acting)) return takeBack(promises, action, acting);
  // An instance that was touched again while its tag was taken off keeps its record, and gets the tag back.
  const { region, instanceId } = detailOf(action);
  const { accountId } = action;
  if (before.isTagged === true) await promiseTags({ accountId, region, instanceIds: [instanceId] }, acting.due);
}

/** False where it was touched again meanwhile. */
async function removeAsLookedAt(action: PlannedAction, { marks }: MarkActing): Promise<boolean> {
  const detail = detailOf(action);
  for (;;) {
    const mark = await marks.find(detail);
    if (mark === undefined) return true;
    if (!isAsLookedAt(mark, detail)) return false;
    if (await marks.remove(mark)) return true;
  }
}

/** A promise that another process is at is looked at again. */
async function takeBack(promises: ReadonlySet<string>, action: PlannedAction, acting: MarkActing): Promise<void> {
  for (;;) {
    const left = (await listPromises(action, acting)).filter(({ id }) => promises.has(id));
    if (left.length === 0) return;
    for (const promised of left)
      await acting.due.settle(
        promised,
        promised.instanceIds.filter((id) => id !== detailOf(action).instanceId),
      );
  }
}

async function listPromises(action: PlannedAction, { due }: MarkActing): Promise<readonly Promised[]> {
  const { region, instanceId } = detailOf(action);
  const found: Promised[] = [];
  for await (const one of due.list(action.accountId))
    if (one.region === region && one.instanceIds.includes(instanceId)) found.push(one);
  return found;
}
