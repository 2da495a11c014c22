import { test } from "tap";
import { type Acts, actOnAccount } from "../../lib/act/act-on-account.ts";
import { actionId, type PlannedAction } from "../../lib/act/action.ts";
import { asEntry, journalOf, openOf } from "../../lib/act/entry.ts";
import type { Holder } from "../../lib/act/holder.ts";
import type { ActionKind, AnyKind, BatchKind } from "../../lib/act/kind.ts";
import { wholeCoverage } from "../../lib/core/coverage.ts";
import { hours, seconds } from "../../lib/core/time.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import { anAction } from "../support/an-intent.ts";

const account = { program: "keycheck", accountId: "123456789012" } as const;

/** One deed on the way to its end; the process may die before it, or after it and before its answer. */
interface Steps {
  taken: number;
  dieAt: number;
}

class Died extends Error {}

/** Nothing a dead process does any more has an effect. */
async function step<Value>(steps: Steps, deed: () => Promise<Value>): Promise<Value> {
  steps.taken += 1;
  if (steps.taken >= steps.dieAt) throw new Died(`before step ${steps.taken}`);
  const value = await deed();
  steps.taken += 1;
  if (steps.taken >= steps.dieAt) throw new Died(`after step ${steps.taken}`);
  return value;
}

const mortalStore = (store: Store, steps: Steps): Store => ({
  get: (collection, id) => step(steps, () => store.get(collection, id)),
  create: (...asked) => step(steps, () => store.create(...asked)),
  replace: (...asked) => step(steps, () => store.replace(...asked)),
  remove: (...asked) => step(steps, () => store.remove(...asked)),
  list: (collection, range) => store.list(collection, range),
  close: () => store.close(),
});

interface World {
  readonly done: Set<string>;
  writes: number;
  recorded: number;
}

/** A deed that can be looked at: the world shows it at once. */
const flip = (world: World, steps: Steps): ActionKind => ({
  name: "notice",
  stand: async (action) =>
    world.done.has(action.subject) ? { is: "unneeded", says: "done already" } : { is: "due", before: {} },
  async write({ action }) {
    await step(steps, async () => {
      world.done.add(action.subject);
      world.writes += 1;
    });
    return {};
  },
  confirm: async ({ action }) =>
    world.done.has(action.subject) ? { is: "done", after: {} } : { is: "not_done", says: "the world shows nothing" },
  async record({ state }) {
    if (state !== "applied") return;
    await step(steps, async () => {
      world.recorded = 1;
    });
  },
});

/** The same, in one call for all: nobody knows of which ones AWS has taken it in when the process dies in the middle. */
const flipAll = (world: World, steps: Steps): BatchKind => {
  const { stand, write: _write, ...single } = flip(world, steps);
  return {
    ...single,
    ...{ batchKey: () => "zone", batchSize: 3 },
    standAll: (actions) => Promise.all(actions.map(stand)),
    async writeAll(begun) {
      await step(steps, async () => {
        for (const { intent } of begun) world.done.add(intent.action.subject);
        world.writes += 1;
      });
      return begun.map(() => ({ written: {} }));
    },
  };
};

const holder = (token: string): Holder => ({ token, host: "test", pid: 1 });

interface Run {
  readonly store: Store;
  readonly world: World;
  readonly steps: Steps;
  readonly clock: () => number;
  readonly token: string;
  readonly actions?: readonly PlannedAction[];
  readonly kind?: AnyKind;
}

const alive = (): Steps => ({ taken: 0, dieAt: Number.POSITIVE_INFINITY });

const act = ({
  store,
  world,
  steps,
  clock,
  token,
  actions = [anAction()],
  kind = flip(world, steps),
}: Run): Promise<Acts | undefined> =>
  actOnAccount({
    ...account,
    ...{ store: mortalStore(store, steps), who: "arn:aws:iam::123456789012:user/tester", holder: holder(token), clock },
    ...{ leaseLength: seconds(10), clockOffset: () => 0 },
    circumstances: {
      ...{ mode: "notify", actOnAccounts: [account.accountId], calendar: undefined, exemptions: [] },
      ...{ ownLegs: new Set(), protected: [], maxEvidenceAge: hours(24), overridePlan: undefined },
    },
    stop: new AbortController().signal,
    kinds: () => new Map([["notice", kind]]),
    plan: async () => ({ actions, coverage: wholeCoverage, fleet: { subjects: 1, due: 1 }, limits: { notices: 5 } }),
  });

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const start = Date.UTC(2026, 2, 1, 12);
const action = anAction({ cap: "notices" });

async function countSteps(): Promise<number> {
  const steps = alive();
  const world = { done: new Set<string>(), writes: 0, recorded: 0 };
  await act({
    store: openMemoryStore({ now: () => start }),
    world,
    steps,
    clock: () => start,
    token: "a",
    actions: [action],
  });
  return steps.taken;
}

