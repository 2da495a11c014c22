import type { PlannedAction } from "../../act/action.ts";
import { awaitChange } from "../../act/await-change.ts";
import type { Intent } from "../../act/journal.ts";
import type { ActionKind, Attempt, Confirmation, Intended, Standing } from "../../act/kind.ts";
import { createTags } from "../../aws/write/ec2.ts";
import type { Instance } from "../../core/ec2.ts";
import { OpsError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import { canaryTimestampTag, type MarkDetail } from "../plan-marks.ts";
import { findInstance, type InstanceActing, isGone } from "./acting.ts";
import { until } from "./write-together.ts";

/** Writes on a region's canary when the region was last audited, as the original does. */
export const mark = (acting: InstanceActing): ActionKind => ({
  name: "mark",
  async stand(action) {
    const canary = await findCanary(action, acting);
    if (canary === undefined) return { is: "unneeded", says: gone };
    const { isCanary, violations } = acting.judge(canary, undefined);
    return isCanary && violations.length === 0
      ? { is: "due", before: { value: stampOf(canary) } }
      : refuse("changed", "it is no sound canary any more");
  },
  write: (intent, _before, overdue) => writeStamp(intent, acting, overdue),
  confirm: (intended, attempt) => confirmStamp(intended, attempt, acting),
  undo: ({ action, before }) => ({
    ...action,
    ...{ kind: "unmark", class: "restoring", reason: "its former time stamp is set again by a person" },
    decidedBy: "stalewatch undo",
    detail: { ...markOf(action), value: before.value ?? null, replaces: markOf(action).value },
  }),
});

/** Gives the canary back the time stamp that `mark` replaced. */
export const unmark = (acting: InstanceActing): ActionKind => ({
  name: "unmark",
  async stand(action) {
    const { value, replaces } = markOf(action);
    const canary = await findCanary(action, acting);
    if (canary === undefined) return refuse("gone", gone);
    if (value === null) return refuse("no_undo", `it had no tag "${canaryTimestampTag}" before, and none is taken off`);
    const stamp = stampOf(canary);
    if (stamp === value) return { is: "unneeded", says: "it has its former time stamp already" };
    return stamp === replaces
      ? { is: "due", before: { value: stamp } }
      : refuse("changed", "it has been given another time stamp since");
  },
  write: (intent, _before, overdue) => writeStamp(intent, acting, overdue),
  confirm: (intended, attempt) => confirmStamp(intended, attempt, acting),
});

const gone = "the canary is gone";

const refuse = (gate: string, says: string): Standing => ({ is: "refused", gate, says });

/** As `planMarks` or the undo made it. */
const markOf = ({ detail }: PlannedAction): MarkDetail => detail as MarkDetail;

const stampOf = ({ tags }: Pick<Instance, "tags">): string | null => tags.get(canaryTimestampTag) ?? null;

async function findCanary(action: PlannedAction, acting: InstanceActing): Promise<Instance | undefined> {
  const instance = await findInstance(markOf(action), acting);
  return instance === undefined || isGone(instance) ? undefined : instance;
}

async function writeStamp(intent: Intent, { writing }: InstanceActing, overdue: AbortSignal): Promise<JsonObject> {
  const { region, instanceId, value } = markOf(intent.action);
  if (value === null) throw new OpsError("other", "a time stamp without a value can't be written");
  await createTags([{ intent, instanceId }], until(overdue, writing(region)), new Map([[canaryTimestampTag, value]]));
  return { value };
}

function confirmStamp({ action }: Intended, attempt: Attempt, acting: InstanceActing): Promise<Confirmation> {
  const { value } = markOf(action);
  const look = async (): Promise<Confirmation | undefined> => {
    const canary = await findCanary(action, acting);
    if (canary === undefined) return { is: "unneeded", says: gone };
    return stampOf(canary) === value ? { is: "done", after: { value } } : undefined;
  };
  const { clock, consistency, stop } = acting;
  return awaitChange(look, { attempt, clock, consistency, stop, absent: "the canary does not show the time stamp" });
}
