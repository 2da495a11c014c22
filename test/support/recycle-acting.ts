import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { type Acts, actOnAccount, type Plan } from "../../lib/act/act-on-account.ts";
import type { PlannedAction } from "../../lib/act/action.ts";
import type { ActionKinds } from "../../lib/act/conclude.ts";
import type { Holder } from "../../lib/act/holder.ts";
import type { Journal } from "../../lib/act/journal.ts";
import type { ActionKind } from "../../lib/act/kind.ts";
import type { AutoScalingGroup, GroupMember } from "../../lib/core/auto-scaling.ts";
import { wholeCoverage } from "../../lib/core/coverage.ts";
import type { Instance } from "../../lib/core/ec2.ts";
import { hours, seconds } from "../../lib/core/time.ts";
import { openGroupBook } from "../../lib/dirtycount/actions/group-book.ts";
import { recycle } from "../../lib/dirtycount/actions/recycle.ts";
import type { RecycleActing, RecycleReads } from "../../lib/dirtycount/actions/recycle-acting.ts";
import { planRecycles, type RecycleCandidate } from "../../lib/dirtycount/plan-recycle.ts";
import type { Mark } from "../../lib/marks/mark.ts";
import { openMarks } from "../../lib/marks/marks.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import { aMark, aTally, now } from "./marks.ts";
import { anInstance } from "./tagaudit-records.ts";

const accountId = "123456789012";
const region = "eu-west-1";

export const aGroupMember = (said: Partial<GroupMember> = {}): GroupMember => ({
  ...{ instanceId: "i-1", group: "web", lifecycle: "InService", isHealthy: true, isProtected: false },
  ...said,
});

/** A running member of group `web`, that a person was on two hours ago. */
export const aRecycleCandidate = (
  instanceId: string,
  mark: Partial<Mark> = {},
  instance: Parameters<typeof anInstance>[0] = {},
): RecycleCandidate => ({
  mark: aMark({ instanceId, verified: aTally({ firstAt: now - hours(2), lastAt: now - hours(2) }), ...mark }),
  instance: anInstance({ id: instanceId, tags: { "aws:autoscaling:groupName": "web" }, ...instance }),
  readAt: now,
});

/** What recycling meets in AWS. */
export interface GroupsWorld {
  readonly instances: Map<string, Instance>;
  readonly members: Map<string, GroupMember>;
  readonly groups: Map<string, Omit<AutoScalingGroup, "members">>;
  readonly refreshes: string[];
  readonly activities: string[];
  quietSince: number | undefined;
  readonly terminationProtected: Set<string>;
  /** Members that their groups do not show. */
  readonly hidden: Set<string>;
  /** Members that only their groups show. */
  readonly detached: Set<string>;
  /** Every call that came through, with the instance or group that it named. */
  readonly called: string[];
  /** Whether answers show what was done; else they are of before. */
  showsWrites: boolean;
  /** Done while a group is looked at. */
  whileLooking: () => unknown;
  /** Done before a deed's call comes through. */
  beforeWrite: () => void;
  /** Done before the answer of a call is given. */
  afterWrite: () => void;
}

export interface Recycling {
  readonly clock: { now: number };
  readonly store: Store;
  readonly world: GroupsWorld;
  /** Puts members of a group into it, which is whole with them, all touched by a person. */
  put(group: string, ids: readonly string[], said?: Partial<Omit<AutoScalingGroup, "members">>): Promise<void>;
  markOf(instanceId: string): Promise<Mark | undefined>;
  marksIn(store: Store): ReturnType<typeof openMarks>;
  plan(): Promise<readonly PlannedAction[]>;
  kinds(journal: Journal, store?: Store): ActionKinds;
  run(actions: readonly PlannedAction[], run?: Run): Promise<Ran>;
}

interface Run {
  readonly token?: string;
  readonly store?: Store;
  readonly limits?: Plan["limits"];
  readonly fleet?: Plan["fleet"];
  readonly circumstances?: Partial<Parameters<typeof actOnAccount>[0]["circumstances"]>;
  readonly coverage?: Plan["coverage"];
  readonly kind?: (kind: ActionKind) => ActionKind;
}

interface Ran {
  readonly outcomes: readonly string[];
  readonly refusals: readonly string[];
  readonly unsettled: readonly string[];
}

const holder = (token: string): Holder => ({ token, host: "elsewhere", pid: 1 });

