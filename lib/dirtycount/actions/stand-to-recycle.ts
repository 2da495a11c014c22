import { actionId, type PlannedAction } from "../../act/action.ts";
import type { Standing } from "../../act/kind.ts";
import type { GroupLook } from "../../core/auto-scaling.ts";
import type { Instance } from "../../core/ec2.ts";
import { groupKey } from "../plan-recycle.ts";
import { countHealthy, isLeaving, type RecycleRefusal, refuseGroup, refuseMember } from "../refuse-recycle.ts";
import { detailOf, type RecycleActing } from "./recycle-acting.ts";

/** What a run has found out of groups, by `groupKey`. To refuse on an older look harms nobody, and saves calls. */
export interface GroupsSeen {
  /** Of these it recycles no more. */
  readonly closed: Map<string, RecycleRefusal>;
  readonly looks: Map<string, GroupLook>;
}

export const isGone = (instance: Pick<Instance, "state"> | undefined): boolean =>
  instance === undefined || instance.state === "shutting-down" || instance.state === "terminated";

interface Asking {
  readonly acting: RecycleActing;
  readonly seen: GroupsSeen;
}

const refuse = (gate: string, says: string): RecycleRefusal => ({ gate, says });

/** What has to hold of an instance and of its group just before it is recycled. */
export async function standToRecycle(action: PlannedAction, asking: Asking): Promise<Standing> {
  const detail = detailOf(action);
  const { acting, seen } = asking;
  const known = seen.closed.get(groupKey(detail)) ?? refuseByEarlierLook(action, asking);
  if (known !== undefined) return { is: "refused", ...known };
  const { findInstance } = acting.reads(detail.region);
  if (isGone(await findInstance(detail.instanceId))) return { is: "unneeded", says: "the instance is gone" };
  const refusal = (await refuseByMark(action, acting)) ?? (await refuseProtected(action, acting));
  if (refusal !== undefined) return { is: "refused", ...refusal };
  // The group comes late, for it changes most; and while AWS is asked a person may come.
  const look = await lookAgain(action, asking);
  if ("gate" in look) return { is: "refused", ...look };
  const changed = await refuseByMark(action, acting);
  if (changed !== undefined) return { is: "refused", ...changed };
  const { desired } = look.group;
  return { is: "due", before: { group: detail.group, desired, healthy: countHealthy(look.group) } };
}

function refuseByEarlierLook(action: PlannedAction, { seen }: Asking): RecycleRefusal | undefined {
  const detail = detailOf(action);
  const look = seen.looks.get(groupKey(detail));
  const member = look && findIn(look, detail.instanceId);
  return member && refuseMember(member);
}

const findIn = ({ group }: GroupLook, id: string) => group.members.find(({ instanceId }) => instanceId === id);

async function refuseByMark(action: PlannedAction, { marks }: RecycleActing): Promise<RecycleRefusal | undefined> {
  const detail = detailOf(action);
  const mark = await marks.find(detail);
  if (mark?.verified === undefined) return refuse("changed", "no mark by a proven sender is on it any more");
  return mark.verified.lastAt > detail.lastAt
    ? refuse("changed", "a person has been on it again since it was judged")
    : undefined;
}

/** Auto Scaling would not ask (Change termination protection, EC2 user guide). */
async function refuseProtected(action: PlannedAction, { reads }: RecycleActing): Promise<RecycleRefusal | undefined> {
  const { region, instanceId } = detailOf(action);
  return (await reads(region).isProtected(instanceId))
    ? refuse("protected_instance", "it is protected from being terminated")
    : undefined;
}

async function lookAgain(action: PlannedAction, asking: Asking): Promise<GroupLook | RecycleRefusal> {
  const detail = detailOf(action);
  const { acting, seen } = asking;
  const close = (refusal: RecycleRefusal): RecycleRefusal => {
    seen.closed.set(groupKey(detail), refusal);
    return refusal;
  };
  const look = await acting.reads(detail.region).lookAtGroup(detail.group);
  if (look === undefined) return close(refuse("not_in_group", `there is no group ${JSON.stringify(detail.group)}`));
  seen.looks.set(groupKey(detail), look);
  const closing = (await refuseUnsettled(action, look, acting)) ?? refuseGroup(look, acting.clock());
  if (closing !== undefined) return close(closing);
  const shown = findIn(look, detail.instanceId);
  return (shown && refuseMember(shown)) ?? (await refuseMembership(action, shown !== undefined, acting)) ?? look;
}

/** What a group says of itself may be older than what this program has begun in it. */
async function refuseUnsettled(
  action: PlannedAction,
  look: GroupLook,
  { groupBook, journal }: RecycleActing,
): Promise<RecycleRefusal | undefined> {
  const last = await groupBook.find(detailOf(action));
  if (last === undefined || last.actionId === actionId(action)) return undefined;
  const { state } = (await journal.find(last.actionId)) ?? {};
  if (state === "intended") return refuse("group_busy", `what became of ${last.instanceId} is not known yet`);
  const member = findIn(look, last.instanceId);
  return state === "applied" && member !== undefined && !isLeaving(member.lifecycle)
    ? refuse("group_busy", `the group still shows ${last.instanceId}, which was recycled`)
    : undefined;
}

/**
 * By the call that will confirm it: whoever may not make that must not begin. It knows members of warm pools, too, which
 * groups do not show (DescribeAutoScalingGroups, API reference).
 */
async function refuseMembership(
  action: PlannedAction,
  isShown: boolean,
  { reads }: RecycleActing,
): Promise<RecycleRefusal | undefined> {
  const { region, group, instanceId } = detailOf(action);
  const member = await reads(region).findMember(instanceId);
  if (member === undefined) return refuse("not_in_group", "it is a member of no group any more");
  if (member.group !== group) return refuse("changed", `it is in ${JSON.stringify(member.group)} by now`);
  return refuseMember(member) ?? (isShown ? undefined : refuse("changed", "its group does not show it"));
}
