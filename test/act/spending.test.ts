import fc from "fast-check";
import { test } from "tap";
import { openSpending } from "../../lib/act/spending.ts";
import { days, hours } from "../../lib/core/time.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import { interleaved } from "../support/interleaved.ts";

const start = Date.UTC(2026, 2, 1, 12);
const account = { program: "keycheck", accountId: "123456789012" } as const;

function openPurse(store: Store = openMemoryStore({ now: () => start })) {
  let now = start;
  const spending = openSpending({ ...account, store, clock: () => now });
  return { ...spending, store, pass: (time: number) => (now += time) };
}

test("a cap lets through as many as its limit", async (t) => {
  const { reserve, spent } = openPurse();
  t.equal(await spent("notices"), 0);
  const answers = [];
  for (const id of ["a", "b", "c"]) answers.push(await reserve("notices", id, 2));
  t.strictSame(answers, ["reserved", "reserved", "full"]);
  t.equal(await spent("notices"), 2);
});

test("a limit of nothing, and one that has come down, let nothing more through", async (t) => {
  const { reserve } = openPurse();
  t.equal(await reserve("notices", "a", 0), "full");
  t.equal(await reserve("notices", "a", 2), "reserved");
  t.equal(await reserve("notices", "b", 2), "reserved");
  t.equal(await reserve("notices", "c", 1), "full");
});

test("what was counted passes again, and is counted once", async (t) => {
  const { reserve, spent } = openPurse();
  await reserve("notices", "a", 1);
  t.equal(await reserve("notices", "a", 1), "counted");
  t.equal(await reserve("notices", "a", 0), "counted");
  t.equal(await spent("notices"), 1);
});

test("what was given back may be spent on another", async (t) => {
  const { reserve, refund, spent } = openPurse();
  await reserve("notices", "a", 1);
  await refund("notices", "never counted");
  t.equal(await spent("notices"), 1);
  await refund("notices", "a");
  await refund("notices", "a");
  t.equal(await spent("notices"), 0);
  t.equal(await reserve("notices", "b", 1), "reserved");
});

test("each counts for 24 hours of its own", async (t) => {
  const { reserve, spent, pass } = openPurse();
  await reserve("notices", "a", 2);
  pass(hours(1));
  await reserve("notices", "b", 2);
  pass(hours(23) - 1);
  t.equal(await spent("notices"), 2);
  t.equal(await reserve("notices", "c", 2), "full");
  pass(1);
  t.equal(await spent("notices"), 1);
  t.equal(await reserve("notices", "c", 2), "reserved");
  t.equal(await reserve("notices", "d", 2), "full", "b has an hour to go");
  pass(days(1));
  t.equal(await spent("notices"), 0);
});

test("caps, programs and accounts are counted apart", async (t) => {
  const store = openMemoryStore({ now: () => start });
  const { reserve } = openPurse(store);
  await reserve("notices", "a", 1);
  t.equal(await reserve("tickets", "a", 1), "reserved");
  for (const other of [{ program: "tagaudit" }, { accountId: "210987654321" }]) {
    const spending = openSpending({ ...account, ...other, store, clock: () => start });
    t.equal(await spending.spent("notices"), 0);
  }
});

test("however processes interleave, no cap lets more through than its limit, nor fewer", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 0, max: 4 }), async (schedule, limit) => {
      const store = openMemoryStore({ now: () => start });
      const [one, other] = [openPurse(interleaved(store, schedule)), openPurse(interleaved(store, schedule))];
      const answers = ["a", "b", "c"].flatMap((id) => [
        one.reserve("notices", id, limit),
        other.reserve("notices", `${id}'`, limit),
      ]);
      const granted = (await schedule.waitFor(Promise.all(answers))).filter((answer) => answer === "reserved").length;
      const { spent } = openPurse(store);
      return granted === limit && (await spent("notices")) === limit;
    }),
    { numRuns: 100 },
  );
  t.pass();
});

test("however processes interleave, what is given back and what is spent add up", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (schedule) => {
      const store = openMemoryStore({ now: () => start });
      const before = openPurse(store);
      await before.reserve("notices", "a", 2);
      await before.reserve("notices", "b", 2);
      const [one, other] = [openPurse(interleaved(store, schedule)), openPurse(interleaved(store, schedule))];
      const reserved = Promise.all([other.reserve("notices", "c", 2), other.reserve("notices", "d", 2)]);
      const [, granted] = await schedule.waitFor(Promise.all([one.refund("notices", "a"), reserved]));
      return (await before.spent("notices")) === 1 + granted.filter((answer) => answer === "reserved").length;
    }),
    { numRuns: 100 },
  );
  t.pass();
});
