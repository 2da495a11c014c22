import { setTimeout as pause } from "node:timers/promises";
import { test } from "tap";
import { trackCoverage } from "../../lib/core/coverage.ts";
import { OpsError } from "../../lib/core/errors.ts";
import type { AccessKey, CredentialReport, IamUser } from "../../lib/core/iam.ts";
import { days, hours, minutes, seconds } from "../../lib/core/time.ts";
import type { KeycheckReads } from "../../lib/keycheck/collect.ts";
import { collectWarm, type Remembering } from "../../lib/keycheck/collect-warm.ts";
import { openRecall } from "../../lib/keycheck/recall.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import { aListedKey, aListedUser, aRow, aSlot, now } from "../support/keycheck-records.ts";

const collection = "keycheck.users#123456789012";

type World = ReadonlyMap<string, { readonly user: IamUser; readonly keys: readonly AccessKey[] }>;

const aHolder = (name: string, keys: readonly AccessKey[] = [aListedKey({ id: `AKIA${name}` })]) => ({
  user: aListedUser({ name, arn: `arn:aws:iam::123456789012:user/${name}` }),
  keys,
});

const worldOf = (...holders: readonly ReturnType<typeof aHolder>[]): World =>
  new Map(holders.map((holder) => [holder.user.name, holder]));

const worldNamed = (...names: readonly string[]): World => worldOf(...names.map((name) => aHolder(name)));

/** As IAM reports it: an inactive key keeps its date. */
function reportOf(world: World, generatedAt: number): CredentialReport {
  const slotOf = (key: AccessKey | undefined) =>
    key === undefined
      ? aSlot()
      : aSlot({ active: key.active, lastRotatedAt: key.createdAt, lastUsedAt: now - days(1) });
  const rows = [...world.values()].map(({ user, keys: [first, second] }) =>
    aRow({ ...user, user: user.name, slots: [slotOf(first), slotOf(second)] }),
  );
  return { generatedAt, rows: new Map(rows.map((row) => [row.user, row])), root: undefined };
}

interface Run {
  readonly store: Store;
  readonly world: World;
  /** Absent: it can't be had. */
  readonly report?: CredentialReport;
  readonly at?: number;
  readonly reads?: Partial<KeycheckReads>;
  readonly remembering?: Partial<Remembering>;
  readonly concurrency?: number;
  readonly stop?: AbortSignal;
  readonly patience?: number;
}

/** Reads a world once; what came, whom it listed in what order, and what it said. */
async function run({ store, world, report, at = now, ...asked }: Run) {
  const listed: string[] = [];
  const warnings: string[] = [];
  const notes = trackCoverage();
  let listings = 0;
  const listAccessKeys = asked.reads?.listAccessKeys ?? readFrom(world);
  const reads: KeycheckReads = {
    async *listUsers() {
      listings += 1;
      yield [...world.values()].map(({ user }) => user);
    },
    async readCredentialReport() {
      return report ?? fail("denied")();
    },
    listPolicyUsers: async () => [],
    countServiceCredentials: async () => 0,
    ...asked.reads,
    listAccessKeys(name) {
      listed.push(name);
      return listAccessKeys(name);
    },
  };
  const { stop = new AbortController().signal, concurrency = 20, patience = seconds(9) } = asked;
  const warn = (line: string) => warnings.push(line);
  const recall = openRecall({ store, accountId: "123456789012", stop, warn, patience });
  const collecting = { notes, partition: "aws", concurrency, now: at };
  const remembering = { recall, fresh: false, mustList: () => false, ...asked.remembering };
  const inventory = collectWarm(reads, { ...collecting, ...remembering });
  const users = [];
  for await (const user of inventory.users) users.push(user);
  const { missing, subjectsMissing } = notes.coverage();
  return { users, listed, listings, warnings, missing, subjectsMissing, names: users.map(({ name }) => name) };
}

const readFrom = (world: World) => async (name: string) => world.get(name)?.keys ?? fail("missing")();

const fail = (code: OpsError["code"]) => async (): Promise<never> => {
  throw new OpsError(code, `${code}!`);
};

