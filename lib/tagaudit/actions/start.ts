import type { ActionKind } from "../../act/kind.ts";
import { startInstances } from "../../aws/write/ec2.ts";
import { restartLadder } from "../ladder.ts";
import { detailOf, findInstance, type InstanceActing, isGone, ladderOf } from "./acting.ts";
import { confirmState } from "./confirm-state.ts";
import { writeTogether } from "./write-together.ts";

/** Starts an instance again that `stop` stopped; its owner gets the whole time anew. */
export const start = (acting: InstanceActing): ActionKind => ({
  name: "start",
  async stand(action) {
    const instance = await findInstance(detailOf(action), acting);
    if (instance === undefined || isGone(instance))
      return { is: "refused", gate: "gone", says: "the instance is gone" };
    const { state } = instance;
    if (state === "running" || state === "pending") return { is: "unneeded", says: `the instance is ${state} already` };
    // StartInstances takes none that is still on its way (Instance lifecycle, EC2 user guide).
    if (state !== "stopped") return { is: "refused", gate: "not_ready", says: `the instance is still ${state}` };
    return { is: "due", before: { state } };
  },
  async write(intent, before, overdue) {
    const [attempt] = await writeTogether([{ intent, before }], { ...acting, overdue }, startInstances);
    if (attempt?.thrown !== undefined) throw attempt.thrown;
    return attempt?.written ?? {};
  },
  confirm: (intended, attempt) =>
    confirmState(intended, {
      ...{ acting, attempt, states: ["pending", "running"] },
      gone: { is: "unneeded", says: "the instance is gone" },
    }),
  async record({ state, action }) {
    if (state !== "applied") return;
    await acting.ladders.update(ladderOf(detailOf(action)), (ladder) =>
      ladder.stopped === undefined ? ladder : restartLadder(ladder),
    );
  },
});
