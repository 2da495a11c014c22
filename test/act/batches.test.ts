import { test } from "tap";
import { actionId, type PlannedAction } from "../../lib/act/action.ts";
import { batchesOf, standAll, writeAll } from "../../lib/act/batches.ts";
import type { Permit } from "../../lib/act/decide.ts";
import { asEntry, journalOf, openOf } from "../../lib/act/entry.ts";
import { type Execution, execute } from "../../lib/act/execute.ts";
import { openJournal } from "../../lib/act/journal.ts";
import type { ActionKind, AnyKind, BatchKind } from "../../lib/act/kind.ts";
import { openSpending } from "../../lib/act/spending.ts";
import { seconds } from "../../lib/core/time.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import { anAction, anIntent, aPermit } from "../support/an-intent.ts";

const start = Date.UTC(2026, 2, 1, 12);
const account = { program: "keycheck", accountId: "123456789012" } as const;
const { reason } = anAction();

const single: ActionKind = {
  name: "single",
  stand: async () => ({ is: "due", before: {} }),
  write: async ({ id }) => ({ id }),
  confirm: async () => ({ is: "done", after: {} }),
};

/** As many at a time as it is told, by the first letter of their subjects. */
const together = (kind: Partial<BatchKind> = {}): BatchKind => ({
  name: "together",
  batchKey: ({ subject }) => subject.slice(0, 1),
  batchSize: 3,
  standAll: async (actions) => actions.map(() => ({ is: "due", before: {} })),
  writeAll: async (begun) => begun.map(() => ({ written: {} })),
  confirm: async () => ({ is: "done", after: {} }),
  ...kind,
});

const kinds = new Map<string, AnyKind>([
  ["single", single],
  ["together", together()],
  ["likewise", together({ name: "likewise" })],
]);

const groupings = [
  { name: "nothing is no batch", planned: [], want: [] },
  { name: "what is done singly is a batch of one", planned: ["single a1", "single a2"], want: [["a1"], ["a2"]] },
  { name: "a kind that nobody knows, too", planned: ["unheard-of a1", "unheard-of a2"], want: [["a1"], ["a2"]] },
  {
    name: "those of one key go together, where their first one stands",
    planned: ["together a1", "single s", "together b1", "together a2"],
    want: [["a1", "a2"], ["s"], ["b1"]],
  },
  {
    name: "a full batch is followed by another",
    planned: ["together a1", "together a2", "together a3", "together a4", "together a5"],
    want: [
      ["a1", "a2", "a3"],
      ["a4", "a5"],
    ],
  },
  { name: "kinds do not mix", planned: ["together a1", "likewise a2"], want: [["a1"], ["a2"]] },
] as const;

for (const { name, planned, want } of groupings) {
  test(`batches: ${name}`, async (t) => {
    const permits = planned.map((one) => {
      const [kind = "", subject = ""] = one.split(" ");
      return { action: anAction({ kind, subject }) };
    });
    const batches = batchesOf(permits, kinds);
    t.strictSame(
      batches.map((batch) => batch.map(({ action }) => action.subject)),
      want,
    );
  });
}

test("1,001 actions of one key are batches of their size, and none is lost", async (t) => {
  const permits = Array.from({ length: 1001 }, (_, index) => ({
    action: anAction({ kind: "together", subject: `a${index}` }),
  }));
  const batches = batchesOf(permits, new Map([["together", together({ batchSize: 50 })]]));
  t.strictSame([batches.length, batches.at(-1)?.length], [21, 1]);
  t.equal(new Set(batches.flat().map(({ action }) => action.subject)).size, 1001);
});

test("a kind of either form stands and writes for many", async (t) => {
  const intent = await anIntent();
  const begun = [{ intent, before: {} }];
  const due = { is: "due", before: {} } as const;
  t.strictSame(await standAll(single, [intent.action]), [due]);
  t.strictSame(await standAll(together(), [intent.action, intent.action]), [due, due]);
  const { signal } = new AbortController();
  t.strictSame(await writeAll(single, begun, signal), [{ written: { id: intent.id } }]);
  t.strictSame(await writeAll(together(), begun, signal), [{ written: {} }]);
});

