import fc from "fast-check";
import { test } from "tap";
import { actionId, type Ending, type PlannedAction } from "../../lib/act/action.ts";
import type { Permit } from "../../lib/act/decide.ts";
import { asEntry, type JournalEntry, journalOf, openOf } from "../../lib/act/entry.ts";
import type { GateContext } from "../../lib/act/gates.ts";
import { type Holder, thisHolder } from "../../lib/act/holder.ts";
import { type Intending, type Journal, openJournal, referenceOf } from "../../lib/act/journal.ts";
import { openSpending } from "../../lib/act/spending.ts";
import { days, minutes, seconds } from "../../lib/core/time.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import { anAction, aPermit } from "../support/an-intent.ts";
import { interleaved } from "../support/interleaved.ts";

const start = Date.UTC(2026, 2, 1, 12);
const account = { program: "keycheck", accountId: "123456789012" } as const;
const patience = seconds(35);
const capped = { cap: "notices" } as const;
const action = anAction(capped);
const id = actionId(action);
const plan = { before: { status: "Active" }, planHash: "0123456789ab", limit: 5 };

const caps: Partial<GateContext> = { caps: { notices: { limit: 100, spent: 0 } } };
const permit = (changes: Partial<PlannedAction> = {}): Permit => aPermit({ ...capped, ...changes }, caps);

const elsewhere = (token: string): Holder => ({ token, host: "elsewhere", pid: 1 });

function openPlace() {
  const clock = { now: start };
  const store = openMemoryStore({ now: () => clock.now });
  const request = { ...account, who: "arn:aws:iam::123456789012:user/tester", clock: () => clock.now, patience };
  const all = async (collection: string) => {
    const found = [];
    for await (const stored of store.list(collection)) found.push(stored);
    return found;
  };
  return {
    ...{ clock, store },
    journal: (token: string, from: Store = store) => openJournal({ ...request, store: from, holder: elsewhere(token) }),
    openIds: async () => (await all(openOf(account))).map((row) => row.id),
    entry: async (of = id) => {
      const found = await store.get(journalOf(account), of);
      return found && asEntry(found.body);
    },
    spent: () => openSpending({ ...account, store, clock: () => clock.now }).spent("notices"),
  };
}

const end = (journal: Journal, ending: Ending, says: string = ending): Promise<JournalEntry> =>
  journal.end(action, { ending, says, after: { status: "Inactive" }, wasInterrupted: false });

const adoptAll = async (journal: Journal, only?: string): Promise<readonly JournalEntry[]> => {
  const adopted: JournalEntry[] = [];
  for await (const one of journal.adopt(only)) if (one.is === "taken") adopted.push(one.entry);
  return adopted;
};

test("an intent is durable before it is handed out, and says all that a later run will need", async (t) => {
  const place = openPlace();
  const intending = await place.journal("a").intend(permit(), plan);
  t.match(intending, { is: "intended", intent: { id, action } });
  t.strictSame(await place.entry(), {
    ...{ action, state: "intended", attempt: 1, intendedAt: start, before: { status: "Active" } },
    ...{ who: "arn:aws:iam::123456789012:user/tester", planHash: "0123456789ab" },
    lease: { holder: elsewhere("a"), until: start + patience },
  });
  t.strictSame(await place.openIds(), [id]);
  t.equal(await place.spent(), 1);
});

test("an intent's reference is short, and another one's for every other id", async (t) => {
  const { journal } = openPlace();
  const intending = await journal("a").intend(permit(), plan);
  if (intending.is !== "intended") return t.fail(intending.is);
  t.match(intending.intent.reference, /^[0-9a-f]{16}$/);
  t.equal(intending.intent.reference, referenceOf(id));
  t.not(referenceOf(id), referenceOf(`${id}2`));
});

test("what only looks like a permit becomes no intent", async (t) => {
  const place = openPlace();
  const genuine = permit();
  // Each is what a cast would let pass.
  const forged = [{ action }, { ...genuine }, structuredClone(genuine), Object.create(genuine)];
  for (const one of forged)
    await t.rejects(place.journal("a").intend(one as never, plan), { message: "an intent needs a permit" });
  t.strictSame([await place.entry(), await place.openIds(), await place.spent()], [undefined, [], 0]);
});

test("while one process is about it, no other is, nor the same one twice", async (t) => {
  const { journal, entry } = openPlace();
  await journal("a").intend(permit(), plan);
  for (const token of ["b", "a"]) t.strictSame(await journal(token).intend(permit(), plan), { is: "taken" });
  t.match(await entry(), { attempt: 1, lease: { holder: { token: "a" } } });
});

