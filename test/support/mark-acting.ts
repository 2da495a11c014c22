import type { EC2Client } from "@aws-sdk/client-ec2";
import { actOnAccount } from "../../lib/act/act-on-account.ts";
import type { PlannedAction } from "../../lib/act/action.ts";
import { wholeCoverage } from "../../lib/core/coverage.ts";
import type { Instance } from "../../lib/core/ec2.ts";
import { OpsError } from "../../lib/core/errors.ts";
import { hours, seconds } from "../../lib/core/time.ts";
import type { MarkActing } from "../../lib/dirtycount/actions/acting.ts";
import { clear } from "../../lib/dirtycount/actions/clear.ts";
import { tag } from "../../lib/dirtycount/actions/tag.ts";
import { planTags } from "../../lib/dirtycount/plan.ts";
import { planClear } from "../../lib/dirtycount/plan-clear.ts";
import type { Mark } from "../../lib/marks/mark.ts";
import { openMarks } from "../../lib/marks/marks.ts";
import { openDueBook } from "../../lib/marks/tags-due.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import { aTally, now } from "./marks.ts";
import { anInstance } from "./tagaudit-records.ts";

const accountId = "123456789012";
const region = "eu-west-1";
const skunk = { key: "dirty", value: "skunked" };

/** What tagging and clearing meet in EC2. */
export interface TagWorld {
  readonly instances: Map<string, Instance>;
  /** Instances with as many tags as they may have. */
  readonly full: Set<string>;
  /** `CreateTags i-1,i-2`. */
  readonly called: string[];
  /** Done before a call comes through, and before its answer is given. */
  beforeWrite: () => void;
  afterWrite: () => void;
}

interface Ran {
  readonly outcomes: readonly string[];
  readonly refusals: readonly string[];
  readonly unsettled: readonly string[];
}

const awsError = (name: string): Error =>
  Object.assign(new Error(`words for ${name}`), { name, $metadata: { httpStatusCode: 400 } });

/** An account whose instances and marks are all in memory. */
export function openMarkActing() {
  const clock = { now };
  const store = openMemoryStore({ now: () => clock.now });
  const world: TagWorld = {
    ...{ instances: new Map(), full: new Set(), called: [] },
    ...{ beforeWrite: () => undefined, afterWrite: () => undefined },
  };
  const marksIn = (of: Store) => openMarks(of, accountId, () => clock.now);
  let ids = 0;
  const actingIn = (of: Store): MarkActing => ({
    ...{ marks: marksIn(of), due: openDueBook(of, () => `due${ids++}`), clock: () => clock.now, consistency: 0 },
    findInstances: async (_region, asked) => asked.flatMap((id) => world.instances.get(id) ?? []),
    writing: () => ({ client: clientOf(world), stop: new AbortController().signal }),
    stop: new AbortController().signal,
  });
  const marks = marksIn(store);
  const due = openDueBook(store, () => `promised${ids++}`);
  return {
    ...{ clock, store, world, marks },
    /** Marked, and without its tag unless said otherwise. */
    async put(id: string, tags: Readonly<Record<string, string>> = {}): Promise<void> {
      world.instances.set(id, anInstance({ id, tags }));
      await marks.update({ region, instanceId: id }, (mark) => ({ ...mark, verified: aTally() }));
    },
    markOf: (instanceId: string): Promise<Mark | undefined> => marks.find({ region, instanceId }),
    tagOf: (id: string) => world.instances.get(id)?.tags.get("dirty"),
    async planTags(): Promise<readonly PlannedAction[]> {
      const untagged: Mark[] = [];
      for await (const mark of marks.list())
        if (world.instances.get(mark.instanceId)?.tags.get("dirty") !== "skunked") untagged.push(mark);
      return planTags(untagged, { accountId, tag: skunk, now: clock.now });
    },
    async planClear(instanceId: string): Promise<readonly PlannedAction[]> {
      const mark = await marks.find({ region, instanceId });
      const asked = { accountId, region, instanceId, tag: skunk, by: "ada@host", reason: "rebuilt", now: clock.now };
      return [planClear({ ...asked, mark })];
    },
    due,
    async promise(...instanceIds: readonly string[]): Promise<void> {
      await due.add({ accountId, region, instanceIds });
    },
    async promised(): Promise<readonly string[]> {
      const found: string[] = [];
      for await (const { instanceIds } of due.list()) found.push(instanceIds.join());
      return found;
    },
    async run(actions: readonly PlannedAction[], { through = store, token = "a" } = {}): Promise<Ran> {
      const acting = actingIn(through);
      const acts = await actOnAccount({
        ...{ store: through, program: "dirtycount", accountId, who: "tester", leaseLength: seconds(10) },
        ...{ holder: { token, host: "elsewhere", pid: 1 }, clock: () => clock.now, clockOffset: () => 0 },
        stop: new AbortController().signal,
        circumstances: {
          ...{ mode: "commit", actOnAccounts: [accountId], calendar: undefined, exemptions: [], ownLegs: new Set() },
          ...{ protected: [], maxEvidenceAge: hours(1), overridePlan: undefined },
        },
        kinds: () => new Map([tag(acting), clear(acting)].map((kind) => [kind.name, kind])),
        plan: async () => ({ actions, coverage: wholeCoverage, fleet: { subjects: 0, due: 0 }, limits: {} }),
      });
      return {
        outcomes: acts?.outcomes.map(({ action, ending, says }) => `${action.kind} ${ending}: ${says}`) ?? [],
        refusals: acts?.refusals.map(({ action, gate, says }) => `${action.kind} ${gate}: ${says}`) ?? [],
        unsettled: acts?.unsettled ?? [],
      };
    },
  };
}

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: {
    readonly Resources: readonly string[];
    readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  };
}

function clientOf(world: TagWorld): EC2Client {
  const change = (name: string, id: string, { Key, Value }: Sent["input"]["Tags"][number]) => {
    const instance = world.instances.get(id);
    if (instance === undefined) return;
    const tags = new Map(instance.tags);
    if (name === "CreateTags") tags.set(Key, Value);
    else if (tags.get(Key) === Value) tags.delete(Key);
    world.instances.set(id, { ...instance, tags });
  };
  const send = async (command: Sent): Promise<unknown> => {
    const { Resources, Tags } = command.input;
    const name = command.constructor.name.replace("Command", "");
    world.beforeWrite();
    world.called.push(`${name} ${Resources.join()}`);
    if (Resources.some((id) => !world.instances.has(id))) throw awsError("InvalidInstanceID.NotFound");
    if (name === "CreateTags" && Resources.some((id) => world.full.has(id))) throw awsError("TagLimitExceeded");
    for (const id of Resources) for (const one of Tags) change(name, id, one);
    world.afterWrite();
    return {};
  };
  // The kinds call `send` alone.
  return { send } as unknown as EC2Client;
}

/** A store through which a process works that is killed before its call of this number; `calls` says how many it made. */
export function dyingStore(store: Store, deathAt: number) {
  const seen = { calls: 0, isDead: false };
  const live = () => {
    seen.calls += 1;
    if (seen.calls > deathAt) seen.isDead = true;
    if (seen.isDead) throw new OpsError("other", "killed");
  };
  const dying: Store = {
    ...store,
    async get(...asked) {
      live();
      return store.get(...asked);
    },
    async create(...asked) {
      live();
      return store.create(...asked);
    },
    async replace(...asked) {
      live();
      return store.replace(...asked);
    },
    async remove(...asked) {
      live();
      return store.remove(...asked);
    },
  };
  return { dying, seen, kill: () => (seen.isDead = true) };
}
