import { test } from "tap";
import { actOnAccount } from "../../lib/act/act-on-account.ts";
import { actionId, type PlannedAction } from "../../lib/act/action.ts";
import { asEntry, journalOf, openOf } from "../../lib/act/entry.ts";
import type { Holder } from "../../lib/act/holder.ts";
import type { ActionKind } from "../../lib/act/kind.ts";
import { acquireLease } from "../../lib/act/lease.ts";
import { pause } from "../../lib/act/pause.ts";
import { type Undone, undo } from "../../lib/act/undo.ts";
import { wholeCoverage } from "../../lib/core/coverage.ts";
import { seconds } from "../../lib/core/time.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import { anAction } from "../support/an-intent.ts";

const account = { program: "keycheck", accountId: "123456789012" } as const;
const start = Date.UTC(2026, 2, 1, 12);

class Died extends Error {}

/** A lamp that is switched off, and on again; whoever switches it may die before or after any step. */
interface World {
  isOn: boolean;
  writes: string[];
  now: number;
  steps: number;
  dieAt: number;
  /** Records of the program's own, by kind: endings that it was told of. */
  recorded: string[];
}

const aWorld = (said: Partial<World> = {}): World => ({
  ...{ isOn: true, writes: [], now: start, steps: 0, dieAt: Number.POSITIVE_INFINITY, recorded: [] },
  ...said,
});

async function step<Value>(world: World, deed: () => Promise<Value>): Promise<Value> {
  world.steps += 1;
  if (world.steps >= world.dieAt) throw new Died(`before step ${world.steps}`);
  const value = await deed();
  world.steps += 1;
  if (world.steps >= world.dieAt) throw new Died(`after step ${world.steps}`);
  return value;
}

const mortal = (store: Store, world: World): Store => ({
  get: (collection, id) => step(world, () => store.get(collection, id)),
  create: (...asked) => step(world, () => store.create(...asked)),
  replace: (...asked) => step(world, () => store.replace(...asked)),
  remove: (...asked) => step(world, () => store.remove(...asked)),
  list: (collection, range) => store.list(collection, range),
  close: () => store.close(),
});

const turn = (world: World, name: string, isOn: boolean): ActionKind => ({
  name,
  stand: async () =>
    world.isOn === isOn ? { is: "unneeded", says: `the lamp is ${name} already` } : { is: "due", before: {} },
  async write() {
    await step(world, async () => {
      world.isOn = isOn;
      world.writes.push(name);
    });
    return {};
  },
  confirm: async () =>
    world.isOn === isOn ? { is: "done", after: {} } : { is: "not_done", says: "the lamp shows nothing" },
  async record({ state }) {
    world.recorded.push(`${name} ${state}`);
  },
});

const kindsOf = (world: World, enable: Partial<ActionKind> = {}) =>
  new Map<string, ActionKind>([
    [
      "disable",
      {
        ...turn(world, "disable", false),
        undo: ({ action }) => ({ ...action, kind: "enable", class: "restoring", reason: "undone by a person" }),
      },
    ],
    ["enable", { ...turn(world, "enable", true), ...enable }],
    ["notice", turn(world, "notice", false)],
    ["smash", { ...turn(world, "smash", false), noUndo: "a broken lamp stays broken" }],
  ]);

const holder = (token: string): Holder => ({ token, host: "test", pid: 1 });

const action = (said: Partial<PlannedAction> = {}): PlannedAction =>
  anAction({
    ...{ kind: "disable", class: "reversible", cap: "disables", occasion: "1" },
    telling: { deliveredAt: 0, atLeast: 0 },
    ...said,
  });

const id = actionId(action());
const undoId = actionId(action({ kind: "enable" }));

async function act(store: Store, world: World, planned: readonly PlannedAction[] = []): Promise<void> {
  await actOnAccount({
    ...account,
    ...{ store, who: "arn:aws:iam::123456789012:user/run", holder: holder("run"), clock: () => world.now },
    ...{ leaseLength: seconds(10), clockOffset: () => 0 },
    circumstances: {
      ...{ mode: "commit", actOnAccounts: [account.accountId], calendar: undefined, exemptions: [] },
      ...{ ownLegs: new Set(), protected: [], maxEvidenceAge: seconds(3600), overridePlan: undefined },
    },
    stop: new AbortController().signal,
    kinds: () => kindsOf(world),
    plan: async () => ({
      ...{ actions: planned, coverage: wholeCoverage, fleet: { subjects: 1, due: 1 }, limits: { disables: 5 } },
    }),
  });
}

