import { test } from "tap";
import { actionId } from "../../../lib/act/action.ts";
import { asEntry, journalOf, openOf } from "../../../lib/act/entry.ts";
import { undo } from "../../../lib/act/undo.ts";
import { OpsError } from "../../../lib/core/errors.ts";
import { days, hours, minutes, seconds } from "../../../lib/core/time.ts";
import type { FoundPerson } from "../../../lib/notify/notifier.ts";
import { openInstanceActing } from "../../support/instance-acting.ts";
import { told } from "../../support/instance-ladders.ts";
import { aNotifier } from "../../support/key-acting.ts";
import { now } from "../../support/tagaudit-records.ts";

const account = { program: "tagaudit", accountId: "123456789012" } as const;
const reason = 'tag "owner" is missing; since 2026-02-26T12:00:00Z';
const off = { state: "stopped" } as const;
const noNotices = { settings: { sendNotices: false } };
const missing = (says: string) => aNotifier({ findPerson: async (): Promise<FoundPerson> => ({ missing: says }) });

type Place = ReturnType<typeof openInstanceActing>;
const writesOf = ({ world }: Place) => world.called.filter((one) => /^(Stop|Start|Terminate|Modify)/.test(one));

test("a violator is read again, asked about, stopped, and remembered as stopped", async (t) => {
  const place = openInstanceActing();
  const { id } = await place.put({ id: "i-1", publicAddress: "203.0.113.7" });
  const [action] = await place.plan(noNotices);
  t.match(await place.run([action].flatMap((one) => one ?? [])), {
    outcomes: [`stop i-1 applied: ${reason}`],
    refusals: [],
  });
  t.strictSame(place.world.called, ["describe i-1", "tags i-1", "may stop i-1", "StopInstances i-1"]);
  t.match(await place.ladders.find({ region: "eu-west-1", instanceId: id }), {
    stopped: { at: now, id: "tagaudit/123456789012/stop/eu-west-1/i-1/1" },
  });
  const entry = await place.store.get(journalOf(account), "tagaudit/123456789012/stop/eu-west-1/i-1/1");
  t.match(entry?.body, {
    before: { state: "running", publicAddress: "203.0.113.7", fromStop: false },
    after: { state: "stopping" },
    action: { detail: { tags: {}, violations: [{ tag: "owner" }] } },
  });
});

test("what is stopped comes to be terminated, for good", async (t) => {
  const place = openInstanceActing();
  await place.put({ id: "i-1", ...off });
  t.match(await place.run(await place.plan(noNotices)), { outcomes: [`terminate i-1 applied: ${reason}`] });
  t.strictSame(writesOf(place), ["TerminateInstances i-1"]);
  t.match(await place.ladders.find({ region: "eu-west-1", instanceId: "i-1" }), {
    terminated: { at: now },
    endedAt: now,
  });
});

interface Change {
  readonly name: string;
  readonly state?: "stopped";
  readonly change: (place: Place) => void;
  readonly want: { readonly refusals?: readonly string[]; readonly outcomes?: readonly string[] };
}

const alter =
  (changes: object) =>
  ({ world }: Place) => {
    const [instance] = world.instances.values();
    if (instance !== undefined) world.instances.set(instance.id, { ...instance, ...changes });
  };
const tagged = new Map([["owner", "ada"]]);

const changes: readonly Change[] = [
  {
    name: "tagged between scan and act",
    change: alter({ tags: tagged }),
    want: { refusals: ["stop i-1 changed: its tags have changed since it was judged"] },
  },
  {
    name: "launched again",
    change: alter({ launchedAt: now }),
    want: { refusals: ["stop i-1 changed: it was launched again since it was judged"] },
  },
  {
    name: "tags that an answer left out",
    change: ({ world }) => world.listed.set("i-1", tagged),
    want: { refusals: ["stop i-1 changed: it shows no tags, and DescribeTags shows 1"] },
  },
  {
    name: "gone",
    change: ({ world }) => world.instances.clear(),
    want: { outcomes: ["stop i-1 unneeded: the instance is gone"] },
  },
  {
    name: "terminated by somebody else",
    change: alter({ state: "shutting-down" }),
    want: { outcomes: ["stop i-1 unneeded: the instance is gone"] },
  },
  {
    name: "stopped by somebody else",
    change: alter(off),
    want: { outcomes: ["stop i-1 unneeded: the instance is stopped already"] },
  },
  {
    name: "about to run",
    change: alter({ state: "pending" }),
    want: { refusals: ["stop i-1 changed: the instance is pending"] },
  },
  {
    name: "taken into a group",
    change: alter({ operator: "eks.amazonaws.com" }),
    want: { refusals: ["stop i-1 changed: it was judged violating, and is grouped"] },
  },
  {
    name: "protected from being stopped",
    change: ({ world }) => world.stopProtected.add("i-1"),
    want: { refusals: ["stop i-1 protected_instance: it is protected from being stopped"] },
  },
  {
    name: "protected from being terminated",
    state: "stopped",
    change: ({ world }) => world.terminationProtected.add("i-1"),
    want: { refusals: ["terminate i-1 protected_instance: it is protected from being terminated"] },
  },
  {
    name: "no permission to stop it",
    change: ({ world }) => world.denied.add("i-1"),
    want: { refusals: ["stop i-1 permission: permissions do not allow that eu-west-1/i-1 is stopped"] },
  },
  {
    name: "no permission to terminate it",
    state: "stopped",
    change: ({ world }) => world.denied.add("i-1"),
    want: { refusals: ["terminate i-1 permission: permissions do not allow that eu-west-1/i-1 is terminated"] },
  },
];

