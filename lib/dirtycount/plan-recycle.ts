import type { PlannedAction } from "../act/action.ts";
import { mayTry } from "../act/failures.ts";
import type { Instance } from "../core/ec2.ts";
import type { JsonObject } from "../core/json.ts";
import { formatInstant, type Millis } from "../core/time.ts";
import { type Level, levels } from "../host-events/event.ts";
import { type Mark, markId, type Tally } from "../marks/mark.ts";

/** A marked instance that was found in EC2. */
export interface RecycleCandidate {
  readonly mark: Mark;
  readonly instance: Instance;
  /** When it was read. */
  readonly readAt: Millis;
}

export interface RecyclePlanning {
  readonly accountId: string;
  /** Since a person was last seen on the instance. */
  readonly recycleAfter: Millis;
  readonly now: Millis;
}

export type RecycleAction = PlannedAction<"recycle", RecycleDetail>;

export interface RecycleDetail extends JsonObject {
  readonly region: string;
  readonly instanceId: string;
  /** The Auto Scaling group's name, by its member's tag. */
  readonly group: string;
  readonly level: Level;
  readonly events: number;
  readonly firstAt: Millis;
  readonly lastAt: Millis;
}

/** What counts recycled instances in 24 hours and account. */
export const recycleCap = "recycles";

/** Put by AWS on every member, and by nobody else: tags that begin with `aws:` can't be (Tag restrictions, EC2 user guide). */
const groupTag = "aws:autoscaling:groupName";

/** Undefined: it is in no Auto Scaling group, so nothing would take its place, and it is only reported. */
export const groupOf = ({ tags }: Pick<Instance, "tags">): string | undefined => tags.get(groupTag);

/** Names a group among those of all regions. */
export const groupKey = ({ region, group }: Pick<RecycleDetail, "region" | "group">): string =>
  JSON.stringify([region, group]);

/**
 * Everything that may be recycled, whether or not gates will allow it: marks that a proven sender made, on instances that
 * a group would replace. One of each group goes before the second of any, and of a group the gravest, then the oldest.
 */
export function planRecycles(
  candidates: readonly RecycleCandidate[],
  planning: RecyclePlanning,
): readonly RecycleAction[] {
  const ranks = new Map<string, number>();
  return candidates
    .flatMap((candidate) => planRecycle(candidate, planning) ?? [])
    .toSorted(compareActions)
    .map((action) => {
      const group = groupKey(action.detail);
      const rank = ranks.get(group) ?? 0;
      ranks.set(group, rank + 1);
      return { action, rank };
    })
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ action }) => action);
}

function planRecycle(candidate: RecycleCandidate, planning: RecyclePlanning): RecycleAction | undefined {
  const { mark, instance, readAt } = candidate;
  const { verified, recycling = {} } = mark;
  const group = groupOf(instance);
  if (verified === undefined || group === undefined || instance.state !== "running") return undefined;
  if (mark.endedAt !== undefined || recycling.done !== undefined) return undefined;
  if (!mayTry(recycling, "recycle", planning.now)) return undefined;
  const subject = markId(mark);
  const name = instance.tags.get("Name");
  return {
    ...{ program: "dirtycount", accountId: planning.accountId, kind: "recycle", class: "reversible" },
    // An instance ends once.
    ...{ subject, occasion: "1", reason: sayTouched(verified), decidedBy: "recycle_after" },
    ...{ notBefore: verified.lastAt + planning.recycleAfter, evidenceAt: readAt, cap: recycleCap },
    names: [instance.id, subject, name, group].filter((one) => one !== undefined),
    legs: [instance.id],
    detail: {
      ...{ region: mark.region, instanceId: instance.id, group, level: verified.level, events: verified.count },
      ...{ firstAt: verified.firstAt, lastAt: verified.lastAt },
    },
  };
}

/** Without who: that stays in the mark. */
function sayTouched({ names, count, level, firstAt, lastAt }: Tally): string {
  const events = Object.entries(names).map(([name, times]) => `${name} ${times}`);
  const shown = events.length > mostNames ? `${count} events` : events.join(", ");
  return `touched by a person: ${shown}; level ${level}; first ${formatInstant(firstAt)}, last ${formatInstant(lastAt)}`;
}

const mostNames = 5;

const compareActions = ({ detail: one, subject }: RecycleAction, { detail: other, ...right }: RecycleAction): number =>
  levels.indexOf(other.level) - levels.indexOf(one.level) ||
  one.firstAt - other.firstAt ||
  (subject < right.subject ? -1 : 1);