const beginnings = [
  { ending: "applied", again: false, spent: 1 },
  { ending: "unneeded", again: false, spent: 0 },
  { ending: "failed", again: true, spent: 0 },
  { ending: "unknown", again: true, spent: 1 },
] as const;

for (const { ending, again, spent } of beginnings) {
  test(`what is ${ending} is ${again ? "begun again under its own id" : "never begun again"}`, async (t) => {
    const place = openPlace();
    const first = place.journal("a");
    await first.intend(permit(), plan);
    t.match(await end(first, ending), { state: ending, says: ending, endedAt: start, after: { status: "Inactive" } });
    t.equal(await place.spent(), spent, "what is certainly not done costs nothing");
    await first.close(action);
    t.strictSame(await place.openIds(), []);

    place.clock.now += minutes(5);
    const second = await place.journal("b").intend(permit(), { ...plan, before: {} });
    t.equal(second.is, again ? "intended" : "taken");
    const kept = await place.entry();
    if (!again) return t.match(kept, { state: ending, attempt: 1, intendedAt: start });
    t.match(kept, { state: "intended", attempt: 2, intendedAt: start + minutes(5), lease: { holder: { token: "b" } } });
    t.strictSame([kept?.before, kept?.after, kept?.says, kept?.endedAt], [{}, undefined, undefined, undefined]);
    t.equal(await place.spent(), 1, "and is counted once");
  });
}

test("an id stays taken for 400 days", async (t) => {
  const { journal, clock } = openPlace();
  await journal("a").intend(permit(), plan);
  clock.now += days(1);
  await end(journal("a"), "applied");
  clock.now += days(400) - 1;
  t.strictSame(await journal("a").intend(permit(), plan), { is: "taken" });
  clock.now += 1;
  t.match(await journal("a").intend(permit(), plan), { is: "intended" });
});

test("a cap that is used up leaves nothing behind", async (t) => {
  const place = openPlace();
  t.strictSame(await place.journal("a").intend(permit(), { ...plan, limit: 0 }), { is: "capped" });
  t.strictSame(await place.journal("a").intend(permit(), { ...plan, limit: undefined }), { is: "capped" });
  t.strictSame([await place.entry(), await place.openIds(), await place.spent()], [undefined, [], 0]);
});

test("two processes share one cap", async (t) => {
  const { journal, spent } = openPlace();
  const answers: Intending["is"][] = [];
  for (const [index, token] of ["a", "b", "a", "b", "a"].entries()) {
    const { is } = await journal(token).intend(permit({ occasion: `${index}` }), { ...plan, limit: 3 });
    answers.push(is);
  }
  t.strictSame(answers, ["intended", "intended", "intended", "capped", "capped"]);
  t.equal(await spent(), 3);
});

test("what was done long ago and is taken costs nothing, and opens nothing", async (t) => {
  const { journal, clock, spent, openIds } = openPlace();
  await journal("a").intend(permit(), plan);
  await end(journal("a"), "applied");
  await journal("a").close(action);
  clock.now += days(2);
  t.strictSame(await journal("b").intend(permit(), plan), { is: "taken" });
  t.strictSame([await spent(), await openIds()], [0, []]);
});

test("what is under way and is taken stays its process's: its row, and its place under the cap", async (t) => {
  const { journal, store, spent } = openPlace();
  await journal("a").intend(permit(), plan);
  const row = (await store.get(openOf(account), id))?.body;
  t.strictSame(await journal("b").intend(permit(), plan), { is: "taken" });
  t.strictSame((await store.get(openOf(account), id))?.body, row);
  t.equal(await spent(), 1);
});

test("what is under way and has lost its row gets one, or it would never be settled", async (t) => {
  const { journal, store, openIds } = openPlace();
  await journal("a").intend(permit(), plan);
  const row = await store.get(openOf(account), id);
  await store.remove(openOf(account), id, row?.version ?? 0);
  t.strictSame(await journal("b").intend(permit(), plan), { is: "taken" });
  t.strictSame(await openIds(), [id]);
});

test("what restores needs no cap", async (t) => {
  const { journal, spent } = openPlace();
  const restoring = await journal("a").intend(permit({ class: "restoring" }), { ...plan, limit: undefined });
  t.equal(restoring.is, "intended");
  t.equal(await spent(), 0);
});

