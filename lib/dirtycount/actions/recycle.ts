import { actionId } from "../../act/action.ts";
import { awaitChange } from "../../act/await-change.ts";
import type { JournalEntry } from "../../act/entry.ts";
import { noteFailure } from "../../act/failures.ts";
import type { ActionKind, Attempt, Confirmation, Intended } from "../../act/kind.ts";
import { terminateMember } from "../../aws/write/auto-scaling.ts";
import type { Mark } from "../../marks/mark.ts";
import { groupKey } from "../plan-recycle.ts";
import { isLeaving } from "../refuse-recycle.ts";
import { detailOf, type RecycleActing } from "./recycle-acting.ts";
import { type GroupsSeen, isGone, standToRecycle } from "./stand-to-recycle.ts";

/** Has an instance's group terminate it and launch another, one of a group at a time. Made anew for each run. */
export function recycle(acting: RecycleActing): ActionKind {
  const seen: GroupsSeen = { closed: new Map(), looks: new Map() };
  return {
    name: "recycle",
    stand: (action) => standToRecycle(action, { acting, seen }),
    async write(intent, _before, overdue) {
      const { action } = intent;
      const { region, group, instanceId } = detailOf(action);
      const { client, stop } = acting.writing(region);
      seen.closed.set(groupKey({ region, group }), {
        gate: "group_busy",
        says: `${instanceId} of group ${JSON.stringify(group)} is recycled in this run`,
      });
      // Whoever finds no answer to what follows knows from it whom the group may be about to replace.
      await acting.groupBook.note({ region, group }, { instanceId, actionId: actionId(action), at: acting.clock() });
      const calling = { client, stop: AbortSignal.any([stop, overdue]) };
      return { ...(await terminateMember(intent, calling, instanceId)) };
    },
    confirm: (intended, attempt) => confirmLeaving(intended, attempt, acting),
    record: (entry) => recordRecycle(entry, acting),
    noUndo: "a recycled instance can't be brought back: it is terminated, and its group has launched another one",
  };
}

/** Whether it has left service for good: by a look, whatever the call that asked for it has answered. */
function confirmLeaving({ action }: Intended, attempt: Attempt, acting: RecycleActing): Promise<Confirmation> {
  const { region, instanceId } = detailOf(action);
  const { findMember, findInstance } = acting.reads(region);
  const look = async (): Promise<Confirmation | undefined> => {
    const member = await findMember(instanceId);
    if (member !== undefined && isLeaving(member.lifecycle)) return done(attempt, member.lifecycle);
    const instance = await findInstance(instanceId);
    return isGone(instance) ? done(attempt, instance?.state ?? "gone") : undefined;
  };
  const { clock, consistency, stop } = acting;
  return awaitChange(look, { attempt, clock, consistency, stop, absent: "the instance does not leave its group" });
}

const done = ({ written }: Attempt, state: string): Confirmation => ({ is: "done", after: { ...written, state } });

async function recordRecycle(entry: JournalEntry, { marks }: RecycleActing): Promise<void> {
  const { state, action, endedAt: at = entry.intendedAt, attempt, wasInterrupted } = entry;
  const noted = (mark: Mark): Mark => {
    const { recycling = {} } = mark;
    if (state === "applied") return { ...mark, recycling: { ...recycling, done: { at, id: actionId(action) } } };
    // What was cut short is tried again at once.
    if (state !== "failed" || wasInterrupted === true) return mark;
    return { ...mark, recycling: noteFailure(recycling, "recycle", { at, attempt }) };
  };
  await marks.change(detailOf(action), noted);
}