interface Request {
  readonly id?: string;
  readonly accountId?: string;
  readonly token?: string;
  readonly stop?: AbortSignal;
  readonly enable?: Partial<ActionKind>;
}

const undoIn = (store: Store, world: World, request: Request = {}): Promise<Undone> =>
  undo({
    ...{ store, id: request.id ?? id, holder: holder(request.token ?? "person"), clock: () => world.now },
    leaseLength: seconds(10),
    stop: request.stop ?? new AbortController().signal,
    openMeans: async () => ({
      accountId: request.accountId ?? account.accountId,
      arn: "arn:aws:iam::123456789012:user/person",
      kinds: () => kindsOf(world, request.enable),
    }),
  });

/** A store in which the lamp was switched off by a run. */
async function disabled(world: World, planned = action()): Promise<Store> {
  const store = openMemoryStore({ now: () => world.now });
  await act(store, world, [planned]);
  return store;
}

const entryOf = async (store: Store, entryId: string) => {
  const found = await store.get(journalOf(account), entryId);
  return found && asEntry(found.body);
};

async function openIn(store: Store): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const row of store.list(openOf(account))) ids.push(row.id);
  return ids;
}

test("an applied action is reversed once, by an action that the journal has, too", async (t) => {
  const world = aWorld();
  const store = await disabled(world);
  t.strictSame(await undoIn(store, world), { is: "undone", says: "undone by a person" });
  t.strictSame(world.writes, ["disable", "enable"]);
  t.strictSame(world.recorded, ["disable applied", "enable applied"]);
  t.match(await entryOf(store, id), { state: "applied", undoneBy: undoId });
  t.match(await entryOf(store, undoId), {
    state: "applied",
    who: "arn:aws:iam::123456789012:user/person",
    action: { undoes: id },
  });
  t.strictSame(await openIn(store), []);
  t.strictSame(await undoIn(store, world), { is: "refused", says: `it is undone already, by "${undoId}"` });
  t.equal(world.writes.length, 2);
});

test("a kill switch and a used-up cap stop what harms, not what restores", async (t) => {
  const world = aWorld();
  const store = await disabled(world);
  await pause(store, { program: undefined }, { reason: "r", by: "b", at: start, until: undefined });
  t.equal((await undoIn(store, world)).is, "undone");
});

test("another account than the action's is refused by its gate", async (t) => {
  const world = aWorld();
  const store = await disabled(world);
  t.strictSame(await undoIn(store, world, { accountId: "999999999999" }), {
    is: "refused",
    says: 'by gate account: planned for account "123456789012", and STS answers "999999999999"',
  });
  t.strictSame(world.writes, ["disable"]);
});

const refusals: readonly {
  readonly name: string;
  readonly prepare?: (store: Store, world: World) => Promise<unknown>;
  readonly planned?: PlannedAction;
  readonly request?: Request;
  readonly want: Undone;
}[] = [
  {
    name: "what the journal does not have",
    request: { id: "keycheck/123456789012/disable/bob/1" },
    want: { is: "missing", says: 'the journal has no "keycheck/123456789012/disable/bob/1"' },
  },
  {
    name: "what is no id at all",
    request: { id: "disable bob" },
    want: { is: "missing", says: 'the journal has no "disable bob"' },
  },
  {
    name: "what has no undo",
    planned: action({ kind: "notice", class: "notice" }),
    request: { id: actionId(action({ kind: "notice" })) },
    want: { is: "refused", says: 'kind "notice" has no undo' },
  },
  {
    name: "what nothing can undo, in its kind's own words",
    planned: action({ kind: "smash" }),
    request: { id: actionId(action({ kind: "smash" })) },
    want: { is: "refused", says: "a broken lamp stays broken" },
  },
  {
    name: "an undo",
    prepare: (store, world) => undoIn(store, world),
    request: { id: undoId },
    want: { is: "refused", says: 'kind "enable" has no undo' },
  },
  {
    name: "anything while a run acts on the account",
    prepare: (store, world) =>
      acquireLease(store, {
        ...{ collection: "lease.keycheck", id: account.accountId, holder: holder("run"), length: seconds(10) },
        clock: () => world.now,
      }),
    want: { is: "refused", says: 'another run acts on account "123456789012" now' },
  },
  {
    name: "what somebody has reversed by hand, which is said",
    prepare: async (_store, world) => {
      world.isOn = true;
    },
    want: { is: "unneeded", says: "the lamp is enable already" },
  },
  {
    name: "what the world refuses",
    request: { enable: { stand: async () => ({ is: "refused", gate: "gone", says: "the lamp is gone" }) } },
    want: { is: "refused", says: "by gate gone: the lamp is gone" },
  },
  {
    name: "anything once it is stopped",
    request: { stop: AbortSignal.abort() },
    want: { is: "failed", says: "it was not begun" },
  },
];

