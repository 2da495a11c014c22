import { test } from "tap";
import { actionId, type PlannedAction } from "../../../lib/act/action.ts";
import { asEntry, journalOf, openOf } from "../../../lib/act/entry.ts";
import type { ActionKind } from "../../../lib/act/kind.ts";
import { undo } from "../../../lib/act/undo.ts";
import { OpsError } from "../../../lib/core/errors.ts";
import { hours, minutes, seconds } from "../../../lib/core/time.ts";
import type { Store } from "../../../lib/state/store.ts";
import { aTally, now } from "../../support/marks.ts";
import {
  aGroupMember,
  openRecycling,
  type Recycling,
  showReplacement,
  showTermination,
  terminationsOf,
} from "../../support/recycle-acting.ts";

const account = { program: "dirtycount", accountId: "123456789012" } as const;
const idOf = (instanceId: string): string => `dirtycount/123456789012/recycle/eu-west-1/${instanceId}/1`;
const entryOf = async ({ store }: Pick<Recycling, "store">, instanceId: string) => {
  const found = await store.get(journalOf(account), idOf(instanceId));
  return found && asEntry(found.body);
};
const gates = (refusals: readonly string[]) => refusals.map((one) => one.split(":")[0]);
const lost = () => {
  throw Object.assign(new Error("socket hang up"), { name: "TimeoutError" });
};

test("the group is told to terminate one and to launch another; mark and journal say so", async (t) => {
  const place = openRecycling();
  await place.put("web", ["i-1", "i-2"]);
  const [first] = await place.plan();
  const { outcomes, refusals } = await place.run([first].flatMap((one) => one ?? []));
  t.match(outcomes, [/^recycle i-1 applied: touched by a person: ssh 1/]);
  t.strictSame(refusals, []);
  t.strictSame(place.world.called, [
    "instance i-1",
    "group web",
    "member i-1",
    "TerminateInstanceInAutoScalingGroup i-1 false",
    "member i-1",
  ]);
  t.match(await place.markOf("i-1"), { recycling: { done: { at: now, id: idOf("i-1") } }, verified: { count: 1 } });
  t.match(await entryOf(place, "i-1"), {
    before: { group: "web", desired: 2, healthy: 2 },
    after: { activityId: "activity-of-i-1", state: "Terminating" },
    action: { detail: { group: "web", level: "high" }, legs: ["i-1"] },
  });
});

test("one of a group at a time: the next only when it is whole again, also in other runs", async (t) => {
  const place = openRecycling();
  await place.put("web", ["i-1", "i-2", "i-3"]);
  await place.put("api", ["i-7", "i-8"]);
  const first = await place.run(await place.plan());
  t.strictSame(terminationsOf(place.world).length, 2, "one of each group");
  t.strictSame(gates(first.refusals), ["recycle i-2 group_busy", "recycle i-8 group_busy", "recycle i-3 group_busy"]);
  const second = await place.run(await place.plan(), { token: "b" });
  t.match(second.refusals.join("\n"), /recycle i-2 group_not_whole: group "web" has i-1 Terminating/);
  t.equal(terminationsOf(place.world).length, 2);
  showReplacement(place.world, "i-1");
  place.world.members.set("i-1b", aGroupMember({ instanceId: "i-1b", lifecycle: "Pending" }));
  await place.run(await place.plan(), { token: "c" });
  t.equal(terminationsOf(place.world).length, 2, "not while its replacement starts");
  place.world.members.set("i-1b", aGroupMember({ instanceId: "i-1b" }));
  await place.run(await place.plan(), { token: "d" });
  t.strictSame(terminationsOf(place.world).slice(2), ["TerminateInstanceInAutoScalingGroup i-2 false"]);
});

test("two processes at once: one acts, by the account's lease", async (t) => {
  const place = openRecycling();
  await place.put("web", ["i-1", "i-2"]);
  const planned = await place.plan();
  await Promise.all([place.run(planned), place.run(planned, { token: "b" })]);
  t.equal(terminationsOf(place.world).length, 1);
});

