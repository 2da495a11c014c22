import type { PlannedAction } from "../../act/action.ts";
import { awaitChange } from "../../act/await-change.ts";
import type { Intent } from "../../act/journal.ts";
import type { ActionKind, Attempt, Confirmation, Intended } from "../../act/kind.ts";
import { setStopProtection, setTerminationProtection } from "../../aws/write/ec2.ts";
import { failureCodeOf } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Step } from "../ladder.ts";
import { detailOf, findInstance, type InstanceActing, isGone, recordFailure } from "./acting.ts";
import { standToAct } from "./stand-to-act.ts";
import { until } from "./write-together.ts";

/** Takes off the protection that stands in the way of a step, where a rule that is broken lets it. */
export const unprotect = (acting: InstanceActing): ActionKind => ({
  name: "unprotect",
  async stand(action) {
    if (!detailOf(action).rules.some((hash) => acting.flipping.has(hash)))
      return { is: "refused", gate: "protected_instance", says: "no rule that it breaks lets protection be taken off" };
    const [standing] = await standToAct([action], acting, { step: stepOf(action), unprotects: true });
    return standing ?? { is: "unneeded", says: "the instance is gone" };
  },
  write: (intent, _before, overdue) => setProtection(intent, acting, { isProtected: false, overdue }),
  confirm: (intended, attempt) => confirmProtection(intended, attempt, { acting, isProtected: false }),
  async record(entry) {
    // It waits together with its step.
    if (entry.state === "failed") await recordFailure(acting.ladders, stepOf(entry.action), entry);
  },
  undo: ({ action }) => ({
    ...action,
    ...{ kind: "protect", class: "restoring", reason: "protected again by a person" },
    ...{ decidedBy: "stalewatch undo", legs: [] },
  }),
});

/** Puts a protection back that `unprotect` took off. */
export const protect = (acting: InstanceActing): ActionKind => ({
  name: "protect",
  async stand(action) {
    const instance = await findInstance(detailOf(action), acting);
    if (instance === undefined || isGone(instance))
      return { is: "refused", gate: "gone", says: "the instance is gone" };
    return (await isProtectedNow(action, acting))
      ? { is: "unneeded", says: "the instance is protected already" }
      : { is: "due", before: { isProtected: false } };
  },
  write: (intent, _before, overdue) => setProtection(intent, acting, { isProtected: true, overdue }),
  confirm: (intended, attempt) => confirmProtection(intended, attempt, { acting, isProtected: true }),
});

const stepOf = (action: PlannedAction): Step => detailOf(action).step ?? "terminate";

interface Setting {
  readonly isProtected: boolean;
  readonly overdue: AbortSignal;
}

async function setProtection(
  intent: Intent,
  { writing }: InstanceActing,
  { isProtected, overdue }: Setting,
): Promise<JsonObject> {
  const { region, instanceId } = detailOf(intent.action);
  const set = stepOf(intent.action) === "stop" ? setStopProtection : setTerminationProtection;
  await set({ intent, instanceId }, until(overdue, writing(region)), isProtected);
  return { isProtected };
}

async function isProtectedNow(action: PlannedAction, { reads }: InstanceActing): Promise<boolean> {
  const { region, instanceId } = detailOf(action);
  const { fromStop, fromTermination } = await reads(region).describeProtection(instanceId);
  return stepOf(action) === "stop" ? fromStop : fromTermination;
}

interface Wanted {
  readonly acting: InstanceActing;
  readonly isProtected: boolean;
}

function confirmProtection(
  { action }: Intended,
  attempt: Attempt,
  { acting, isProtected }: Wanted,
): Promise<Confirmation> {
  const look = async (): Promise<Confirmation | undefined> => {
    try {
      return (await isProtectedNow(action, acting)) === isProtected
        ? { is: "done", after: { isProtected } }
        : undefined;
    } catch (thrown) {
      if (failureCodeOf(thrown) !== "missing") throw thrown;
      return { is: "unneeded", says: "the instance is gone" };
    }
  };
  const { clock, consistency, stop } = acting;
  const absent = `the instance is ${isProtected ? "not" : "still"} protected`;
  return awaitChange(look, { attempt, clock, consistency, stop, absent });
}
