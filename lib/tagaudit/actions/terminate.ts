import { actionId } from "../../act/action.ts";
import type { BatchKind } from "../../act/kind.ts";
import { terminateInstances } from "../../aws/write/ec2.ts";
import { noteTerminated } from "../ladder.ts";
import { detailOf, type InstanceActing, ladderOf, recordFailure } from "./acting.ts";
import { confirmState } from "./confirm-state.ts";
import { standToAct } from "./stand-to-act.ts";
import { batchSize, writeTogether } from "./write-together.ts";

/** Terminates instances in violation, those of a zone in one call, for good. */
export const terminate = (acting: InstanceActing): BatchKind => ({
  ...{ name: "terminate", batchSize },
  batchKey: ({ detail }) => `${detail.region}/${detail.zone}`,
  standAll: (actions) => standToAct(actions, acting, { step: "terminate" }),
  writeAll: (begun, overdue) => writeTogether(begun, { ...acting, overdue }, terminateInstances),
  confirm: (intended, attempt) =>
    confirmState(intended, {
      ...{ acting, attempt, states: ["shutting-down", "terminated"] },
      // EC2 forgets a terminated instance after about an hour (Terminate your instance, EC2 user guide).
      gone: { is: "done", after: { state: "gone" } },
    }),
  async record(entry) {
    const { state, endedAt = entry.intendedAt, action } = entry;
    if (state === "failed") return recordFailure(acting.ladders, "terminate", entry);
    if (state !== "applied") return;
    const id = actionId(action);
    await acting.ladders.update(ladderOf(detailOf(action)), (ladder) => noteTerminated(ladder, { at: endedAt, id }));
  },
  noUndo: "a terminated instance can't be brought back: it is gone for good, and nothing can undo that",
});