/** An account whose groups, instances and marks are all in memory. */
export function openRecycling(changes: Partial<RecycleActing> = {}): Recycling {
  const clock = { now };
  const store = openMemoryStore({ now: () => clock.now });
  const world: GroupsWorld = {
    ...{
      instances: new Map(),
      members: new Map(),
      groups: new Map(),
      refreshes: [],
      activities: [],
      quietSince: undefined,
    },
    ...{ terminationProtected: new Set(), hidden: new Set(), detached: new Set(), called: [], showsWrites: true },
    ...{ whileLooking: () => undefined, beforeWrite: () => undefined, afterWrite: () => undefined },
  };
  const marksIn = (of: Store) => openMarks(of, accountId, () => clock.now);
  const acting = (journal: Journal, of: Store): RecycleActing => ({
    ...{ journal, marks: marksIn(of), groupBook: openGroupBook(of, accountId, () => clock.now) },
    reads: () => readsOf(world),
    writing: () => ({ client: clientOf(world), stop: new AbortController().signal }),
    ...{ stop: new AbortController().signal, clock: () => clock.now, consistency: 0 },
    ...changes,
  });
  return {
    ...{ clock, store, world, marksIn },
    async put(group, ids, said = {}) {
      const rest = { suspended: [], status: undefined, reusesInstances: false, grace: 0, operator: undefined };
      world.groups.set(group, { name: group, desired: ids.length, ...rest, ...said });
      for (const id of ids) {
        const { mark, instance } = aRecycleCandidate(id, {}, { tags: { "aws:autoscaling:groupName": group } });
        world.instances.set(id, instance);
        world.members.set(id, aGroupMember({ instanceId: id, group }));
        await marksIn(store).update({ region, instanceId: id }, () => mark);
      }
    },
    markOf: (instanceId) => marksIn(store).find({ region, instanceId }),
    async plan() {
      const candidates: RecycleCandidate[] = [];
      for await (const mark of marksIn(store).list()) {
        const instance = world.instances.get(mark.instanceId);
        if (instance !== undefined) candidates.push({ mark, instance, readAt: clock.now });
      }
      return planRecycles(candidates, { accountId, recycleAfter: hours(1), now: clock.now });
    },
    kinds: (journal, of = store) => new Map([["recycle", recycle(acting(journal, of))]]),
    async run(actions, { token = "a", store: through = store, kind = (one: ActionKind) => one, ...run } = {}) {
      const acts = await actOnAccount({
        ...{ store: through, program: "dirtycount", accountId, who: "tester", holder: holder(token) },
        ...{ clock: () => clock.now, clockOffset: () => 0, leaseLength: seconds(10) },
        stop: new AbortController().signal,
        circumstances: {
          ...{ mode: "commit", actOnAccounts: [accountId], calendar: undefined, exemptions: [], ownLegs: new Set() },
          ...{ protected: [], maxEvidenceAge: hours(24), overridePlan: undefined },
          ...run.circumstances,
        },
        kinds: (journal) => new Map([["recycle", kind(recycle(acting(journal, through)))]]),
        plan: async () => ({
          ...{ actions, coverage: run.coverage ?? wholeCoverage },
          ...{ fleet: run.fleet ?? { subjects: 100, due: 10 }, limits: run.limits ?? { recycles: 9 } },
        }),
      });
      return sayActs(acts);
    },
  };
}

function readsOf(world: GroupsWorld): RecycleReads {
  const noted = (says: string) => world.called.push(says);
  return {
    async findInstance(id) {
      noted(`instance ${id}`);
      return world.instances.get(id);
    },
    async findMember(id) {
      noted(`member ${id}`);
      return world.detached.has(id) ? undefined : world.members.get(id);
    },
    async lookAtGroup(name) {
      noted(`group ${name}`);
      await world.whileLooking();
      const group = world.groups.get(name);
      const members = [...world.members.values()].filter(
        ({ instanceId, ...member }) =>
          member.group === name && !member.lifecycle.startsWith("Warmed:") && !world.hidden.has(instanceId),
      );
      return (
        group && {
          group: { ...group, members },
          refreshes: [...world.refreshes],
          activities: [...world.activities],
          quietSince: world.quietSince,
        }
      );
    },
    isProtected: async (id) => world.terminationProtected.has(id),
  };
}

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: { readonly InstanceId: string; readonly ShouldDecrementDesiredCapacity: boolean };
}

function clientOf(world: GroupsWorld): AutoScalingClient {
  const send = async (command: Sent): Promise<unknown> => {
    const { InstanceId: id, ShouldDecrementDesiredCapacity: decrements } = command.input;
    world.beforeWrite();
    world.called.push(`${command.constructor.name.replace("Command", "")} ${id} ${decrements}`);
    const [member, instance] = [world.members.get(id), world.instances.get(id)];
    if (member === undefined || instance === undefined)
      throw Object.assign(new Error("none"), { name: "ValidationError" });
    if (world.showsWrites) showTermination(world, id);
    world.afterWrite();
    return { Activity: { ActivityId: `activity-of-${id}`, StatusCode: "InProgress" } };
  };
  // The kind calls `send` alone.
  return { send } as unknown as AutoScalingClient;
}

export function showTermination({ members, instances }: GroupsWorld, id: string): void {
  const [member, instance] = [members.get(id), instances.get(id)];
  if (member !== undefined) members.set(id, { ...member, lifecycle: "Terminating" });
  if (instance !== undefined) instances.set(id, { ...instance, state: "shutting-down" });
}

/** The group is whole again: what was ending is gone, and another has come. */
export function showReplacement({ members, instances }: GroupsWorld, id: string): void {
  const group = members.get(id)?.group ?? "web";
  members.delete(id);
  instances.delete(id);
  members.set(`${id}b`, aGroupMember({ instanceId: `${id}b`, group }));
}

export const terminationsOf = ({ called }: GroupsWorld): readonly string[] =>
  called.filter((one) => one.startsWith("Terminate"));

function sayActs(acts: Acts | undefined): Ran {
  const nameOf = ({ kind, subject }: PlannedAction) => `${kind} ${subject.split("/")[1]}`;
  return {
    outcomes: acts?.outcomes.map(({ action, ending, says }) => `${nameOf(action)} ${ending}: ${says}`) ?? [],
    refusals: acts?.refusals.map(({ action, gate, says }) => `${nameOf(action)} ${gate}: ${says}`) ?? [],
    unsettled: acts?.unsettled ?? [],
  };
}