for (const { name, state = "running", change, want } of changes) {
  test(`spared: ${name}`, async (t) => {
    const place = openInstanceActing();
    await place.put({ id: "i-1", state });
    const planned = await place.plan(noNotices);
    change(place);
    const { outcomes, refusals } = await place.run(planned);
    t.strictSame([outcomes, refusals], [want.outcomes ?? [], want.refusals ?? []]);
    t.strictSame(writesOf(place), []);
  });
}

const means = [
  {
    name: "documents that are not stored",
    acting: { documentsStored: () => false },
    want: "documents: the documents of this run are not stored",
  },
  {
    name: "and why they are not",
    acting: { documentsStored: () => "Elasticsearch: down" },
    want: "documents: Elasticsearch: down",
  },
  {
    name: "an owner who can't be asked for",
    acting: { notifier: undefined },
    want: "owner: who was told of it can't be asked for",
  },
  {
    name: "an owner who is no longer there",
    acting: { notifier: missing("deactivated") },
    want: "owner: its owner can't be found: deactivated",
  },
] as const;

for (const { name, acting, want } of means) {
  test(`spared: ${name}`, async (t) => {
    const place = openInstanceActing(acting);
    await place.put({ id: "i-1" });
    const { refusals } = await place.run(await place.plan(noNotices));
    t.strictSame([refusals, writesOf(place)], [[`stop i-1 ${want}`], []]);
  });
}

test("spared: an owner who is somebody else by now, who was not told", async (t) => {
  const place = openInstanceActing({ ownerMap: new Map([["bob", "U2BOB"]]) });
  await place.put({ id: "i-1", tags: { created_by: "bob" } });
  const { refusals } = await place.run(await place.plan(noNotices));
  t.strictSame(refusals, ["stop i-1 owner: its owner is somebody else now, who was not told of it"]);
});

test("spared: whoever was told anew in the same run", async (t) => {
  const place = openInstanceActing();
  const { id } = await place.put({ id: "i-1" });
  const planned = await place.plan(noNotices);
  await place.ladders.update({ ...(await ladderOf(place, id)) }, (ladder) => ({ ...ladder, ...told(hours(1)) }));
  const { refusals } = await place.run(planned);
  t.strictSame(refusals, ["stop i-1 owner: its owner has been told anew meanwhile"]);
});

async function ladderOf({ ladders }: Place, instanceId: string) {
  const ladder = await ladders.find({ region: "eu-west-1", instanceId });
  if (ladder === undefined) throw new Error("no ladder");
  return ladder;
}

test("spared: an owner who was not told", async (t) => {
  const place = openInstanceActing();
  await place.put({ id: "i-1" }, {});
  const { refusals } = await place.run(await place.plan(noNotices));
  t.strictSame(refusals, ["stop i-1 told: no notice is proven to have reached its owner"]);
});

test("one call for each availability zone, and each instance by its own result", async (t) => {
  const place = openInstanceActing();
  for (const [id, zone] of Object.entries({ "i-1": "a", "i-2": "b", "i-3": "a" })) {
    await place.put({ id, ...off, zone: `eu-west-1${zone}` });
  }
  const { outcomes } = await place.run(await place.plan(noNotices));
  t.strictSame(writesOf(place), ["TerminateInstances i-1,i-3", "TerminateInstances i-2"]);
  t.equal(outcomes.filter((one) => one.includes("applied")).length, 3);
  t.equal(place.world.called.filter((one) => one.startsWith("describe")).length, 2, "one look for each call");
});