test("what AWS still shows as in service after it was recycled keeps its group from the next one", async (t) => {
  const place = openRecycling();
  await place.put("web", ["i-1", "i-2"]);
  const [first, second] = await place.plan();
  await place.run([first].flatMap((one) => one ?? []));
  const member = aGroupMember({ instanceId: "i-1" });
  place.world.members.set("i-1", member);
  t.strictSame(
    (
      await place.run(
        [second].flatMap((one) => one ?? []),
        { token: "b" },
      )
    ).refusals,
    ["recycle i-2 group_busy: the group still shows i-1, which was recycled"],
  );
  place.world.members.set("i-1", { ...member, lifecycle: "Terminating:Retained" });
  place.world.members.set("i-1b", aGroupMember({ instanceId: "i-1b" }));
  t.match(
    (await place.run(await place.plan(), { token: "c" })).outcomes,
    [/^recycle i-2 applied/],
    "one retained is gone",
  );
});

interface Change {
  readonly name: string;
  readonly change: (place: Recycling) => unknown;
  readonly want: { readonly refusals?: readonly string[]; readonly outcomes?: readonly string[] };
}

const alterMember =
  (changes: object) =>
  ({ world }: Recycling) =>
    world.members.set("i-1", { ...aGroupMember(), ...changes });
const alterGroup =
  (changes: object) =>
  ({ world }: Recycling) =>
    world.groups.set("web", Object.assign({}, world.groups.get("web"), changes));

const touchAgain = ({ marksIn, store }: Recycling) =>
  marksIn(store).update({ region: "eu-west-1", instanceId: "i-1" }, (mark) => ({ ...mark, verified: aTally() }));

const changes: readonly Change[] = [
  {
    name: "scale-in protection",
    change: alterMember({ isProtected: true }),
    want: { refusals: ["scale_in_protected: it is protected from scale-in"] },
  },
  {
    name: "termination protection, which Auto Scaling would pass over",
    change: ({ world }) => world.terminationProtected.add("i-1"),
    want: { refusals: ["protected_instance: it is protected from being terminated"] },
  },
  {
    name: "a process suspended",
    change: alterGroup({ suspended: ["Launch"] }),
    want: { refusals: ['process_suspended: group "web" has Launch suspended'] },
  },
  {
    name: "an instance refresh",
    change: ({ world }) => world.refreshes.push("Baking"),
    want: { refusals: ['instance_refresh: group "web" has an instance refresh: Baking'] },
  },
  {
    name: "an activity",
    change: ({ world }) => world.activities.push("PreInService"),
    want: { refusals: ['group_not_whole: group "web" has a scaling activity: PreInService'] },
  },
  {
    name: "more desired than there is",
    change: alterGroup({ desired: 3 }),
    want: { refusals: ['group_not_whole: group "web" has 2 healthy in service of 3 desired'] },
  },
  {
    name: "a group of one",
    change: (place) => {
      place.world.members.delete("i-2");
      alterGroup({ desired: 1 })(place);
    },
    want: { refusals: ['group_too_small: group "web" has 1 healthy in service, and needs 2'] },
  },
  {
    name: "taken into the warm pool, which the group does not show",
    change: (place) => {
      alterMember({ lifecycle: "Warmed:Stopped" })(place);
      place.world.members.set("i-3", aGroupMember({ instanceId: "i-3" }));
    },
    want: { refusals: ["warm_pool: it is in its group's warm pool: Warmed:Stopped"] },
  },
  {
    name: "detached",
    change: (place) => {
      place.world.members.delete("i-1");
      alterGroup({ desired: 1 })(place);
    },
    want: { refusals: ['group_too_small: group "web" has 1 healthy in service, and needs 2'] },
  },
  {
    name: "detached from a group that is whole without it",
    change: ({ world }) => {
      world.members.delete("i-1");
      world.members.set("i-3", aGroupMember({ instanceId: "i-3" }));
    },
    want: { refusals: ["not_in_group: it is a member of no group any more"] },
  },
  {
    name: "moved to another group",
    change: (place) => {
      alterMember({ group: "api" })(place);
      place.world.members.set("i-3", aGroupMember({ instanceId: "i-3" }));
    },
    want: { refusals: ['changed: it is in "api" by now'] },
  },
  {
    name: "a group that is gone",
    change: ({ world }) => world.groups.clear(),
    want: { refusals: ['not_in_group: there is no group "web"'] },
  },
  {
    name: "one that its group does not show yet, while another call does",
    change: ({ world }) => {
      world.hidden.add("i-1");
      world.members.set("i-3", aGroupMember({ instanceId: "i-3" }));
    },
    want: { refusals: ["changed: its group does not show it"] },
  },
  {
    name: "a member by its group, while another call knows better",
    change: ({ world }) => world.detached.add("i-1"),
    want: { refusals: ["not_in_group: it is a member of no group any more"] },
  },
  {
    name: "set aside by a person",
    change: (place) => {
      alterMember({ lifecycle: "Standby" })(place);
      place.world.members.set("i-3", aGroupMember({ instanceId: "i-3" }));
    },
    want: { refusals: ["not_in_service: it is Standby in its group"] },
  },
  {
    name: "gone",
    change: ({ world }) => world.instances.clear(),
    want: { outcomes: ["unneeded: the instance is gone"] },
  },
  {
    name: "ended by somebody else",
    change: ({ world }) => showTermination(world, "i-1"),
    want: { outcomes: ["unneeded: the instance is gone"] },
  },
  {
    name: "a mark that a person cleared",
    change: async ({ marksIn, store, markOf }) => {
      const mark = await markOf("i-1");
      if (mark !== undefined) await marksIn(store).remove(mark);
    },
    want: { refusals: ["changed: no mark by a proven sender is on it any more"] },
  },
  {
    name: "a person who is on it again",
    change: touchAgain,
    want: { refusals: ["changed: a person has been on it again since it was judged"] },
  },
  {
    name: "a person who came on it while AWS was asked",
    change: (place) => {
      place.world.whileLooking = () => touchAgain(place);
    },
    want: { refusals: ["changed: a person has been on it again since it was judged"] },
  },
];

