import type { EC2Client } from "@aws-sdk/client-ec2";
import { type Acts, actOnAccount, type Plan } from "../../lib/act/act-on-account.ts";
import type { PlannedAction } from "../../lib/act/action.ts";
import type { ActionKinds } from "../../lib/act/conclude.ts";
import type { Holder } from "../../lib/act/holder.ts";
import type { Journal } from "../../lib/act/journal.ts";
import { wholeCoverage } from "../../lib/core/coverage.ts";
import type { Instance, InstanceState } from "../../lib/core/ec2.ts";
import { hours, seconds } from "../../lib/core/time.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import type { InstanceActing } from "../../lib/tagaudit/actions/acting.ts";
import { instanceActions } from "../../lib/tagaudit/actions.ts";
import { assessInstance, type Finding } from "../../lib/tagaudit/assess.ts";
import { clocksOf, type InstanceLadder, ladderId, newLadder } from "../../lib/tagaudit/ladder.ts";
import { openLadders } from "../../lib/tagaudit/ladders.ts";
import { planActions } from "../../lib/tagaudit/plan.ts";
import { planNews } from "../../lib/tagaudit/plan-news.ts";
import { aPlanning, someSettings, told } from "./instance-ladders.ts";
import { aNotifier } from "./key-acting.ts";
import { anInstance, aScheme, now } from "./tagaudit-records.ts";

const accountId = "123456789012";

/** What the kinds of action meet in EC2. */
export interface FakeWorld {
  readonly instances: Map<string, Instance>;
  /** What DescribeTags shows of an instance, where that differs. */
  readonly listed: Map<string, ReadonlyMap<string, string>>;
  readonly stopProtected: Set<string>;
  readonly terminationProtected: Set<string>;
  /** Instances that permissions leave out. */
  readonly denied: Set<string>;
  /** Instances that fail a call for all, as those that can't be stopped do. */
  readonly unfit: Set<string>;
  /** Done before the answer of a call is given. */
  afterWrite: () => void;
  /** Waited for before protection is told. */
  onProtection: () => Promise<void>;
  /** Reads and writes, with the instances that they named. */
  readonly called: string[];
}

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: {
    readonly InstanceIds?: readonly string[];
    readonly InstanceId?: string;
    readonly DisableApiStop?: { readonly Value: boolean };
    readonly DisableApiTermination?: { readonly Value: boolean };
    readonly Resources?: readonly string[];
    readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  };
}

const awsError = (name: string): Error => Object.assign(new Error(`words for ${name}`), { name });

const destinations: Readonly<Record<string, InstanceState>> = {
  StopInstances: "stopping",
  TerminateInstances: "shutting-down",
  StartInstances: "pending",
};

const clientOf = (world: FakeWorld): EC2Client => {
  const setProtection = ({ InstanceId = "", DisableApiStop, DisableApiTermination }: Sent["input"]) => {
    const [flags, flag] =
      DisableApiStop === undefined
        ? [world.terminationProtected, DisableApiTermination]
        : [world.stopProtected, DisableApiStop];
    if (flag?.Value === true) flags.add(InstanceId);
    else flags.delete(InstanceId);
  };
  const change = (name: string, ids: readonly string[]) => {
    const isProtected = name === "StopInstances" ? world.stopProtected : world.terminationProtected;
    if (name !== "StartInstances" && ids.some((id) => isProtected.has(id))) throw awsError("OperationNotPermitted");
    if (ids.some((id) => world.unfit.has(id))) throw awsError("UnsupportedOperation");
    return ids.map((id) => {
      const instance = world.instances.get(id);
      if (instance === undefined) throw awsError("InvalidInstanceID.NotFound");
      const state = destinations[name] ?? instance.state;
      world.instances.set(id, { ...instance, state });
      return { InstanceId: id, PreviousState: { Name: instance.state }, CurrentState: { Name: state } };
    });
  };
  const tag = ({ Resources = [], Tags = [] }: Sent["input"]) => {
    if (Resources.some((id) => world.denied.has(id))) throw awsError("UnauthorizedOperation");
    for (const id of Resources) {
      const instance = world.instances.get(id);
      if (instance === undefined) throw awsError("InvalidInstanceID.NotFound");
      const added = Tags.map(({ Key, Value }) => [Key, Value] as const);
      world.instances.set(id, { ...instance, tags: new Map([...instance.tags, ...added]) });
    }
    world.afterWrite();
  };
  const send = async (command: Sent): Promise<unknown> => {
    const { input } = command;
    const name = command.constructor.name.replace("Command", "");
    const ids = input.InstanceIds ?? input.Resources ?? [];
    world.called.push(`${name} ${input.InstanceId ?? ids.join(",")}`);
    if (name === "CreateTags") return tag(input);
    if (name === "ModifyInstanceAttribute") return setProtection(input);
    const changes = change(name, ids);
    world.afterWrite();
    return { StoppingInstances: changes, TerminatingInstances: changes, StartingInstances: changes };
  };
  // The kinds call `send` alone.
  return { send } as unknown as EC2Client;
};