test("a plan for 1,001 instances is carried out in batches, and caps count each", async (t) => {
  const place = openInstanceActing();
  for (let index = 0; index < 1001; index += 1) await place.put({ id: `i-${index}`, ...off });
  const planned = await place.plan(noNotices);
  const { outcomes, refusals } = await place.run(planned, { limits: { terminations: 1000 } });
  const sizes = writesOf(place).map((one) => one.split(",").length);
  t.strictSame([sizes.length, Math.max(...sizes)], [20, 50]);
  t.strictSame([outcomes.length, refusals.length], [1000, 1]);
  t.match(refusals[0], /cap: cap "terminations" allows 1000 in 24 h/);
});

test("protection is asked of a few at once, and each answer stays with its instance", async (t) => {
  const place = openInstanceActing();
  for (let index = 0; index < 20; index += 1) await place.put({ id: `i-${index}` });
  place.world.stopProtected.add("i-7");
  let [asking, most] = [0, 0];
  place.world.onProtection = async () => {
    asking += 1;
    most = Math.max(most, asking);
    await new Promise(setImmediate);
    asking -= 1;
  };
  const { outcomes, refusals } = await place.run(await place.plan(noNotices));
  t.strictSame([most, outcomes.length], [5, 19]);
  t.strictSame(refusals, ["stop i-7 protected_instance: it is protected from being stopped"]);
});

test("permissions that leave one out spare that one alone", async (t) => {
  const place = openInstanceActing();
  for (const id of ["i-1", "i-2"]) await place.put({ id });
  place.world.denied.add("i-2");
  const { outcomes, refusals } = await place.run(await place.plan(noNotices));
  t.strictSame(
    [outcomes, refusals.length, writesOf(place)],
    [[`stop i-1 applied: ${reason}`], 1, ["StopInstances i-1"]],
  );
});

test("one that fails the call for all is written alone, as are the others", async (t) => {
  const place = openInstanceActing({ consistency: 0 });
  for (const id of ["i-1", "i-2", "i-3"]) await place.put({ id });
  place.world.unfit.add("i-2");
  const { outcomes } = await place.run(await place.plan(noNotices));
  t.strictSame(writesOf(place), [
    "StopInstances i-1,i-2,i-3",
    "StopInstances i-1",
    "StopInstances i-2",
    "StopInstances i-3",
  ]);
  t.match(outcomes, [
    /^stop i-1 applied/,
    /^stop i-2 failed: ec2:StopInstances: words for UnsupportedOperation/,
    /^stop i-3 applied/,
  ]);
  const { failures } = await ladderOf(place, "i-2");
  t.equal(failures?.stop?.count, 1, "and waits before it is tried again");
});

test("killed between the call and its outcome: the next run records what the world shows, and nothing is done twice", async (t) => {
  const place = openInstanceActing();
  for (const id of ["i-1", "i-2"]) await place.put({ id, ...off });
  const planned = await place.plan(noNotices);
  let isDead = false;
  const mortal = { ...place.store };
  for (const method of ["get", "create", "replace", "remove"] as const) {
    const alive: (...asked: never[]) => Promise<unknown> = place.store[method].bind(place.store);
    Object.assign(mortal, {
      [method]: async (...asked: never[]) => {
        if (isDead) throw new OpsError("other", "killed");
        return alive(...asked);
      },
    });
  }
  place.world.afterWrite = () => {
    isDead = true;
  };
  await place.run(planned, { store: mortal }).catch(() => undefined);
  place.world.afterWrite = () => undefined;
  const states = async () => {
    const found: string[] = [];
    for await (const { body } of place.store.list(journalOf(account))) found.push(asEntry(body).state);
    return found;
  };
  t.strictSame(await states(), ["intended", "intended"]);
  place.clock.now += minutes(2);
  await place.run([], { token: "b" });
  t.strictSame(await states(), ["applied", "applied"]);
  t.strictSame(writesOf(place), ["TerminateInstances i-1,i-2"]);
  t.match(await ladderOf(place, "i-1"), { terminated: { id: /terminate\/eu-west-1\/i-1\/1$/ } });
  for await (const row of place.store.list(openOf(account))) t.fail(`${row.id} is open`);
});

test("killed so long before the next run that EC2 has forgotten the instance: it was terminated", async (t) => {
  const place = openInstanceActing();
  await place.put({ id: "i-1", ...off });
  const planned = await place.plan(noNotices);
  place.world.afterWrite = () => {
    throw Object.assign(new Error("reset"), { name: "TimeoutError" });
  };
  const lost = { ...place.store, replace: async () => Promise.reject(new OpsError("other", "killed")) };
  await place.run(planned, { store: lost }).catch(() => undefined);
  place.clock.now += hours(5);
  place.world.instances.clear();
  t.strictSame((await place.run([], { token: "b" })).unsettled, []);
  const [id] = planned.map(actionId);
  const entry = await place.store.get(journalOf(account), id ?? "");
  t.match(entry?.body, { state: "applied", after: { state: "gone" }, wasInterrupted: true });
});

