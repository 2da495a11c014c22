import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { type Test, test } from "tap";
import type { LeaseTerm } from "../../lib/act/entry.ts";
import { type Holder, isDead, thisHolder } from "../../lib/act/holder.ts";
import { acquireLease } from "../../lib/act/lease.ts";
import type { JsonObject } from "../../lib/core/json.ts";
import { hours } from "../../lib/core/time.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import { interleaved } from "../support/interleaved.ts";

const start = Date.UTC(2026, 2, 1, 12);
const place = { collection: "lease.keycheck", id: "123456789012" } as const;
/** Renewed every 3 ms. */
const length = 9;

const elsewhere = (token: string): Holder => ({ token, host: "elsewhere", pid: 1 });

function openPlace(t: Test) {
  const clock = { now: start };
  const store = openMemoryStore({ now: () => clock.now });
  return {
    ...{ clock, store },
    async acquire(holder: Holder, from: Store = store) {
      const lease = await acquireLease(from, { ...place, holder, length, clock: () => clock.now });
      if (lease !== undefined) t.teardown(() => lease.release());
      return lease;
    },
    async holderNow() {
      return (await store.get<LeaseTerm & JsonObject>(place.collection, place.id))?.body;
    },
  };
}

/** Waits for what a timer of a few milliseconds does. */
async function eventually(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error("it never came about");
}

test("one holds it at a time, and another once it is given back", async (t) => {
  const { acquire, holderNow } = openPlace(t);
  const lease = await acquire(elsewhere("a"));
  t.ok(lease?.isHeld());
  t.match(await holderNow(), { holder: { token: "a" }, until: start + length });
  t.equal(await acquire(elsewhere("b")), undefined);
  t.equal(await acquire(elsewhere("a")), undefined, "nor twice by one process");
  await lease?.release();
  t.notOk(lease?.isHeld());
  t.ok(await acquire(elsewhere("b")));
});

test("leases of other accounts and programs are others", async (t) => {
  const { acquire, store, clock } = openPlace(t);
  await acquire(elsewhere("a"));
  for (const other of [{ id: "210987654321" }, { collection: "lease.tagaudit" }]) {
    const request = { ...place, ...other, holder: elsewhere("b"), length, clock: () => clock.now };
    const lease = await acquireLease(store, request);
    t.ok(lease);
    await lease?.release();
  }
});

/** As a process leaves it that is gone or does not get to renew it. */
const abandon = (store: Store, holder: Holder, until: number) =>
  store.create(place.collection, place.id, { holder: { ...holder }, until });

const takeovers = [
  { name: "a millisecond before its end it is left alone", until: start + 1, want: false },
  { name: "at its end it may be taken", until: start, want: true },
  { name: "for an hour yet it is left alone", until: start + hours(1), want: false },
  { name: "for longer than any lease is, it may be taken", until: start + hours(1) + 1, want: true },
] as const;

for (const { name, until, want } of takeovers) {
  test(`of a holder elsewhere: ${name}`, async (t) => {
    const { acquire, store, holderNow } = openPlace(t);
    await abandon(store, elsewhere("a"), until);
    t.equal((await acquire(elsewhere("b"))) !== undefined, want);
    t.equal((await holderNow())?.holder.token, want ? "b" : "a");
  });
}

test("of any number that want it at once exactly one gets it, whether it is free or run out", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.boolean(), async (schedule, isFree) => {
      const { store, clock } = openPlace(t);
      if (!isFree) await abandon(store, elsewhere("gone"), start);
      const leases = ["a", "b", "c"].map((token) =>
        acquireLease(interleaved(store, schedule), {
          ...{ ...place, holder: elsewhere(token), length: 60_000, clock: () => clock.now },
        }),
      );
      const held = (await schedule.waitFor(Promise.all(leases))).filter((lease) => lease !== undefined);
      await schedule.waitFor(Promise.all(held.map((lease) => lease.release())));
      return held.length === 1;
    }),
    { numRuns: 60 },
  );
  t.pass();
});

test("it is renewed while it is held", async (t) => {
  const { acquire, clock, holderNow } = openPlace(t);
  const lease = await acquire(elsewhere("a"));
  for (let round = 0; round < 3; round += 1) {
    clock.now += length - 1;
    await eventually(async () => (await holderNow())?.until === clock.now + length);
    t.ok(lease?.isHeld());
    t.equal(await acquire(elsewhere("b")), undefined);
  }
});