const readsOf = (world: FakeWorld): ReturnType<InstanceActing["reads"]> => {
  const may = (name: string) => async (ids: readonly string[]) => {
    world.called.push(`${name} ${ids.join(",")}`);
    return !ids.some((id) => world.denied.has(id));
  };
  return {
    async describeInstances(ids) {
      world.called.push(`describe ${ids.join(",")}`);
      return ids.flatMap((id) => world.instances.get(id) ?? []);
    },
    async listTags(ids) {
      world.called.push(`tags ${ids.join(",")}`);
      return new Map(ids.map((id) => [id, world.listed.get(id) ?? new Map()]));
    },
    async describeProtection(id) {
      await world.onProtection();
      return { fromStop: world.stopProtected.has(id), fromTermination: world.terminationProtected.has(id) };
    },
    mayStop: may("may stop"),
    mayTerminate: may("may terminate"),
  };
};

const holder = (token: string): Holder => ({ token, host: "elsewhere", pid: 1 });

interface Run {
  readonly token?: string;
  readonly limits?: Plan["limits"];
  readonly kinds?: (kinds: ActionKinds) => ActionKinds;
  readonly store?: Store;
}

const manyLimits = { notices: 99, stops: 2000, terminations: 2000, unprotections: 99 };

/** An account whose instances break the rule on `owner` for three days, and whose owner U1 was told of it long ago. */
export function openInstanceActing(changes: Partial<InstanceActing> = {}) {
  const clock = { now };
  const store = openMemoryStore({ now: () => clock.now });
  const ladders = openLadders(store, accountId, () => clock.now);
  const scheme = aScheme({ rules: [{ tag: "owner" }] });
  const world: FakeWorld = {
    ...{ instances: new Map(), listed: new Map(), stopProtected: new Set(), terminationProtected: new Set() },
    ...{
      denied: new Set(),
      unfit: new Set(),
      afterWrite: () => undefined,
      onProtection: async () => undefined,
      called: [],
    },
  };
  const judge = (instance: Instance, ladder: InstanceLadder | undefined): Finding =>
    assessInstance(instance, {
      ...{ scheme, clocks: clocksOf(ladder), users: undefined, grace: 0, now: clock.now, converting: new Set() },
    });
  const acting = (journal: Journal, ofStore = ladders): InstanceActing => ({
    ...{ journal, ladders: ofStore, judge, flipping: new Set(), documentsStored: () => true, notifier: aNotifier() },
    reads: () => readsOf(world),
    writing: () => ({ client: clientOf(world), stop: new AbortController().signal }),
    ...{ stop: new AbortController().signal, ownerMap: new Map(), fallbackChannel: undefined },
    ...{ findLauncher: async () => undefined, settings: someSettings(), exemption: scheme.exemption },
    ...{ accountName: "prod", accountId, clock: () => clock.now, consistency: seconds(10) },
    ...changes,
  });
  return {
    ...{ clock, store, ladders, world, scheme },
    kinds: (journal: Journal): ActionKinds => instanceActions(acting(journal)),
    /** Puts an instance there, on a ladder whose owner was told 30 days ago unless said otherwise. */
    async put(instance: Parameters<typeof anInstance>[0] = {}, ladder: Partial<InstanceLadder> = told(hours(24 * 30))) {
      const one = anInstance(instance);
      world.instances.set(one.id, one);
      const clocks = { [scheme.rules[0]?.hash ?? ""]: now - hours(72) };
      await ladders.update({ ...newLadder(one), clocks, ...ladder }, (found) => found);
      return one;
    },
    /** As a scan and a run of now plan it. */
    async plan(planning: Parameters<typeof aPlanning>[0] = {}): Promise<readonly PlannedAction[]> {
      const known = await ladders.load();
      const candidates = [...world.instances.values()].map((instance) => {
        const ladder = known.get(ladderId(newLadder(instance))) ?? newLadder(instance);
        return { finding: judge(instance, ladder), ladder, readAt: clock.now };
      });
      const chosen = aPlanning({ rules: scheme.rules, now: clock.now, ...planning });
      return [...planActions(candidates, chosen), ...planNews(known.values(), chosen)];
    },
    async run(
      actions: readonly PlannedAction[],
      { token = "a", limits = manyLimits, kinds, store: through = store }: Run = {},
    ) {
      const acts = await actOnAccount({
        ...{ store: through, program: "tagaudit", accountId, who: "tester", holder: holder(token) },
        ...{ clock: () => clock.now, clockOffset: () => 0, leaseLength: seconds(10) },
        stop: new AbortController().signal,
        circumstances: {
          ...{ mode: "commit", actOnAccounts: [accountId], calendar: undefined, exemptions: [], ownLegs: new Set() },
          ...{ protected: [], maxEvidenceAge: hours(1), overridePlan: undefined },
        },
        kinds(journal) {
          const made = instanceActions(
            acting(
              journal,
              openLadders(through, accountId, () => clock.now),
            ),
          );
          return kinds?.(made) ?? made;
        },
        plan: async () => ({
          ...{ actions, coverage: wholeCoverage, fleet: { subjects: 10, due: 1 }, limits },
          canary: { wanted: ["eu-west-1"], seen: ["eu-west-1"] },
        }),
      });
      return sayActs(acts);
    },
  };
}

function sayActs(acts: Acts | undefined) {
  const subjectOf = ({ kind, subject }: PlannedAction) => `${kind} ${subject.split("/")[1]}`;
  return {
    outcomes: acts?.outcomes.map(({ action, ending, says }) => `${subjectOf(action)} ${ending}: ${says}`) ?? [],
    refusals: acts?.refusals.map(({ action, gate, says }) => `${subjectOf(action)} ${gate}: ${says}`) ?? [],
    unsettled: acts?.unsettled ?? [],
  };
}