const failFor =
  (world: World, names: readonly string[], code: OpsError["code"] = "denied") =>
  (name: string) =>
    names.includes(name) ? fail(code)() : readFrom(world)(name);

const aStore = () => openMemoryStore({ now: () => now });

/** A store that a first scan of the world has filled, a day ago. */
async function remember(world: World): Promise<Store> {
  const store = aStore();
  await run({ store, world, at: now - days(1), report: reportOf(world, now - days(1)) });
  return store;
}

async function rememberedIn(store: Store): Promise<readonly string[]> {
  const names = [];
  for await (const { id } of store.list(collection)) names.push(id);
  return names;
}

const keyIds = (users: Awaited<ReturnType<typeof run>>["users"]) =>
  users.flatMap(({ keys }) => keys.map(({ id }) => id));

test("the first scan lists everybody, those that the report lacks as well, and remembers them", async (t) => {
  const world = worldNamed("ada", "bob", "eve");
  const store = aStore();
  const report = reportOf(worldNamed("ada", "bob"), now - hours(1));
  const first = await run({ store, world, report });
  t.strictSame([first.names, first.listed, first.listings], [["ada", "bob", "eve"], ["ada", "bob", "eve"], 1]);
  t.strictSame(first.missing, []);
  t.match(first.users[0], { listedAt: now, confirmedAt: now, keys: [{ lastUse: { known: true, at: now - days(1) } }] });
  t.strictSame(await rememberedIn(store), ["ada", "bob", "eve"]);
});

test("where nothing has changed nobody is listed, and the report's age is the evidence's", async (t) => {
  const world = worldOf(aHolder("ada"), aHolder("bob", [aListedKey({ active: false })]), aHolder("eve", []));
  const store = await remember(world);
  const { users, listed, listings, missing } = await run({ store, world, report: reportOf(world, now - hours(1)) });
  t.strictSame([listed, listings, missing], [[], 0, []]);
  t.match(users, [
    { name: "ada", keys: [{ id: "AKIAada", active: true, lastUse: { known: true, at: now - days(1) } }] },
    { name: "bob", keys: [{ active: false }] },
    { name: "eve", keys: [] },
  ]);
  for (const user of users) t.match(user, { listedAt: now - days(1), confirmedAt: now - hours(1) });
});

test("only the changed and the new are listed, and the next scan knows them", async (t) => {
  const store = await remember(worldNamed("ada", "bob", "eve"));
  const rotated = [aListedKey({ id: "AKIAnew", createdAt: now - hours(2) })];
  const world = worldOf(aHolder("ada"), aHolder("bob", rotated), aHolder("eve"), aHolder("new"));
  const report = reportOf(world, now - hours(1));
  const { users, listed, names } = await run({ store, world, report });
  t.strictSame(listed, ["new", "bob"]);
  t.strictSame(names, ["ada", "eve", "new", "bob"]);
  t.strictSame(keyIds(users), ["AKIAada", "AKIAeve", "AKIAnew", "AKIAnew"]);
  t.match(users[3], { listedAt: now, confirmedAt: now });
  t.strictSame((await run({ store, world, report, at: now + minutes(5) })).listed, []);
});

test("a user made anew under the same name has none of the old one's keys, read or not", async (t) => {
  const store = await remember(worldNamed("ada", "bob"));
  const anew = { user: { ...aHolder("ada").user, createdAt: now - hours(3) }, keys: [aListedKey({ id: "AKIAanew" })] };
  const world = worldOf(anew, aHolder("bob"));
  const report = reportOf(world, now - hours(1));
  const denied = await run({ store, world, report, reads: { listAccessKeys: failFor(world, ["ada"]) } });
  t.strictSame(keyIds(denied.users), ["AKIAbob"]);
  t.match(denied.missing, [{ what: 'access keys of user "ada"', code: "denied", subjects: true }]);
  t.strictSame(keyIds((await run({ store, world, report })).users), ["AKIAbob", "AKIAanew"]);
});