for (const { name, change, want } of changes) {
  test(`spared: ${name}`, async (t) => {
    const place = openRecycling();
    await place.put("web", ["i-1", "i-2"]);
    const planned = (await place.plan()).slice(0, 1);
    await change(place);
    const { outcomes, refusals } = await place.run(planned);
    const named = (says: readonly string[] = []) => says.map((one) => `recycle i-1 ${one}`);
    t.strictSame([outcomes, refusals], [named(want.outcomes), named(want.refusals)]);
    t.strictSame(terminationsOf(place.world), []);
    t.notOk((await place.markOf("i-1"))?.recycling);
  });
}

const circumstances: readonly { name: string; run: Parameters<Recycling["run"]>[1]; gate: string }[] = [
  { name: "mode notify", run: { circumstances: { mode: "notify" } }, gate: "mode" },
  { name: "another account", run: { circumstances: { actOnAccounts: [] } }, gate: "account" },
  { name: "the instance this runs on", run: { circumstances: { ownLegs: new Set(["i-1"]) } }, gate: "own_leg" },
  { name: "its group's name protected", run: { circumstances: { protected: ["we*"] } }, gate: "protected" },
  {
    name: "its group's name exempt",
    run: { circumstances: { exemptions: [{ names: "web", reason: "r", owner: "o", until: now + hours(1) }] } },
    gate: "exempt",
  },
  { name: "most of a fleet dirty", run: { fleet: { subjects: 20, due: 11 } }, gate: "fleet" },
  {
    name: "a scan that missed something",
    run: {
      coverage: {
        missing: [{ what: "instances", code: "denied", reason: "no", subjects: true }],
        ...{ missingTotal: 1, subjectsMissing: true },
      },
    },
    gate: "coverage",
  },
  { name: "a cap that is used up", run: { limits: { recycles: 0 } }, gate: "cap" },
  { name: "no such cap", run: { limits: {} }, gate: "cap" },
];

for (const { name, run, gate } of circumstances) {
  test(`refused by gate ${gate}: ${name}`, async (t) => {
    const place = openRecycling();
    await place.put("web", ["i-1", "i-2"]);
    const { refusals } = await place.run((await place.plan()).slice(0, 1), run);
    t.strictSame(gates(refusals), [`recycle i-1 ${gate}`]);
    t.strictSame(place.world.called, []);
  });
}

