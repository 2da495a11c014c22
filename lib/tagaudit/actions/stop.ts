import { actionId } from "../../act/action.ts";
import type { BatchKind } from "../../act/kind.ts";
import { stopInstances } from "../../aws/write/ec2.ts";
import { noteStopped } from "../ladder.ts";
import { sayLoss } from "../steps.ts";
import { detailOf, type InstanceActing, ladderOf, recordFailure } from "./acting.ts";
import { confirmState } from "./confirm-state.ts";
import { standToAct } from "./stand-to-act.ts";
import { batchSize, writeTogether } from "./write-together.ts";

/** Stops instances in violation, those of a zone in one call. */
export const stop = (acting: InstanceActing): BatchKind => ({
  ...{ name: "stop", batchSize },
  batchKey: ({ detail }) => `${detail.region}/${detail.zone}`,
  standAll: (actions) => standToAct(actions, acting, { step: "stop" }),
  writeAll: (begun, overdue) => writeTogether(begun, { ...acting, overdue }, stopInstances),
  confirm: (intended, attempt) =>
    confirmState(intended, {
      ...{ acting, attempt, states: ["stopping", "stopped"] },
      gone: { is: "unneeded", says: "the instance is gone" },
    }),
  async record(entry) {
    const { state, endedAt = entry.intendedAt, action } = entry;
    if (state === "failed") return recordFailure(acting.ladders, "stop", entry);
    if (state !== "applied") return;
    const id = actionId(action);
    await acting.ladders.update(ladderOf(detailOf(action)), (ladder) =>
      ladder.round.toString() === action.occasion ? noteStopped(ladder, { at: endedAt, id }) : ladder,
    );
  },
  undo: ({ action }) => ({
    ...action,
    ...{ kind: "start", class: "restoring", decidedBy: "stalewatch undo", legs: [] },
    reason: `started again by a person. ${sayLoss(detailOf(action))}`,
  }),
});