test("a user that a later report lacks is forgotten, without a call", async (t) => {
  const store = aStore();
  const world = worldNamed("ada", "bob");
  for (const report of [reportOf(world, now - hours(9)), reportOf(worldNamed("ada", "bob"), now - hours(5))])
    await run({ store, world, at: report.generatedAt, report, remembering: { mustList: () => true } });
  const left = worldNamed("ada");
  const { names, listed } = await run({ store, world: left, report: reportOf(left, now - hours(1)) });
  t.strictSame([names, listed, await rememberedIn(store)], [["ada"], [], ["ada"]]);
});

test("a user that vanished since the report is skipped and forgotten", async (t) => {
  const store = await remember(worldNamed("ada", "bob"));
  const report = reportOf(worldOf(aHolder("ada"), aHolder("bob", [])), now - hours(1));
  const { names, listed, missing } = await run({ store, world: worldNamed("ada"), report });
  t.strictSame([names, listed, missing, await rememberedIn(store)], [["ada"], ["bob"], [], ["ada"]]);
});

test("a user that has another name since the report keeps its keys, and is remembered by that name", async (t) => {
  const store = await remember(worldNamed("ada", "bob"));
  const renamed = { user: { ...aHolder("ada").user, name: "eve", arn: "arn:aws:iam::123456789012:user/eve" } };
  const world = worldOf({ ...renamed, keys: aHolder("ada").keys }, aHolder("bob"));
  const report = reportOf(worldNamed("ada", "bob"), now - hours(1));
  const mustList: Remembering["mustList"] = ({ name }) => name === "ada";
  const scan = await run({ store, world, report, remembering: { mustList } });
  t.strictSame(
    [scan.names, keyIds(scan.users)],
    [
      ["bob", "eve"],
      ["AKIAbob", "AKIAada"],
    ],
  );
  t.strictSame([scan.listed, scan.listings, scan.missing], [["ada", "eve"], 1, []]);
  t.strictSame(await rememberedIn(store), ["bob", "eve"]);
  const later = await run({ store, world, report: reportOf(world, now), at: now + hours(1) });
  t.strictSame([keyIds(later.users), later.listings], [["AKIAbob", "AKIAada"], 0]);
});

test("where nobody says whether a user that is gone has another name, its keys may be there", async (t) => {
  const store = await remember(worldNamed("ada", "bob"));
  const report = reportOf(worldNamed("ada", "bob"), now - hours(1));
  const remembering = { mustList: () => true };
  const scan = await run({ store, world: worldNamed("bob"), report, reads: deniedUsers, remembering });
  t.strictSame(scan.names, ["bob"]);
  t.match(scan.missing, [{ what: "users renamed since the credential report", code: "denied", subjects: true }]);
  t.ok(scan.subjectsMissing);
});

test("whoever something is to be done about is listed, after the changed and before the old", async (t) => {
  const store = await remember(worldNamed("ada", "bob", "eve"));
  const world = worldOf(aHolder("ada"), aHolder("bob"), aHolder("eve", []));
  const mustList: Remembering["mustList"] = ({ name, keys }) => name === "bob" && keys[0]?.id === "AKIAbob";
  const report = reportOf(world, now - hours(1));
  const { users, listed } = await run({ store, world, report, remembering: { mustList } });
  t.strictSame(listed, ["eve", "bob"]);
  t.match(users.at(-1), { name: "bob", listedAt: now });
  const later = now + days(7);
  const latest = await run({ store, world, report: reportOf(world, later), at: later, remembering: { mustList } });
  t.strictSame([latest.listed[0], latest.listed.length], ["bob", 3]);
});

test("scans cut short go on where the last one ended, and print all they know", async (t) => {
  const names = Array.from({ length: 50 }, (_, index) => `user-${index}`);
  const world = worldNamed(...names);
  const store = aStore();
  const report = reportOf(world, now - hours(1));
  const seen = [];
  for (let round = 0; round < 3; round += 1) {
    let left = 20;
    const listAccessKeys = (name: string) => (left-- > 0 ? readFrom(world)(name) : fail("stopped")());
    const { users, missing, subjectsMissing } = await run({ store, world, report, reads: { listAccessKeys } });
    seen.push([users.length, missing.length > 0, subjectsMissing]);
  }
  t.strictSame(seen, [
    [20, true, true],
    [40, true, true],
    [50, false, false],
  ]);
  t.strictSame((await run({ store, world, report })).listed, []);
});