test("a cap lets others through where the first are spared, and no more than it allows", async (t) => {
  const place = openRecycling();
  for (const group of ["a", "b", "c", "d"]) await place.put(group, [`i-${group}1`, `i-${group}2`]);
  place.world.terminationProtected.add("i-a1");
  const limits = { recycles: 2 };
  const first = await place.run(await place.plan(), { limits });
  t.match(
    first.outcomes.map((one) => one.split(":")[0]),
    ["recycle i-b1 applied", "recycle i-c1 applied"],
  );
  const second = await place.run(await place.plan(), { limits, token: "b" });
  t.strictSame(second.outcomes, [], "in 24 hours");
  t.equal(terminationsOf(place.world).length, 2);
  place.clock.now += hours(24) + 1;
  await place.run(await place.plan(), { limits, token: "c" });
  t.equal(terminationsOf(place.world).length, 4);
});

test("a group full of protected members costs one look at it", async (t) => {
  const place = openRecycling();
  const ids = Array.from({ length: 300 }, (_, index) => `i-${index}`);
  await place.put("web", ids);
  for (const id of ids) place.world.members.set(id, aGroupMember({ instanceId: id, isProtected: true }));
  const { refusals } = await place.run(await place.plan());
  t.strictSame(new Set(refusals.map((one) => one.split(" ")[2])), new Set(["scale_in_protected:"]));
  t.equal(refusals.length, 300);
  t.equal(place.world.called.length, 2);
});

test("an answer that is lost, and the deed done: a look says so, and nothing is written twice", async (t) => {
  const place = openRecycling();
  await place.put("web", ["i-1", "i-2"]);
  place.world.afterWrite = lost;
  const { outcomes } = await place.run((await place.plan()).slice(0, 1));
  t.match(outcomes, [/^recycle i-1 applied/]);
  t.equal(terminationsOf(place.world).length, 1);
  t.match(await place.markOf("i-1"), { recycling: { done: { id: idOf("i-1") } } });
});

test("an answer that is lost, and nothing to see yet: it stays open, and its group is left alone until it is known", async (t) => {
  const place = openRecycling();
  await place.put("web", ["i-1", "i-2"]);
  place.world.showsWrites = false;
  place.world.afterWrite = lost;
  const first = await place.run(await place.plan());
  t.match(first.outcomes, [/^recycle i-1 unknown: .*socket hang up/]);
  t.strictSame(
    first.refusals.map((one) => one.split(":")[0]),
    ["recycle i-2 group_busy"],
  );
  const next = await place.run(await place.plan(), { token: "b" });
  t.strictSame(next.unsettled.length, 1, "left to the process that began it");
  t.strictSame(gates(next.refusals), ["recycle i-2 group_busy"]);
  t.match(next.refusals[0], /what became of i-1 is not known yet/);
  t.equal(terminationsOf(place.world).length, 1);
  place.clock.now += minutes(1);
  showTermination(place.world, "i-1");
  await place.run([], { token: "c" });
  t.match(await entryOf(place, "i-1"), { state: "applied", wasInterrupted: true });
  t.match(await place.markOf("i-1"), { recycling: { done: {} } });
  t.equal(terminationsOf(place.world).length, 1);
});

test("AWS took it, and the instance stays in service: nobody says that it is done", async (t) => {
  const place = openRecycling();
  await place.put("web", ["i-1", "i-2"]);
  place.world.showsWrites = false;
  const { outcomes } = await place.run((await place.plan()).slice(0, 1));
  t.match(outcomes, ["recycle i-1 unknown: AWS took the change, and the instance does not leave its group yet"]);
  t.notOk((await place.markOf("i-1"))?.recycling);
});

const failures = [
  { name: "AccessDenied", says: /not allowed/ },
  { name: "ScalingActivityInProgress", says: /in progress/ },
  { name: "ResourceContention", says: /contention/, status: 500 },
  { name: "ValidationError", says: /no managed instance/ },
];

for (const { name, says, status = 400 } of failures) {
  test(`AWS refuses with ${name}: it has failed, waits, and the group's next is tried`, async (t) => {
    const place = openRecycling();
    await place.put("web", ["i-1", "i-2"]);
    place.world.beforeWrite = () => {
      throw Object.assign(new Error(says.source), { name, $metadata: { httpStatusCode: status } });
    };
    const { outcomes } = await place.run((await place.plan()).slice(0, 1));
    t.match(outcomes, [/^recycle i-1 failed: autoscaling:TerminateInstanceInAutoScalingGroup: /]);
    t.match(outcomes[0], says);
    t.match(await place.markOf("i-1"), {
      recycling: { failures: { recycle: { count: 1, retryAt: now + minutes(5) } } },
    });
    place.world.beforeWrite = () => undefined;
    const planned = await place.plan();
    t.strictSame(
      planned.map(({ subject }) => subject),
      ["eu-west-1/i-2"],
    );
    t.match((await place.run(planned, { token: "b" })).outcomes, [/^recycle i-2 applied/]);
  });
}