const permitOf = (subject: string, action: Partial<PlannedAction> = {}): Permit =>
  aPermit({ kind: "together", subject, cap: "notices", ...action }, { caps: { notices: { limit: 9, spent: 0 } } });

const permits = ["a1", "a2", "a3"].map((subject) => permitOf(subject));

/** Runs what is permitted, and says what came of each. */
async function run(kind: BatchKind, execution: Partial<Execution> = {}) {
  const store = openMemoryStore({ now: () => start });
  const holder = { token: "a", host: "elsewhere", pid: 1 };
  const executed = await execute(permits, {
    journal: openJournal({ ...account, store, holder, who: "tester", clock: () => start, patience: seconds(35) }),
    ...{ kinds: new Map([[kind.name, kind]]), planHash: "0123456789ab", limits: { notices: { limit: 9 } } },
    ...{ lease: { isHeld: () => true }, askGates: async () => () => undefined, stop: new AbortController().signal },
    ...{ clock: () => start, patience: seconds(25), ...execution },
  });
  const stateOf = async ({ action }: Permit) => {
    const found = await store.get(journalOf(account), actionId(action));
    return found && asEntry(found.body).state;
  };
  const isOpen = async ({ action }: Permit) => (await store.get(openOf(account), actionId(action))) !== undefined;
  return {
    outcomes: executed.outcomes.map(({ action, ending, says }) => `${action.subject} ${ending}: ${says}`),
    refusals: executed.refusals.map(({ action, gate, says }) => `${action.subject} ${gate}: ${says}`),
    states: await Promise.all(permits.map(stateOf)),
    open: await Promise.all(permits.map(isOpen)),
    spent: await openSpending({ ...account, store, clock: () => start }).spent("notices"),
  };
}

const applied = (subject: string) => `${subject} applied: ${reason}`;

test("a batch is written in one call, after each of its intents is durable", async (t) => {
  const calls: (readonly string[])[] = [];
  const kind = together({
    async writeAll(begun) {
      calls.push(begun.map(({ intent, before }) => `${intent.action.subject} ${before.seen}`));
      return begun.map(({ intent }) => ({ written: { of: intent.action.subject } }));
    },
    standAll: async (actions) => actions.map(({ subject }) => ({ is: "due", before: { seen: `as ${subject}` } })),
    confirm: async ({ action }, { written }) => {
      t.strictSame(written, { of: action.subject }, "each hears its own answer");
      return { is: "done", after: {} };
    },
  });
  t.match(await run(kind), { outcomes: ["a1", "a2", "a3"].map(applied), spent: 3 });
  t.strictSame(calls, [["a1 as a1", "a2 as a2", "a3 as a3"]]);
});

test("each of a batch ends in a state of its own", async (t) => {
  const kind = together({
    standAll: async () => [
      { is: "due", before: {} },
      { is: "refused", gate: "changed", says: "tagged meanwhile" },
      { is: "unneeded", says: "gone" },
    ],
  });
  t.match(await run(kind), {
    outcomes: ["a3 unneeded: gone", applied("a1")],
    refusals: ["a2 changed: tagged meanwhile"],
    states: ["applied", undefined, undefined],
    spent: 1,
  });
});

test("one that the world denies, or will not tell of, takes no other with it", async (t) => {
  const kind = together({
    writeAll: async () => [{ written: {} }, { thrown: new Error("denied") }, { thrown: new Error("no answer") }],
    async confirm({ action }, { thrown }) {
      if (action.subject === "a3") throw new Error("unreachable");
      return thrown === undefined ? { is: "done", after: {} } : { is: "not_done", says: String(thrown) };
    },
  });
  t.match(await run(kind), {
    outcomes: [applied("a1"), "a2 failed: Error: denied", "a3 unknown: no answer"],
    states: ["applied", "failed", "intended"],
    open: [false, false, true],
    spent: 2,
  });
});

test("a write that throws has failed for all, and each is asked about", async (t) => {
  const kind = together({
    writeAll: async () => Promise.reject(new Error("no route")),
    confirm: async (_intended, { thrown }) => ({ is: "not_done", says: String(thrown) }),
  });
  const want = ["a1", "a2", "a3"].map((one) => `${one} failed: Error: no route`);
  t.match(await run(kind), { outcomes: want, states: ["failed", "failed", "failed"], spent: 0 });
});

