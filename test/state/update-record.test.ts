import { test } from "tap";
import type { JsonObject } from "../../lib/core/json.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import { updateRecord } from "../../lib/state/update-record.ts";

const now = Date.UTC(2026, 2, 1);
const counter = { collection: "test.counters", id: "a" };

/** Undefined for a record of another form. */
const read = ({ shape, count }: JsonObject) =>
  shape === 1 && typeof count === "number" ? { shape, count } : undefined;
const count = {
  ...{ ...counter, read, lifetime: () => ({ expiresAt: now + 1000 }) },
  alter: (found: { readonly count: number } | undefined) => ({ shape: 1, count: (found?.count ?? 0) + 1 }),
};

test("of any number of changes at once none is lost", async (t) => {
  const store = openMemoryStore({ now: () => now });
  const made = await Promise.all(Array.from({ length: 20 }, () => updateRecord(store, count)));
  t.strictSame(
    made.map((one) => one.count).toSorted((a, b) => a - b),
    Array.from({ length: 20 }, (_, at) => at + 1),
  );
  t.match(await store.get(counter.collection, counter.id), { body: { count: 20 } });
});

test("what can't be read begins anew, and members without a value are left out", async (t) => {
  const store = openMemoryStore({ now: () => now });
  await store.create(counter.collection, counter.id, { shape: 0, count: 7 });
  await updateRecord(store, { ...count, alter: (found) => ({ ...count.alter(found), said: undefined }) });
  t.strictSame((await store.get(counter.collection, counter.id))?.body, { shape: 1, count: 1 });
});

test("each writing keeps the record longer", async (t) => {
  const clock = { now };
  const store = openMemoryStore({ now: () => clock.now });
  const kept = { ...count, lifetime: () => ({ expiresAt: clock.now + 10 }) };
  await updateRecord(store, kept);
  clock.now += 9;
  await updateRecord(store, kept);
  clock.now += 9;
  t.match(await store.get(counter.collection, counter.id), { body: { count: 2 } });
  clock.now += 1;
  t.equal(await store.get(counter.collection, counter.id), undefined);
});