test("what has failed is tried again when its time has come, under the same id", async (t) => {
  const place = openRecycling();
  await place.put("web", ["i-1", "i-2"]);
  place.world.beforeWrite = () => {
    throw Object.assign(new Error("no"), { name: "AccessDenied" });
  };
  await place.run((await place.plan()).slice(0, 1));
  place.world.beforeWrite = () => undefined;
  place.clock.now += minutes(5);
  await place.run((await place.plan()).slice(0, 1), { token: "b" });
  t.match(await entryOf(place, "i-1"), { state: "applied", attempt: 2 });
});

test("what was cut short is nobody's refusal, and is tried again at once", async (t) => {
  const place = openRecycling();
  await place.put("web", ["i-1", "i-2"]);
  const steps = { taken: 0, dieAt: Number.POSITIVE_INFINITY };
  place.world.beforeWrite = () => {
    steps.dieAt = 0;
    dieOrGo(steps, "before");
  };
  const store = mortalStore(place.store, steps);
  await place.run((await place.plan()).slice(0, 1), { store }).catch(() => undefined);
  place.world.beforeWrite = () => undefined;
  place.clock.now += minutes(1);
  await place.run([], { token: "b" });
  t.match(await entryOf(place, "i-1"), { state: "failed", wasInterrupted: true });
  t.notOk((await place.markOf("i-1"))?.recycling);
});

test("where what is begun can't be noted for the group, nothing is written", async (t) => {
  const place = openRecycling();
  await place.put("web", ["i-1", "i-2"]);
  const refuseBook = (method: "create" | "replace") =>
    ((...asked: Parameters<Store[typeof method]>) =>
      asked[0].startsWith("dirty.recycles")
        ? Promise.reject(new OpsError("throttled", "too much"))
        : (place.store[method] as (...given: unknown[]) => Promise<never>)(...asked)) as never;
  const store = { ...place.store, create: refuseBook("create"), replace: refuseBook("replace") };
  const { outcomes } = await place.run((await place.plan()).slice(0, 1), { store });
  t.strictSame(outcomes, ["recycle i-1 failed: too much"]);
  t.strictSame(terminationsOf(place.world), []);
});

test("a mark that was cleared while its instance was recycled is not made again", async (t) => {
  const place = openRecycling();
  await place.put("web", ["i-1", "i-2"]);
  const kind = (one: ActionKind): ActionKind => ({
    ...one,
    async record(entry) {
      const mark = await place.markOf("i-1");
      if (mark !== undefined) await place.marksIn(place.store).remove(mark);
      await one.record?.(entry);
    },
  });
  t.match((await place.run((await place.plan()).slice(0, 1), { kind })).outcomes, [/applied/]);
  t.equal(await place.markOf("i-1"), undefined);
});

test("it has no undo, and says why", async (t) => {
  const place = openRecycling();
  await place.put("web", ["i-1", "i-2"]);
  await place.run((await place.plan()).slice(0, 1));
  const undone = await undo({
    ...{ store: place.store, id: idOf("i-1"), holder: { token: "person", host: "elsewhere", pid: 1 } },
    ...{ clock: () => place.clock.now, leaseLength: seconds(10), stop: new AbortController().signal },
    openMeans: async () => ({ accountId: account.accountId, arn: "tester", kinds: place.kinds }),
  });
  t.strictSame(undone, {
    is: "refused",
    says: "a recycled instance can't be brought back: it is terminated, and its group has launched another one",
  });
});

/** One deed on the way to its end; the process may die before it, or after it and before its answer. */
interface Steps {
  taken: number;
  dieAt: number;
}

class Died extends Error {}

function dieOrGo(steps: Steps, when: string): void {
  steps.taken += 1;
  if (steps.taken >= steps.dieAt) throw new Died(`${when} step ${steps.taken}`);
}