test("what is known stands in for what can't be listed, and what lacks is said", async (t) => {
  const store = await remember(worldNamed("ada", "bob"));
  const world = worldOf(aHolder("ada", []), aHolder("bob"), aHolder("new"));
  const reads = { listAccessKeys: fail("denied") };
  const mustList = () => true;
  const { users, missing } = await run({
    ...{ store, world, reads, report: reportOf(world, now - hours(1)) },
    remembering: { mustList },
  });
  t.strictSame(keyIds(users), ["AKIAada", "AKIAbob"]);
  t.match(users, [{ confirmedAt: now - days(1) }, { confirmedAt: now - hours(1) }]);
  t.strictSame(
    missing.map(({ what, subjects }) => [what, subjects]),
    [
      ['access keys of user "new"', true],
      ['access keys of user "ada"', true],
      ['access keys of user "bob"', false],
    ],
  );
});

test("without a report everybody is listed anew, those listed longest ago first, and remembered", async (t) => {
  const store = await remember(worldNamed("ada", "bob"));
  await run({ store, world: worldNamed("ada", "bob"), remembering: { mustList: () => true } });
  const world = worldNamed("eve", "bob");
  const { names, listed, missing, users } = await run({ store, world, at: now + 1 });
  t.strictSame(
    [names, listed],
    [
      ["eve", "bob"],
      ["eve", "bob"],
    ],
  );
  t.strictSame(
    missing.map(({ what }) => what),
    ["credential report"],
  );
  t.match(users, [{ listedAt: now + 1 }, { listedAt: now + 1 }]);
  t.strictSame(await rememberedIn(store), ["bob", "eve"]);
});

test("a listing of users that breaks off leaves the others as they are remembered", async (t) => {
  const store = await remember(worldNamed("ada", "bob"));
  const world = worldNamed("ada", "bob", "eve");
  const reads: Partial<KeycheckReads> = {
    listAccessKeys: failFor(world, ["bob"], "stopped"),
    async *listUsers() {
      yield [aHolder("eve").user];
      await fail("stopped")();
    },
  };
  const { users, missing, subjectsMissing } = await run({ store, world, reads });
  t.strictSame(keyIds(users), ["AKIAeve", "AKIAada", "AKIAbob"]);
  t.match(users, [{ listedAt: now }, { listedAt: now }, { listedAt: now - days(1) }]);
  t.match(missing, [
    { what: "users after the first 1", subjects: true },
    { what: "credential report", subjects: false },
    { what: 'access keys of user "bob"', subjects: false },
  ]);
  t.equal(subjectsMissing, true);
});

const deniedUsers = {
  // biome-ignore lint/correctness/useYield: it fails before its first page
  async *listUsers() {
    await fail("denied")();
  },
} satisfies Partial<KeycheckReads>;

test("with neither report nor users what is remembered is read", async (t) => {
  const world = worldNamed("ada", "bob");
  const { names, missing } = await run({ store: await remember(world), world, reads: deniedUsers });
  t.strictSame(names, ["ada", "bob"]);
  t.match(missing, [{ what: "users", code: "denied", subjects: true }, { what: "credential report" }]);
});

test("with neither and nothing remembered the scan fails", async (t) => {
  const world = worldNamed("ada");
  await t.rejects(run({ store: aStore(), world, reads: deniedUsers }), { code: "denied" });
  const fresh = run({ store: await remember(world), world, reads: deniedUsers, remembering: { fresh: true } });
  await t.rejects(fresh, { code: "denied" });
});

