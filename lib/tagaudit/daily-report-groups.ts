import type { Millis } from "../core/time.ts";

/** What decides where an instance stands in the report. */
export interface Groupable {
  readonly region: string;
  readonly instanceId: string;
  readonly owner: string | undefined;
  readonly since: Millis;
  readonly nextStep: { readonly kind: string; readonly at: Millis | undefined };
}

/** One owner's instances, as far as they are shown. */
export interface OwnerGroup<Entry extends Groupable = Groupable> {
  /** Undefined for those that name nobody. */
  readonly owner: string | undefined;
  readonly entries: readonly Entry[];
  /** How many of the owner's are left out. */
  readonly hidden: number;
}

export interface GroupedEntries<Entry extends Groupable> {
  readonly shown: readonly OwnerGroup<Entry>[];
  /** Instances that are left out, and owners of whom none is shown. */
  readonly hidden: { readonly instances: number; readonly owners: number };
}

/** The owners whose instances are acted on soonest come first; the order depends on nothing but the entries. */
export function groupByOwner<Entry extends Groupable>(
  entries: readonly Entry[],
  { owners, instances }: { readonly owners: number; readonly instances: number },
): GroupedEntries<Entry> {
  const groups = new Map<string | undefined, Entry[]>();
  for (const entry of entries.toSorted(bySoonest)) {
    const group = groups.get(entry.owner);
    if (group === undefined) groups.set(entry.owner, [entry]);
    else group.push(entry);
  }
  const shown: OwnerGroup<Entry>[] = [];
  let room = instances;
  for (const [owner, all] of [...groups].slice(0, owners)) {
    if (room === 0) break;
    const kept = all.slice(0, room);
    room -= kept.length;
    shown.push({ owner, entries: kept, hidden: all.length - kept.length });
  }
  return {
    shown,
    hidden: { instances: entries.length - (instances - room), owners: groups.size - shown.length },
  };
}

/** A Map keeps the order of first sight, so that of the entries is that of their owners too. */
const bySoonest = (left: Groupable, right: Groupable): number =>
  compare(stepAt(left), stepAt(right)) ||
  compare(left.since, right.since) ||
  compare(left.owner ?? "", right.owner ?? "") ||
  compare(left.region, right.region) ||
  compare(left.instanceId, right.instanceId);

const stepAt = ({ nextStep: { kind, at } }: Groupable): Millis =>
  kind === "none" ? Number.POSITIVE_INFINITY : (at ?? Number.MAX_VALUE);

function compare<Value extends number | string>(left: Value, right: Value): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