test("however two processes interleave, one gets an id, and a cap holds", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 3 }), async (schedule, limit) => {
      const place = openPlace();
      const [one, other] = ["a", "b"].map((token) => place.journal(token, interleaved(place.store, schedule)));
      const occasions = ["1", "2", "3"];
      const begin = async (journal: Journal | undefined, order: readonly string[]) => {
        const got: (string | undefined)[] = [];
        for (const occasion of order) {
          const intending = await journal?.intend(permit({ occasion }), { ...plan, limit });
          if (intending?.is === "intended") got.push(occasion);
        }
        return got;
      };
      const both = Promise.all([begin(one, occasions), begin(other, occasions.toReversed())]);
      const got = (await schedule.waitFor(both)).flat();
      const isOpen = new Set(await place.openIds());
      return (
        got.length === limit &&
        new Set(got).size === limit &&
        (await place.spent()) === limit &&
        got.every((occasion) => isOpen.has(actionId({ ...action, occasion: occasion ?? "" })))
      );
    }),
    { numRuns: 100 },
  );
  t.pass();
});

/** Begun by a process that came no further, and another one later. */
async function abandoned() {
  const place = openPlace();
  const [dead, next] = [place.journal("dead"), place.journal("next")];
  await dead.intend(permit(), plan);
  return { ...place, dead, next };
}

test("what a process has begun is left to it until its time is over", async (t) => {
  const { clock, dead, next, entry } = await abandoned();
  clock.now += patience - 1;
  for (const journal of [next, dead]) {
    t.strictSame(await adoptAll(journal), []);
    for await (const one of journal.adopt()) t.strictSame(one, { is: "left", id });
  }
  clock.now += 1;
  t.match(await adoptAll(next), [{ action, state: "intended", attempt: 1, before: { status: "Active" } }]);
  t.match(await entry(), { lease: { holder: { token: "next" }, until: clock.now + patience } });
  t.strictSame(await adoptAll(dead), [], "and then to whoever took it over");
});

test("what a process of this machine has begun that is dead is taken over at once", async (t) => {
  const place = openPlace();
  const { started, ...me } = thisHolder();
  if (started === undefined) return t.pass("tells dead processes by /proc");
  const holder = { ...me, started: `${started}0` };
  const dead = openJournal({
    ...{ ...account, store: place.store, holder, who: "tester", clock: () => place.clock.now, patience },
  });
  await dead.intend(permit(), plan);
  t.match(await adoptAll(place.journal("next")), [{ action }]);
});

test("however many look after it at once, one does", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (schedule) => {
      const { store, clock, journal } = await abandoned();
      clock.now += patience;
      const all = ["a", "b", "c"].map((token) => adoptAll(journal(token, interleaved(store, schedule))));
      return (await schedule.waitFor(Promise.all(all))).flat().length === 1;
    }),
    { numRuns: 60 },
  );
  t.pass();
});

test("what has ended and was not let go of is handed out to be recorded, whoever held it", async (t) => {
  const { dead, next } = await abandoned();
  await end(dead, "applied");
  t.match(await adoptAll(next), [{ state: "applied", says: "applied" }]);
});

test("a row without an entry is that of a process about to begin, until its time is over", async (t) => {
  const { clock, store, journal, openIds } = openPlace();
  const dies: Store = {
    ...store,
    create: (collection, ...rest) =>
      collection === journalOf(account) ? Promise.reject(new Error("killed")) : store.create(collection, ...rest),
  };
  await t.rejects(journal("dead", dies).intend(permit(), plan), { message: "killed" });
  clock.now += patience - 1;
  t.strictSame(await adoptAll(journal("next")), []);
  t.strictSame(await openIds(), [id]);
  clock.now += 1;
  t.strictSame(await adoptAll(journal("next")), []);
  t.strictSame(await openIds(), []);
  t.match(await journal("next").intend(permit(), plan), { is: "intended" }, "nothing was begun, so it is begun");
});

test("asked for one, only that one is taken over, not even one whose id begins with it", async (t) => {
  const { clock, journal } = openPlace();
  for (const occasion of ["1", "10", "2"]) await journal("dead").intend(permit({ occasion }), plan);
  clock.now += patience;
  const adopted = await adoptAll(journal("next"), id);
  t.strictSame(
    adopted.map((one) => one.action.occasion),
    ["1"],
  );
});

test("given up for lost and found done, it stays done and counted, whatever its slow process says later", async (t) => {
  const { clock, dead, next, entry, spent } = await abandoned();
  clock.now += patience;
  await adoptAll(next);
  await end(next, "applied", "the world shows it");
  for (const late of ["failed", "unneeded", "unknown"] as const) {
    t.match(await end(dead, late), { state: "applied", says: "the world shows it" });
  }
  t.match(await entry(), { state: "applied", says: "the world shows it" });
  t.equal(await spent(), 1);
});