test("a process that dies at any step leaves what one more run makes true, and acts once", async (t) => {
  const total = await countSteps();
  t.ok(total > 20, `${total} steps`);
  for (let dieAt = 1; dieAt <= total; dieAt += 1) {
    let now = start;
    const clock = () => now;
    const store = openMemoryStore({ now: clock });
    const world = { done: new Set<string>(), writes: 0, recorded: 0 };
    const common = { store, world, clock, actions: [action] };
    await act({ ...common, steps: { taken: 0, dieAt }, token: "a" }).catch((thrown) => t.ok(thrown instanceof Died));
    now += seconds(60);
    await act({ ...common, steps: alive(), token: "b" });
    const label = `died at step ${dieAt} of ${total}`;
    t.equal(world.writes, 1, `${label}: written once`);
    t.equal(world.recorded, 1, `${label}: recorded`);
    t.strictSame(await all(store.list(openOf(account))), [], `${label}: nothing is open`);
    const entry = await store.get(journalOf(account), actionId(action));
    t.equal(entry && asEntry(entry.body).state, "applied", `${label}: the journal says so`);
    const again = await act({ ...common, steps: alive(), token: "c" });
    t.strictSame(
      again?.outcomes.map(({ ending }) => ending),
      ["unneeded"],
      `${label}: nothing is left to do`,
    );
  }
});

const batch = ["a", "b", "c"].map((subject) => anAction({ subject, cap: "notices" }));

async function countBatchSteps(): Promise<number> {
  const steps = alive();
  const world = { done: new Set<string>(), writes: 0, recorded: 0 };
  const store = openMemoryStore({ now: () => start });
  await act({ store, world, steps, clock: () => start, token: "a", actions: batch, kind: flipAll(world, steps) });
  return steps.taken;
}

test("a process that dies at any step of a batch leaves each of its actions to one more run, which acts once", async (t) => {
  const total = await countBatchSteps();
  t.ok(total > 60, `${total} steps`);
  for (let dieAt = 1; dieAt <= total; dieAt += 1) {
    let now = start;
    const clock = () => now;
    const store = openMemoryStore({ now: clock });
    const world = { done: new Set<string>(), writes: 0, recorded: 0 };
    const run = (token: string, steps: Steps) =>
      act({ store, world, clock, token, steps, actions: batch, kind: flipAll(world, steps) });
    await run("a", { taken: 0, dieAt }).catch((thrown) => t.ok(thrown instanceof Died));
    now += seconds(60);
    await run("b", alive());
    const label = `died at step ${dieAt} of ${total}`;
    t.strictSame([world.writes, world.done.size], [1, 3], `${label}: written once, all three`);
    t.strictSame(await all(store.list(openOf(account))), [], `${label}: nothing is open`);
    const entries = await all(store.list(journalOf(account)));
    t.strictSame(
      entries.map(({ body }) => asEntry(body).state),
      ["applied", "applied", "applied"],
      `${label}: the journal says so of each`,
    );
    const spending = await store.get("spent.keycheck#123456789012", "notices");
    t.match(spending?.body, { spent: { length: 3 } }, `${label}: each is counted once`);
  }
});

test("while one process acts on an account, another leaves it alone", async (t) => {
  const store = openMemoryStore({ now: () => start });
  const world = { done: new Set<string>(), writes: 0, recorded: 0 };
  const common = { store, world, clock: () => start, steps: alive() };
  const both = await Promise.all([act({ ...common, token: "a" }), act({ ...common, token: "b" })]);
  t.equal(both.filter((acts) => acts === undefined).length, 1);
  t.equal(world.writes, 1);
});

test("what its own process may still be about is left open, and asked about once its time is over", async (t) => {
  let now = start;
  const clock = () => now;
  const store = openMemoryStore({ now: clock });
  const world = { done: new Set<string>(), writes: 0, recorded: 0 };
  const unreachable = { ...flip(world, alive()), confirm: () => Promise.reject(new Error("unreachable")) };
  const lost = { ...unreachable, write: () => Promise.reject(new Error("no answer")) };
  const [outcome] = (await act({ store, world, clock, steps: alive(), token: "a", kind: lost }))?.outcomes ?? [];
  t.match(outcome, { ending: "unknown", says: "no answer" });
  const openAfter = async (token: string): Promise<number> => {
    await act({ store, world, clock, steps: alive(), token, actions: [] });
    return (await all(store.list(openOf(account)))).length;
  };
  now += seconds(34);
  t.equal(await openAfter("b"), 1);
  now += seconds(2);
  t.equal(await openAfter("c"), 0);
  const entry = await store.get(journalOf(account), actionId(anAction()));
  t.match(entry?.body, { state: "failed", says: "the world shows nothing" });
});