function mortalStore(store: Store, steps: Steps): Store {
  const mortal = { ...store };
  for (const method of ["get", "create", "replace", "remove"] as const) {
    const deed = store[method] as (...asked: never[]) => Promise<unknown>;
    Object.assign(mortal, {
      async [method](...asked: never[]) {
        dieOrGo(steps, "before");
        const answer = await deed(...asked);
        dieOrGo(steps, "after");
        return answer;
      },
    });
  }
  return mortal;
}

/** A place of its own with one group, and the run of a process that dies at a step. */
async function openMortal(steps: Steps) {
  const place = openRecycling();
  await place.put("web", ["i-1", "i-2"]);
  const planned = await place.plan();
  place.world.beforeWrite = () => dieOrGo(steps, "before");
  place.world.afterWrite = () => dieOrGo(steps, "after");
  const run = async (actions: readonly PlannedAction[]) => {
    await place.run(actions, { store: mortalStore(place.store, steps) }).catch((thrown) => {
      if (!(thrown instanceof Died)) throw thrown;
    });
    place.world.beforeWrite = () => undefined;
    place.world.afterWrite = () => undefined;
  };
  return { place, planned, run };
}

test("a process that dies at any step: one more run makes true what it left, and one instance goes", async (t) => {
  const whole = { taken: 0, dieAt: Number.POSITIVE_INFINITY };
  const counting = await openMortal(whole);
  await counting.run(counting.planned);
  t.ok(whole.taken > 40, `${whole.taken} steps`);
  t.equal(terminationsOf(counting.place.world).length, 1);
  for (let dieAt = 1; dieAt <= whole.taken; dieAt += 1) {
    const label = `died at step ${dieAt} of ${whole.taken}`;
    const { place, planned, run } = await openMortal({ taken: 0, dieAt });
    await run(planned);
    place.clock.now += minutes(1);
    await place.run(await place.plan(), { token: "b" });
    const leaving = [...place.world.members.values()].filter(({ lifecycle }) => lifecycle !== "InService");
    const [id = ""] = leaving.map(({ instanceId }) => instanceId);
    t.strictSame(
      [leaving.length, id],
      [1, "i-1"],
      `${label}: one leaves its group, and what was cut short is not put off`,
    );
    t.equal(terminationsOf(place.world).length, 1, `${label}: asked for once`);
    t.match(await entryOf(place, id), { state: "applied" }, `${label}: the journal says so`);
    t.match(await place.markOf(id), { recycling: { done: { id: idOf(id) } } }, `${label}: so does its mark`);
    for await (const row of place.store.list(openOf(account))) t.fail(`${label}: ${row.id} is open`);
    const spending = await place.store.get("spent.dirtycount#123456789012", "recycles");
    t.match(spending?.body, { spent: { length: 1 } }, `${label}: counted once`);
    showReplacement(place.world, id);
    await place.run(await place.plan(), { token: "c" });
    t.equal(
      [...place.world.members.values()].filter((one) => one.lifecycle === "InService").length,
      1,
      `${label}: then the next`,
    );
  }
});

test("killed so long before the next run that AWS has forgotten the instance: it was recycled", async (t) => {
  const place = openRecycling();
  await place.put("web", ["i-1", "i-2"]);
  let isDead = false;
  place.world.afterWrite = () => {
    isDead = true;
  };
  const store = { ...place.store };
  for (const method of ["get", "create", "replace", "remove"] as const) {
    const deed = place.store[method] as (...asked: never[]) => Promise<unknown>;
    Object.assign(store, {
      [method]: async (...asked: never[]) => {
        if (isDead) throw new OpsError("other", "killed");
        return deed(...asked);
      },
    });
  }
  const planned = (await place.plan()).slice(0, 1);
  await place.run(planned, { store }).catch(() => undefined);
  place.clock.now += hours(5);
  showReplacement(place.world, "i-1");
  t.strictSame((await place.run([], { token: "b" })).unsettled, []);
  const found = await place.store.get(journalOf(account), planned.map(actionId)[0] ?? "");
  t.match(found?.body, { state: "applied", after: { state: "gone" }, wasInterrupted: true });
});

test("the book of groups takes names that no store would take for an id", async (t) => {
  const place = openRecycling();
  const group = "é/".repeat(400);
  await place.put(group, ["i-1", "i-2"]);
  const { outcomes } = await place.run((await place.plan()).slice(0, 1));
  t.match(outcomes, [/applied/]);
});