test("given up for lost and found undone, and done all the same by its slow process, it is done and counted", async (t) => {
  const { clock, dead, next, entry, spent } = await abandoned();
  clock.now += patience;
  await adoptAll(next);
  await end(next, "failed");
  t.equal(await spent(), 0);
  t.match(await end(dead, "applied"), { state: "applied" });
  t.match(await entry(), { state: "applied" });
  t.equal(await spent(), 1);
});

test("begun again by another, it is theirs to end", async (t) => {
  const { clock, dead, next, entry, spent } = await abandoned();
  clock.now += patience;
  await adoptAll(next);
  await end(next, "failed");
  await next.close(action);
  t.match(await next.intend(permit(), plan), { is: "intended" });
  t.match(await end(dead, "failed"), { state: "intended", attempt: 2 });
  t.match(await entry(), { state: "intended", attempt: 2 });
  t.equal(await spent(), 1, "what they spend is not given back by anybody else");
});

test("however a slow process and the one that took over interleave, what is begun is found again", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (schedule) => {
      const { clock, store, journal, entry, openIds } = await abandoned();
      clock.now += patience;
      await adoptAll(journal("next"));
      await end(journal("next"), "failed");
      const [slow, again] = ["dead", "next"].map((token) => journal(token, interleaved(store, schedule)));
      const ending = async () => {
        if (slow !== undefined) await end(slow, "failed");
        await slow?.close(action);
      };
      const beginning = async () => {
        await again?.close(action);
        await again?.intend(permit(), plan);
      };
      await schedule.waitFor(Promise.all([ending(), beginning()]));
      return (await entry())?.state !== "intended" || (await openIds()).includes(id);
    }),
    { numRuns: 150 },
  );
  t.pass();
});

test("a row that was let go of while it was taken is made anew", async (t) => {
  const { store, journal, openIds } = openPlace();
  await store.create(openOf(account), id, { lease: { holder: { ...elsewhere("other") }, until: start } });
  let isTaken = true;
  const meddled: Store = {
    ...store,
    async replace(collection, of, replacement) {
      if (collection === openOf(account) && isTaken) {
        isTaken = false;
        await store.remove(collection, of, replacement.expectedVersion);
      }
      return store.replace(collection, of, replacement);
    },
  };
  t.match(await journal("a", meddled).intend(permit(), plan), { is: "intended" });
  t.strictSame(await openIds(), [id]);
});

test("what is let go of twice, or never was begun, is no matter", async (t) => {
  const { journal, openIds } = openPlace();
  await journal("a").close(action);
  await journal("a").intend(permit(), plan);
  await end(journal("a"), "applied");
  await journal("a").close(action);
  await journal("a").close(action);
  t.strictSame(await openIds(), []);
});

test("an entry is amended, whoever else writes it meanwhile", async (t) => {
  const { store, journal, entry } = openPlace();
  await journal("a").intend(permit(), plan);
  let others = 3;
  const contended: Store = {
    ...store,
    async replace(collection, of, replacement) {
      others -= 1;
      if (others >= 0)
        await store.replace(collection, of, {
          ...replacement,
          body: { ...(await entry()), says: `${others}` } as never,
        });
      return store.replace(collection, of, replacement);
    },
  };
  await journal("b", contended).amend(id, { undoneBy: "the undo" });
  t.match(await entry(), { undoneBy: "the undo", says: "0", state: "intended" });
});

test("what the journal has lost can't be ended", async (t) => {
  const { journal, clock } = openPlace();
  await t.rejects(end(journal("a"), "applied"), { message: `the journal has lost "${id}"` });
  await journal("a").intend(permit(), plan);
  clock.now += days(400);
  await t.rejects(journal("a").amend(id, { undoneBy: "x" }), { message: `the journal has lost "${id}"` });
  t.equal(await journal("a").find(id), undefined);
});

test("an entry is found by its id, in its own account", async (t) => {
  const { journal, store } = openPlace();
  await journal("a").intend(permit(), plan);
  t.match(await journal("b").find(id), { action, state: "intended" });
  t.equal(await journal("b").find(`${id}2`), undefined);
  const other = openJournal({
    ...{ ...account, accountId: "210987654321", store, holder: elsewhere("a"), who: "tester" },
    ...{ clock: () => start, patience },
  });
  t.equal(await other.find(id), undefined);
});