test("one that can't be renewed is held to its end, and again once it can, if nobody took it", async (t) => {
  const { acquire, clock, store } = openPlace(t);
  let failed = 0;
  const troubled: Store = {
    ...store,
    replace: (...asked) => {
      if (failed < 0) return store.replace(...asked);
      failed += 1;
      return Promise.reject(new Error("unreachable"));
    },
  };
  const lease = await acquire(elsewhere("a"), troubled);
  clock.now += length - 1;
  await eventually(() => failed > 1);
  t.ok(lease?.isHeld());
  clock.now += 1;
  t.notOk(lease?.isHeld(), "from here on others may take it");
  failed = Number.NEGATIVE_INFINITY;
  await eventually(() => lease?.isHeld() === true);
  t.equal(await acquire(elsewhere("b")), undefined);
});

test("one that another took is lost for good, and not given back for it", async (t) => {
  const { acquire, clock, store, holderNow } = openPlace(t);
  let isSlow = true;
  const slow: Store = {
    ...store,
    get: (collection, id) => (isSlow ? Promise.reject(new Error("unreachable")) : store.get(collection, id)),
  };
  const lost = await acquire(elsewhere("a"), slow);
  clock.now += length;
  const other = await acquire(elsewhere("b"));
  t.ok(other?.isHeld());
  isSlow = false;
  clock.now -= 1;
  t.ok(lost?.isHeld(), "by a clock that goes back it may seem to be held, until it is looked at");
  await eventually(() => lost?.isHeld() === false);
  await lost?.release();
  t.equal((await holderNow())?.holder.token, "b");
});

test("to give it back never fails, for it runs out by itself", async (t) => {
  const { acquire, store, clock } = openPlace(t);
  const lease = await acquire(elsewhere("a"), { ...store, remove: () => Promise.reject(new Error("unreachable")) });
  await lease?.release();
  t.notOk(lease?.isHeld());
  t.equal(await acquire(elsewhere("b")), undefined);
  clock.now += length;
  t.ok(await acquire(elsewhere("b")));
});

const hasProc = existsSync("/proc/self/stat");
const linux = { skip: hasProc ? false : "tells dead processes by /proc" };

function statOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** As the process itself would say it. */
const holderOf = (pid: number): Holder => ({
  ...{ ...thisHolder(), token: `process ${pid}`, pid },
  started: statOf(pid)[19] ?? "",
});

function startChild(t: Test, command: string): { readonly child: ChildProcess; readonly pid: number } {
  const child = spawn("sh", ["-c", command], { stdio: ["ignore", "pipe", "ignore"] });
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  t.teardown(end);
  if (child.pid === undefined) throw new Error("no child");
  return { child, pid: child.pid };
}

test("a lease of a live process of this machine is not taken, and that of a dead one at once", linux, async (t) => {
  const { acquire, store, holderNow } = openPlace(t);
  const { child, pid } = startChild(t, "exec sleep 60");
  const holder = holderOf(pid);
  await abandon(store, holder, start + length);
  t.equal(await acquire(elsewhere("b")), undefined);
  child.kill("SIGKILL");
  await once(child, "exit");
  t.ok(await acquire(elsewhere("b")));
  t.equal((await holderNow())?.holder.token, "b");
});

test("what this process says of itself is that it lives", async (t) => {
  t.notOk(isDead(thisHolder()));
  t.not(thisHolder().token, thisHolder().token);
  t.match(thisHolder(), { pid: process.pid, host: String });
});

const deaths = [
  { name: "a process id that was given again", change: { started: "1" }, want: true },
  { name: "a process id that nobody has", change: { pid: 2 ** 22 + 1 }, want: true },
  { name: "another machine's process", change: { machine: "another", started: "1" }, want: false },
  { name: "a process of which the machine is not known", change: { machine: undefined, started: "1" }, want: false },
  { name: "a process of which the start is not known", change: { started: undefined }, want: false },
] as const;

for (const { name, change, want } of deaths) {
  test(`${name} is ${want ? "dead" : "not known to be dead"}`, linux, async (t) => {
    const { machine, started, ...rest } = { ...thisHolder(), ...change };
    t.equal(isDead({ ...rest, ...(machine && { machine }), ...(started && { started }) }), want);
  });
}

test("a process that has ended and that nobody has waited for is dead", linux, async (t) => {
  const { child } = startChild(t, "sleep 0.01 & echo $!; exec sleep 60");
  const [line] = await once(child.stdout as NodeJS.ReadableStream, "data");
  const holder = holderOf(Number(line));
  await eventually(() => statOf(holder.pid)[0] === "Z");
  t.ok(isDead(holder));
});