async function undoIn(place: Place, id: string) {
  return undo({
    ...{ store: place.store, id, holder: { token: "person", host: "elsewhere", pid: 1 }, clock: () => place.clock.now },
    ...{ leaseLength: seconds(10), stop: new AbortController().signal },
    openMeans: async () => ({ accountId: account.accountId, arn: "tester", kinds: place.kinds }),
  });
}

test("a stop is undone by a start, which says what was lost and gives the owner the whole time anew", async (t) => {
  const place = openInstanceActing();
  await place.put({ id: "i-1", publicAddress: "203.0.113.7" });
  await place.run(await place.plan(noNotices));
  const id = "tagaudit/123456789012/stop/eu-west-1/i-1/1";
  t.match(await undoIn(place, id), { is: "refused", says: "by gate not_ready: the instance is still stopping" });
  alter(off)(place);
  t.match(await undoIn(place, id), {
    is: "undone",
    says: /^started again by a person\. A stop loses what is in memory and on instance store volumes, and the public address 203\.0\.113\.7/,
  });
  t.strictSame(writesOf(place), ["StopInstances i-1", "StartInstances i-1"]);
  const ladder = await ladderOf(place, "i-1");
  t.match(ladder, { round: 2, told: {}, notices: 0 });
  t.notOk("stopped" in ladder);
  t.match(await undoIn(place, id), { is: "refused", says: /^it is undone already/ });
});

test("what runs again already needs no undo, and what is gone has none", async (t) => {
  const place = openInstanceActing();
  await place.put({ id: "i-1" });
  await place.run(await place.plan(noNotices));
  const id = "tagaudit/123456789012/stop/eu-west-1/i-1/1";
  alter({ state: "running" })(place);
  t.match(await undoIn(place, id), { is: "unneeded", says: "the instance is running already" });
  place.world.instances.clear();
  t.match(await undoIn(place, id), { is: "refused", says: "by gate gone: the instance is gone" });
});

test("a termination has no undo, and says so", async (t) => {
  const place = openInstanceActing();
  await place.put({ id: "i-1", ...off });
  await place.run(await place.plan(noNotices));
  t.strictSame(await undoIn(place, "tagaudit/123456789012/terminate/eu-west-1/i-1/1"), {
    is: "refused",
    says: "a terminated instance can't be brought back: it is gone for good, and nothing can undo that",
  });
});

test("where the rule lets it, protection is taken off first, under an intent of its own, and can be put back", async (t) => {
  const flipping = new Set<string>();
  const place = openInstanceActing({ flipping });
  const [rule] = place.scheme.rules;
  if (rule === undefined) return t.fail("no rule");
  flipping.add(rule.hash);
  await place.put({ id: "i-1" });
  place.world.stopProtected.add("i-1");
  const planned = await place.plan({ ...noNotices, rules: [{ ...rule, mayFlipProtection: true }] });
  const { outcomes } = await place.run(planned);
  t.match(outcomes, [/^unprotect i-1 applied/, /^stop i-1 applied/]);
  t.strictSame(writesOf(place), ["ModifyInstanceAttribute i-1", "StopInstances i-1"]);
  const id = "tagaudit/123456789012/unprotect/eu-west-1/i-1/1-stop";
  t.match((await place.store.get(journalOf(account), id))?.body, {
    before: { fromStop: true },
    after: { isProtected: false },
  });
  t.match(await undoIn(place, id), { is: "undone", says: "protected again by a person" });
  t.ok(place.world.stopProtected.has("i-1"));
});

test("what is not protected keeps its attributes, and what no rule lets through its protection", async (t) => {
  const flipping = new Set<string>();
  const place = openInstanceActing({ flipping });
  await place.put({ id: "i-1", ...off });
  const [rule] = place.scheme.rules;
  if (rule === undefined) return t.fail("no rule");
  const planned = (await place.plan({ ...noNotices, rules: [{ ...rule, mayFlipProtection: true }] })).slice(0, 1);
  t.match((await place.run(planned)).refusals, [
    "unprotect i-1 protected_instance: no rule that it breaks lets protection be taken off",
  ]);
  flipping.add(rule.hash);
  t.match((await place.run(planned)).outcomes, ["unprotect i-1 unneeded: it is not protected from being terminated"]);
  t.strictSame(writesOf(place), []);
});

test("nobody acts on what nobody has shown to a person: a run of days", async (t) => {
  const place = openInstanceActing();
  await place.put({ id: "i-1" }, {});
  for (let day = 0; day < 40; day += 1) {
    await place.run(await place.plan(noNotices));
    place.clock.now += days(1);
  }
  t.strictSame(writesOf(place), []);
});