for (const { name, prepare, planned, request, want } of refusals)
  test(`not undone: ${name}`, async (t) => {
    const world = aWorld();
    const store = await disabled(world, planned);
    const lease = await prepare?.(store, world);
    const writes = world.writes.length;
    t.strictSame(await undoIn(store, world, request), want);
    t.equal(world.writes.length, writes);
    if (Object(lease).release !== undefined) await Object(lease).release();
  });

test("not undone: what was not applied", async (t) => {
  const world = aWorld();
  const stuck = Object.defineProperty(aWorld(), "isOn", { get: () => true, set: () => undefined });
  const store = await disabled(stuck);
  t.strictSame(await undoIn(store, world), {
    is: "refused",
    says: "it was not applied: it is failed: the lamp shows nothing",
  });
});

test("an undo that failed is begun again, and one that is settled otherwise says how", async (t) => {
  const world = aWorld();
  const store = await disabled(world);
  const failing = { write: async () => Promise.reject(new Error("denied")) };
  t.strictSame(await undoIn(store, world, { enable: failing }), { is: "failed", says: "the lamp shows nothing" });
  t.equal((await entryOf(store, id))?.undoneBy, undefined);
  const gone: Partial<ActionKind> = { confirm: async () => ({ is: "unneeded", says: "the lamp is gone" }) };
  t.strictSame(await undoIn(store, world, { enable: { ...failing, ...gone } }), {
    is: "unneeded",
    says: "the lamp is gone",
  });
  t.strictSame(await undoIn(store, world), { is: "refused", says: `"${undoId}" is unneeded: the lamp is gone` });
});

test("what can't be asked is left open, and the same undo settles it later", async (t) => {
  const world = aWorld();
  const store = await disabled(world);
  const deaf = { confirm: async () => Promise.reject(new Error("no answer")) };
  t.strictSame(await undoIn(store, world, { enable: deaf }), { is: "unknown", says: "no answer" });
  t.strictSame(await openIn(store), [undoId]);
  world.now += seconds(60);
  t.match(await undoIn(store, world, { enable: deaf, token: "other" }), { is: "unknown", says: /no answer$/ });
  world.now += seconds(60);
  t.strictSame(await undoIn(store, world, { token: "third" }), {
    is: "undone",
    says: `by "${undoId}", which had been cut short`,
  });
  t.strictSame(world.writes, ["disable", "enable"]);
  t.strictSame(await openIn(store), []);
});

async function countSteps(): Promise<number> {
  const world = aWorld();
  const store = await disabled(world);
  world.steps = 0;
  await undoIn(mortal(store, world), world);
  return world.steps;
}

test("a person's process that dies at any step leaves what the same undo, or any run, makes true", async (t) => {
  const total = await countSteps();
  t.ok(total > 20, `${total} steps`);
  for (const heal of ["undo", "run, then undo"])
    for (let dieAt = 1; dieAt <= total; dieAt += 1) {
      const world = aWorld();
      const store = await disabled(world);
      Object.assign(world, { steps: 0, dieAt });
      await undoIn(mortal(store, world), world).catch((thrown) => t.ok(thrown instanceof Died));
      world.dieAt = Number.POSITIVE_INFINITY;
      world.now += seconds(60);
      if (heal !== "undo") await act(store, world);
      world.now += seconds(60);
      await undoIn(store, world, { token: "again" });
      const label = `${heal}, after death at step ${dieAt} of ${total}`;
      t.strictSame(world.writes, ["disable", "enable"], `${label}: written once`);
      t.match(await entryOf(store, id), { undoneBy: undoId }, `${label}: the journal says so`);
      await act(store, world);
      t.strictSame(await openIn(store), [], `${label}: nothing is open`);
      t.ok(world.recorded.includes("enable applied"), `${label}: recorded`);
    }
});