test("a write that says nothing of one leaves it to the world", async (t) => {
  const heard: unknown[] = [];
  const kind = together({
    writeAll: async () => [{ written: {} }],
    async confirm(_intended, attempt) {
      heard.push(attempt);
      return { is: "done", after: {} };
    },
  });
  await run(kind);
  t.strictSame(heard, [{ written: {}, endedAt: start }, { endedAt: start }, { endedAt: start }]);
});

test("what a kind says nothing of is not begun", async (t) => {
  const unsaid = (one: string) => `${one} failed: its kind says nothing of it`;
  const kind = together({ standAll: async () => [{ is: "due", before: {} }] });
  t.match(await run(kind), { outcomes: [unsaid("a2"), unsaid("a3"), applied("a1")], spent: 1 });
});

test("a kill switch refuses each of a batch", async (t) => {
  const askGates = async () => (action: PlannedAction) => ({ action, gate: "paused", says: "incident" });
  const { outcomes, refusals } = await run(together(), { askGates });
  t.strictSame([outcomes, refusals], [[], ["a1", "a2", "a3"].map((one) => `${one} paused: incident`)]);
});

test("a gate that has closed to one of a batch lets the others through", async (t) => {
  const looked: string[] = [];
  const kind = together({
    async standAll(actions) {
      looked.push(...actions.map(({ subject }) => subject));
      return actions.map(() => ({ is: "due", before: {} }));
    },
  });
  const askGates = async () => (action: PlannedAction) =>
    action.subject === "a2" ? { action, gate: "exempt", says: "a migration" } : undefined;
  t.match(await run(kind, { askGates }), {
    outcomes: [applied("a1"), applied("a3")],
    refusals: ["a2 exempt: a migration"],
    spent: 2,
  });
  t.strictSame(looked, ["a1", "a3"]);
});

test("a cap is counted for each: those past it are refused, and the others are done", async (t) => {
  t.match(await run(together(), { limits: { notices: { limit: 2 } } }), {
    outcomes: [applied("a1"), applied("a2")],
    refusals: ["a3 cap: others have used it up meanwhile"],
    spent: 2,
  });
});

test("an intent that can't be journaled is not written", async (t) => {
  const store = openMemoryStore({ now: () => start });
  const holder = { token: "a", host: "elsewhere", pid: 1 };
  const journal = openJournal({
    ...{ ...account, store, holder, who: "tester", clock: () => start, patience: seconds(35) },
  });
  const written: string[] = [];
  const kind = together({
    async writeAll(begun) {
      written.push(...begun.map(({ intent }) => intent.action.subject));
      return begun.map(() => ({ written: {} }));
    },
  });
  const { outcomes } = await run(kind, {
    journal: {
      ...journal,
      async intend(permit, plan) {
        if (permit.action.subject === "a2") throw new Error("the store is full");
        return journal.intend(permit, plan);
      },
    },
  });
  t.strictSame(written, ["a1", "a3"]);
  t.strictSame(outcomes, ["a2 failed: the store is full", applied("a1"), applied("a3")]);
});

test("a lease lost while a batch is journaled: nothing is written, and nothing counts", async (t) => {
  let looks = 5;
  const kind = together({
    writeAll: async () => {
      throw new Error("written");
    },
  });
  const over = "the run was over before it was written";
  t.match(await run(kind, { lease: { isHeld: () => looks-- > 1 } }), {
    outcomes: ["a1", "a2", "a3"].map((one) => `${one} failed: ${over}`),
    states: ["failed", "failed", "failed"],
    open: [false, false, false],
    spent: 0,
  });
});

test("a lease lost in the middle of a batch: those begun are let go, and the others were never begun", async (t) => {
  let looks = 4;
  t.match(await run(together(), { lease: { isHeld: () => looks-- > 1 } }), {
    outcomes: { length: 2 },
    states: ["failed", "failed", undefined],
    spent: 0,
  });
});