test("where nobody's keys can be read and nothing is known the scan fails", async (t) => {
  const reads = { listAccessKeys: fail("denied") };
  await t.rejects(run({ store: aStore(), world: worldNamed("ada"), reads }), { code: "denied" });
  const store = await remember(worldNamed("ada"));
  const anew = { user: { ...aHolder("ada").user, createdAt: now - hours(3) }, keys: [] };
  const report = reportOf(worldOf(anew), now);
  await t.rejects(run({ store, world: worldOf(anew), report, reads }), { code: "denied" });
});

test("a fresh scan believes nothing that it remembers, and renews it", async (t) => {
  const world = worldNamed("ada", "bob");
  const store = await remember(world);
  const remembering = { fresh: true };
  const report = reportOf(world, now - hours(1));
  const reads = { listAccessKeys: failFor(world, ["ada"]) };
  const { users, listed, missing } = await run({ store, world, report, reads, remembering });
  t.strictSame([keyIds(users), listed], [["AKIAbob"], ["ada", "bob"]]);
  t.match(missing, [{ what: 'access keys of user "ada"', subjects: true }]);
  const { users: later } = await run({ store, world, report: reportOf(world, now) });
  t.match(later, [
    { name: "ada", listedAt: now - days(1) },
    { name: "bob", listedAt: now },
  ]);
});

test("records that can't be read are as good as none, and are replaced", async (t) => {
  const world = worldNamed("ada", "bob", "eve");
  const store = await remember(world);
  for await (const { id, version, body } of store.list(collection)) {
    const damaged = { ada: { ...body, shape: 2 }, bob: { ...body, keys: "gone" } }[id] ?? body;
    await store.replace(collection, id, { body: damaged, expectedVersion: version });
  }
  const report = reportOf(world, now - hours(1));
  t.strictSame((await run({ store, world, report })).listed, ["ada", "bob"]);
  t.strictSame((await run({ store, world, report })).listed, []);
});

test("names with every legal character are remembered", async (t) => {
  const world = worldNamed("a=b,c.d@e+f-g_h", "=", ",", "A", "a", "...", "+@-");
  const store = await remember(world);
  const { listed, names } = await run({ store, world, report: reportOf(world, now - hours(1)) });
  t.strictSame([listed, names], [[], [...world.keys()].toSorted()]);
});

test("an account of any size is remembered whole, and listed whole where all is due", async (t) => {
  const names = Array.from({ length: 1201 }, (_, index) => `user-${String(index).padStart(4, "0")}`);
  const world = worldNamed(...names);
  const store = await remember(world);
  const report = reportOf(world, now - hours(1));
  const known = await run({ store, world, report });
  t.equal(known.names.join(), names.join());
  t.strictSame(known.listed, []);
  const due = await run({ store, world, report, remembering: { mustList: () => true } });
  t.equal(due.names.join(), names.join());
  t.equal(due.listed.join(), names.join());
});

test("a scan that must end while it waits for the report prints all that is remembered", async (t) => {
  const names = Array.from({ length: 1201 }, (_, index) => `user-${String(index).padStart(4, "0")}`);
  const world = worldNamed(...names);
  const store = await remember(world);
  const stopping = new AbortController();
  const reads: Partial<KeycheckReads> = {
    readCredentialReport() {
      stopping.abort(new Error("SIGTERM"));
      return fail("stopped")();
    },
    listUsers: deniedUsers.listUsers,
    listAccessKeys: fail("stopped"),
  };
  const { users, missing, warnings } = await run({ store, world, reads, stop: stopping.signal });
  t.equal(users.map(({ name }) => name).join(), names.join());
  t.match(missing[0], { what: "users", subjects: true });
  t.strictSame(warnings, []);
});

test("never more users at once than allowed, and none waits for the report", async (t) => {
  const world = worldNamed(...Array.from({ length: 50 }, (_, index) => `user-${index}`));
  const open = { now: 0, most: 0, listed: 0 };
  const readCredentialReport = async () => {
    while (open.listed < 50) await pause(1);
    return reportOf(world, now);
  };
  const listAccessKeys = async () => {
    open.now += 1;
    open.most = Math.max(open.most, open.now);
    await pause(1);
    open.now -= 1;
    open.listed += 1;
    return [];
  };
  const reads = { readCredentialReport, listAccessKeys };
  const { users } = await run({ store: aStore(), world, reads, concurrency: 4 });
  t.strictSame([users.length, open.most], [50, 4]);
});

