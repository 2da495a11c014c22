import type { PlannedAction } from "../../act/action.ts";
import { awaitChange } from "../../act/await-change.ts";
import type { JournalEntry } from "../../act/entry.ts";
import type { ActionKind, Attempt, Confirmation, Intended, Standing } from "../../act/kind.ts";
import { deleteTags } from "../../aws/write/ec2.ts";
import { type Mark, touchedAt } from "../../marks/mark.ts";
import type { ClearDetail } from "../plan-clear.ts";
import { isThere } from "../tally.ts";
import type { MarkActing } from "./acting.ts";

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

const isAsLookedAt = (mark: Mark, detail: ClearDetail): boolean =>
  touchedAt(mark) <= (detail.touchedAt ?? Number.NEGATIVE_INFINITY);

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

/** An instance that was touched again while its tag was taken off keeps its record, and gets the tag back. */
async function recordClear({ state, action }: JournalEntry, { marks, due }: MarkActing): Promise<void> {
  if (state !== "applied") return;
  const detail = detailOf(action);
  for (;;) {
    const mark = await marks.find(detail);
    if (mark !== undefined && !isAsLookedAt(mark, detail)) return;
    if (mark === undefined || (await marks.remove(mark))) break;
  }
  for await (const promised of due.list(action.accountId)) {
    const { region, instanceIds } = promised;
    if (region === detail.region && instanceIds.includes(detail.instanceId))
      await due.settle(
        promised,
        instanceIds.filter((id) => id !== detail.instanceId),
      );
  }
}