test("a store that can't be read leaves a scan of everybody, and one warning", async (t) => {
  const store: Store = {
    ...aStore(),
    // biome-ignore lint/correctness/useYield: it fails before its first record
    async *list() {
      throw new OpsError("unreachable", "the store is down");
    },
    create: fail("unreachable"),
  };
  const world = worldNamed("ada", "bob");
  const { names, missing, warnings } = await run({ store, world, report: reportOf(world, now) });
  t.strictSame([names, missing], [["ada", "bob"], []]);
  t.strictSame(warnings, [`${collection}: earlier scans can't be remembered: the store is down`]);
});

test("a store that fails in mid-scan loses no key and is soon left alone", async (t) => {
  const names = Array.from({ length: 50 }, (_, index) => `user-${index}`);
  const world = worldNamed(...names);
  const store = aStore();
  let tries = 0;
  const create: Store["create"] = async (...asked) => {
    tries += 1;
    if (tries > 10) throw new OpsError("unreachable", "the store is down");
    return store.create(...asked);
  };
  const report = reportOf(world, now);
  const failing = await run({ store: { ...store, create }, world, report, concurrency: 1 });
  t.strictSame([failing.users.length, failing.missing], [50, []]);
  t.strictSame(failing.warnings, [`${collection}: listings not remembered: 40: the store is down`]);
  t.ok(tries <= 10 + 22, `${tries} tries`);
  t.equal((await run({ store, world, report })).listed.length, 40);
});

test("another scan's listing of the same time is left as it is", async (t) => {
  const world = worldNamed("ada");
  const store = await remember(world);
  const listAccessKeys = async (name: string) => {
    await run({ store, world, at: now + 1, remembering: { fresh: true } });
    return readFrom(world)(name);
  };
  const { warnings, users } = await run({ store, world, reads: { listAccessKeys }, remembering: { fresh: true } });
  t.strictSame([warnings, users.length], [[], 1]);
  const { users: later } = await run({ store, world, report: reportOf(world, now), at: now + 2 });
  t.match(later, [{ listedAt: now + 1 }]);
});

const hanging = {
  async *list() {
    await new Promise(() => {});
  },
  create: () => new Promise<never>(() => {}),
} satisfies Partial<Store>;

const silences = [
  { name: "while it is read", silent: { list: hanging.list }, says: "earlier scans can't be remembered" },
  { name: "while it is written", silent: { create: hanging.create }, says: "listings not remembered: 1" },
];

for (const { name, silent, says } of silences) {
  test(`a store that does not answer ${name} is not waited for long`, async (t) => {
    const store: Store = { ...aStore(), ...silent };
    const world = worldNamed("ada");
    const { names, warnings } = await run({ store, world, patience: 20 });
    t.strictSame(names, ["ada"]);
    t.strictSame(warnings, [`${collection}: ${says}: the store has not answered for 0.02 s`]);
  });

  test(`a store that does not answer ${name} holds up a scan that must end for a second at most`, async (t) => {
    const store: Store = { ...aStore(), ...silent };
    const stop = AbortSignal.abort(new Error("SIGTERM"));
    const started = performance.now();
    const { names, warnings } = await run({ store, world: worldNamed("ada"), stop });
    t.ok(performance.now() - started < seconds(2));
    t.strictSame([names, warnings], [["ada"], [`${collection}: ${says}: SIGTERM`]]);
  });
}

test("what is remembered of an account that is scanned no more is gone after a month", async (t) => {
  const world = worldNamed("ada");
  let clock = now;
  const store = openMemoryStore({ now: () => clock });
  await run({ store, world });
  clock = now + days(30) - 1;
  t.strictSame(await rememberedIn(store), ["ada"]);
  clock = now + days(30);
  t.strictSame(await rememberedIn(store), []);
});
