import { test } from "tap";
import { actionId, type PlannedAction } from "../../lib/act/action.ts";
import { type ActionKinds, kindOf } from "../../lib/act/conclude.ts";
import type { Permit } from "../../lib/act/decide.ts";
import { asEntry, type JournalEntry, journalOf, openOf } from "../../lib/act/entry.ts";
import { type Execution, execute } from "../../lib/act/execute.ts";
import type { Pause } from "../../lib/act/gates.ts";
import { openJournal, referenceOf } from "../../lib/act/journal.ts";
import type { ActionKind, Attempt, Confirmation, Intended } from "../../lib/act/kind.ts";
import { settle } from "../../lib/act/settle.ts";
import { openSpending } from "../../lib/act/spending.ts";
import { minutes, seconds } from "../../lib/core/time.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import { anAction, aPermit } from "../support/an-intent.ts";

const start = Date.UTC(2026, 2, 1, 12);
const account = { program: "keycheck", accountId: "123456789012" } as const;
const keyId = "AKIAIOSFODNN7EXAMPLE";
const paused: Pause = { reason: `an incident\nwith ${keyId}`, by: "grace", at: start, until: undefined };

const permitOf = (subject: string, action: Partial<PlannedAction> = {}): Permit =>
  aPermit(
    { subject, cap: "notices", ...action },
    { caps: { notices: { limit: 9, spent: 0 }, others: { limit: 9, spent: 0 } } },
  );

const idOf = (subject: string): string => actionId(anAction({ subject }));

/** A kind that does as it is told, of every subject or of one, and what was asked of it. */
function aKind(told: Partial<ActionKind> = {}, only?: string) {
  const asked: string[] = [];
  const confirmed: (Intended & { readonly attempt: Attempt })[] = [];
  const recorded: JournalEntry[] = [];
  const hear = (step: string, { subject }: PlannedAction): Partial<ActionKind> => {
    asked.push(`${step} ${subject}`);
    return only === undefined || only === subject ? told : {};
  };
  const kind: ActionKind = {
    name: "notice",
    async stand(action) {
      return (await hear("stand", action).stand?.(action)) ?? { is: "due", before: { was: action.subject } };
    },
    async write(intent, before, overdue) {
      return (await hear("write", intent.action).write?.(intent, before, overdue)) ?? { wrote: before.was ?? null };
    },
    async confirm(intended, attempt) {
      confirmed.push({ ...intended, attempt });
      const said = await hear("confirm", intended.action).confirm?.(intended, attempt);
      return said ?? { is: "done", after: attempt.written ?? {} };
    },
    async record(entry) {
      await hear("record", entry.action).record?.(entry);
      recorded.push(entry);
    },
  };
  return { kind, asked, confirmed, recorded };
}

function openPlace() {
  const clock = { now: start };
  const store = openMemoryStore({ now: () => clock.now });
  const openAs = (token: string) =>
    openJournal({
      ...{ ...account, store, who: "tester", clock: () => clock.now, patience: seconds(35) },
      holder: { token, host: "elsewhere", pid: 1 },
    });
  return {
    ...{ clock, store, openAs },
    async run(
      permits: readonly Permit[],
      kind: ActionKind,
      { spares, ...execution }: Partial<Execution> & { readonly spares?: readonly Permit[] } = {},
    ) {
      const complete: Execution = {
        ...{ journal: openAs("a"), kinds: new Map([[kind.name, kind]]), planHash: "0123456789ab" },
        ...{ limits: { notices: { limit: 9 } }, lease: { isHeld: () => true }, askGates: async () => () => undefined },
        ...{ stop: new AbortController().signal, clock: () => clock.now, patience: seconds(25) },
        ...execution,
      };
      const executed = await execute(permits, complete, spares);
      return {
        ...(spares && { spares: executed.spares.map(({ action }) => action.subject) }),
        outcomes: executed.outcomes.map(({ action, ending, says }) => `${action.subject} ${ending}: ${says}`),
        refusals: executed.refusals.map(({ action, gate, says }) => `${action.subject} ${gate}: ${says}`),
      };
    },
    async state(subject: string) {
      const found = await store.get(journalOf(account), idOf(subject));
      return found && asEntry(found.body).state;
    },
    async isOpen(subject: string) {
      return (await store.get(openOf(account), idOf(subject))) !== undefined;
    },
    spent: () => openSpending({ ...account, store, clock: () => clock.now }).spent("notices"),
  };
}

const reason = anAction().reason;

test("each permitted action is looked at, journaled, done, confirmed, recorded and let go of, one after the other", async (t) => {
  const { run, state, isOpen, store } = openPlace();
  const { kind, asked, confirmed, recorded } = aKind({
    async write(intent) {
      t.equal(await state(intent.action.subject), "intended", "before the write its intent is durable");
      t.equal(intent.reference, referenceOf(intent.id));
      return { wrote: "it" };
    },
  });
  t.strictSame(await run([permitOf("a"), permitOf("b")], kind), {
    outcomes: [`a applied: ${reason}`, `b applied: ${reason}`],
    refusals: [],
  });
  t.strictSame(
    asked,
    ["a", "b"].flatMap((one) => ["stand", "write", "confirm", "record"].map((step) => `${step} ${one}`)),
  );
  t.match(confirmed[0], { since: start, before: { was: "a" }, attempt: { written: { wrote: "it" } } });
  t.match(recorded[0], { state: "applied", after: { wrote: "it" }, before: { was: "a" }, planHash: "0123456789ab" });
  t.strictSame([await state("a"), await isOpen("a")], ["applied", false]);
  t.equal((await store.get(journalOf(account), idOf("b")))?.id, idOf("b"));
});

const standings = [
  { stand: { is: "unneeded", says: "already so" }, want: { outcomes: ["a unneeded: already so"], refusals: [] } },
  { stand: { is: "refused", gate: "told", says: "gone" }, want: { outcomes: [], refusals: ["a told: gone"] } },
] as const;

for (const { stand, want } of standings) {
  test(`what the world says is ${stand.is} is not begun`, async (t) => {
    const { run, state, spent } = openPlace();
    const { kind, asked } = aKind({ stand: async () => stand });
    t.strictSame(await run([permitOf("a")], kind), want);
    t.strictSame([asked, await state("a"), await spent()], [["stand a"], undefined, 0]);
  });
}

test("a kill switch pulled between two actions stops the second one, and one taken back lets the third go on", async (t) => {
  const { run, state } = openPlace();
  const { kind, asked } = aKind();
  const answers = [undefined, paused, undefined];
  const askGates = async () => {
    const pause = answers.shift();
    return (action: PlannedAction) => pause && { action, gate: "paused", says: pause.reason };
  };
  t.strictSame(
    await run(
      ["a", "b", "c"].map((one) => permitOf(one)),
      kind,
      { askGates },
    ),
    {
      outcomes: [`a applied: ${reason}`, `c applied: ${reason}`],
      refusals: ["b paused: an incident with ...AMPLE"],
    },
  );
  t.notOk(asked.includes("stand b"));
  t.equal(await state("b"), undefined);
});

/** Allowed so many times, and not once more. */
const times = (count: number) => () => count-- > 0;

const ends = [
  { name: "before the first", looks: 0, want: [] },
  { name: "while the first one is looked at", looks: 1, want: ["stand a"] },
  { name: "before the second", looks: 2, want: ["stand a", "write a", "confirm a", "record a"] },
  {
    name: "while the second one is looked at",
    looks: 3,
    want: ["stand a", "write a", "confirm a", "record a", "stand b"],
  },
] as const;

for (const { name, looks, want } of ends) {
  test(`a lease lost ${name}: nothing more is begun`, async (t) => {
    const { run, isOpen, spent } = openPlace();
    const { kind, asked } = aKind();
    const { refusals } = await run([permitOf("a"), permitOf("b")], kind, { lease: { isHeld: times(looks) } });
    t.strictSame([asked, refusals], [want, []]);
    t.strictSame([await isOpen("a"), await isOpen("b")], [false, false]);
    t.equal(await spent(), looks < 2 ? 0 : 1);
  });
}

test("asked to stop, what is begun is ended and nothing more is begun", async (t) => {
  const { run, state } = openPlace();
  const stopping = new AbortController();
  const { kind, asked } = aKind({
    async write() {
      stopping.abort();
      return {};
    },
  });
  const { outcomes } = await run([permitOf("a"), permitOf("b")], kind, { stop: stopping.signal });
  t.strictSame(outcomes, [`a applied: ${reason}`]);
  t.strictSame(asked, ["stand a", "write a", "confirm a", "record a"]);
  t.equal(await state("b"), undefined);
});

interface Trouble {
  readonly name: string;
  readonly said: Partial<ActionKind>;
  readonly outcome: string;
  readonly state: JournalEntry["state"] | undefined;
  readonly isOpen?: boolean;
  readonly spent?: number;
}

const fails = (message: string) => async () => {
  throw new Error(message);
};
const confirms = (confirmation: Confirmation) => async () => confirmation;

const troubles: readonly Trouble[] = [
  {
    name: "what can't be looked at is not begun",
    said: { stand: fails(`denied for ${keyId}`) },
    outcome: "a failed: denied for ...AMPLE",
    state: undefined,
  },
  {
    name: "a write that fails and did nothing has failed, and costs nothing",
    said: { write: fails("denied"), confirm: confirms({ is: "not_done", says: `denied for ${keyId}` }) },
    outcome: "a failed: denied for ...AMPLE",
    state: "failed",
  },
  {
    name: "a write whose answer was lost, and that the world shows, is done",
    said: { write: fails("no answer"), confirm: confirms({ is: "done", after: {} }) },
    outcome: `a applied: ${reason}`,
    state: "applied",
    spent: 1,
  },
  {
    name: "what is overtaken by others is unneeded",
    said: { confirm: confirms({ is: "unneeded", says: "gone" }) },
    outcome: "a unneeded: gone",
    state: "unneeded",
  },
  {
    name: "what the world will never tell is of unknown end",
    said: { write: fails("no answer"), confirm: confirms({ is: "unknown", says: "unreadable" }) },
    outcome: "a unknown: unreadable",
    state: "unknown",
    spent: 1,
  },
  {
    name: "what can't be confirmed now stays open, by the write's own trouble",
    said: { write: fails(`no answer of ${keyId}`), confirm: fails("unreachable") },
    outcome: "a unknown: no answer of ...AMPLE",
    ...{ state: "intended", isOpen: true, spent: 1 },
  },
  {
    name: "what was written and can't be confirmed, too",
    said: { confirm: fails("unreachable") },
    outcome: "a unknown: unreachable",
    ...{ state: "intended", isOpen: true, spent: 1 },
  },
  {
    name: "what is done and can't be recorded stays open",
    said: { record: fails("the store is full") },
    outcome: "a unknown: the store is full",
    ...{ state: "applied", isOpen: true, spent: 1 },
  },
];

for (const { name, said, outcome, state, isOpen = false, spent = 0 } of troubles) {
  test(`${name}, and the next one is begun`, async (t) => {
    const place = openPlace();
    const { outcomes, refusals } = await place.run([permitOf("a"), permitOf("b")], aKind(said, "a").kind);
    t.strictSame([outcomes, refusals], [[outcome, `b applied: ${reason}`], []]);
    t.strictSame([await place.state("a"), await place.isOpen("a")], [state, isOpen]);
    t.equal(await place.spent(), spent + 1);
  });
}

test("a write that does not end is given up and aborted, and the world is asked", async (t) => {
  const { run } = openPlace();
  let aborted: unknown;
  const { kind, confirmed } = aKind({
    write: (_intent, _before, overdue) =>
      new Promise(() => {
        overdue.addEventListener("abort", () => {
          aborted = overdue.reason;
        });
      }),
  });
  const { outcomes } = await run([permitOf("a")], kind, { patience: 2 });
  t.strictSame(outcomes, [`a applied: ${reason}`]);
  t.match(aborted, { code: "unreachable" });
  t.match(confirmed[0]?.attempt, { thrown: { code: "unreachable", message: "no end within 0.002 s" } });
});

test("a write that fails after it was given up troubles nobody", async (t) => {
  const { run } = openPlace();
  let fail: (reason: Error) => void = () => undefined;
  const written = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const { kind } = aKind({ write: () => written });
  await run([permitOf("a")], kind, { patience: 1 });
  fail(new Error("late"));
  await new Promise((resolve) => setTimeout(resolve, 1));
  t.pass("no rejection that nobody handles");
});

const writes: readonly { readonly name: string; readonly fails: boolean }[] = [
  { name: "answered", fails: false },
  { name: "that fails", fails: true },
];

for (const { name, fails: isFailing } of writes) {
  test(`of a write ${name} it is told when it ended, beside when it began`, async (t) => {
    const { run, clock } = openPlace();
    const { kind, confirmed } = aKind({
      async write() {
        clock.now += seconds(20);
        if (isFailing) throw new Error("no answer");
        return {};
      },
    });
    await run([permitOf("a")], kind);
    t.match(confirmed, [{ since: start, attempt: { endedAt: start + seconds(20) } }]);
  });
}

const refusing = (...subjects: readonly string[]): Partial<ActionKind> => ({
  stand: async ({ subject }) =>
    subjects.includes(subject) ? { is: "refused", gate: "owner", says: "nobody" } : { is: "due", before: {} },
});

test("the place of what turns out to be refused is taken by the next under the same cap, and so on", async (t) => {
  const { run, spent } = openPlace();
  const spares = [permitOf("x", { cap: "others" }), ...["b", "c", "d"].map((one) => permitOf(one))];
  const { kind } = aKind(refusing("a", "b"));
  t.strictSame(await run([permitOf("a"), permitOf("z")], kind, { spares, limits: { notices: { limit: 2 } } }), {
    outcomes: [`z applied: ${reason}`, `c applied: ${reason}`],
    refusals: ["a owner: nobody", "b owner: nobody"],
    spares: ["b", "c"],
  });
  t.equal(await spent(), 2);
});

test("who finds nothing left to do leaves a place, too", async (t) => {
  const { run } = openPlace();
  const { kind } = aKind({ stand: async () => ({ is: "unneeded", says: "gone" }) }, "a");
  t.match(await run([permitOf("a")], kind, { spares: [permitOf("b")] }), { spares: ["b"] });
});

const unmoved: readonly { readonly name: string; readonly said: Partial<ActionKind>; readonly isBarred?: true }[] = [
  { name: "done", said: {} },
  { name: "that can't be looked at", said: { stand: fails("unreachable") } },
  { name: "that fails", said: { confirm: async () => ({ is: "not_done", says: "no" }) } },
  { name: "that a gate bars meanwhile", said: {}, isBarred: true },
];

for (const { name, said, isBarred } of unmoved) {
  test(`what is ${name} leaves no place to others`, async (t) => {
    const { run } = openPlace();
    const askGates = async () => (action: PlannedAction) => ({ action, gate: "paused", says: "incident" });
    const { kind } = aKind(said);
    const execution = { spares: [permitOf("b")], ...(isBarred && { askGates }) };
    t.match(await run([permitOf("a")], kind, execution), { spares: [] });
  });
}

test("what others have begun or done is theirs, and no outcome of this run", async (t) => {
  const { run, openAs, spent } = openPlace();
  const { kind, asked } = aKind();
  await openAs("b").intend(permitOf("a"), { before: {}, planHash: "x", limit: 9 });
  t.strictSame(await run([permitOf("a")], kind), { outcomes: [], refusals: [] });
  t.strictSame(asked, ["stand a"]);
  t.equal(await spent(), 1);
});

test("a cap that others have used up meanwhile refuses, and one without a limit allows nothing", async (t) => {
  const { run, openAs } = openPlace();
  const { kind } = aKind();
  await openAs("b").intend(permitOf("z"), { before: {}, planHash: "x", limit: 9 });
  const limits = { notices: { limit: 2 } };
  t.strictSame(await run([permitOf("a"), permitOf("b")], kind, { limits }), {
    outcomes: [`a applied: ${reason}`],
    refusals: ["b cap: others have used it up meanwhile"],
  });
  t.match(await run([permitOf("c")], kind, { limits: {} }), { refusals: [/^c cap: /], outcomes: [] });
});

test("a kind that nobody knows is an outcome, and the next one is begun", async (t) => {
  const { run } = openPlace();
  const { kind } = aKind();
  t.strictSame(await run([permitOf("a", { kind: "mystery" }), permitOf("b")], kind), {
    outcomes: ['a failed: no such kind of action: "mystery"', `b applied: ${reason}`],
    refusals: [],
  });
  t.throws(() => kindOf(anAction(), new Map()), { code: "other", message: 'no such kind of action: "notice"' });
});

/** Begun by a process that came no further; its time is over. */
async function abandoned(subjects: readonly string[], action: Partial<PlannedAction> = {}) {
  const place = openPlace();
  for (const subject of subjects) {
    const plan = { before: { was: subject }, planHash: "x", limit: 9 };
    await place.openAs("dead").intend(permitOf(subject, action), plan);
  }
  place.clock.now += minutes(1);
  const heal = (kind: ActionKind, only?: string) =>
    settle(place.openAs("next"), new Map([[kind.name, kind]]) satisfies ActionKinds, only);
  return { ...place, heal };
}

const healings = [
  { name: "done", said: {}, want: "applied", spent: 1 },
  { name: "not done", said: { confirm: confirms({ is: "not_done", says: "no" }) }, want: "failed", spent: 0 },
  { name: "unneeded", said: { confirm: confirms({ is: "unneeded", says: "no" }) }, want: "unneeded", spent: 0 },
  { name: "unknown", said: { confirm: confirms({ is: "unknown", says: "no" }) }, want: "unknown", spent: 1 },
] as const;

for (const { name, said, want, spent } of healings) {
  test(`settle: what the world shows as ${name} is journaled so, and never written`, async (t) => {
    const place = await abandoned(["a"]);
    const { kind, asked, confirmed, recorded } = aKind(said);
    t.strictSame(await place.heal(kind), []);
    t.strictSame(asked, ["confirm a", "record a"]);
    t.match(confirmed, [{ since: start, before: { was: "a" }, reference: referenceOf(idOf("a")), attempt: {} }]);
    t.match(recorded, [{ state: want, attempt: 1 }]);
    t.strictSame([await place.state("a"), await place.isOpen("a"), await place.spent()], [want, false, spent]);
  });
}

test("settle: what can't be asked now is reported and left, and the others are healed", async (t) => {
  const place = await abandoned(["a", "b", "c"]);
  const { kind } = aKind({
    async confirm({ action }) {
      if (action.subject === "b") throw new Error(`unreachable for ${keyId}`);
      return { is: "done", after: {} };
    },
  });
  t.strictSame(await place.heal(kind), [`${idOf("b")}: unreachable for ...AMPLE`]);
  t.strictSame(await Promise.all(["a", "b", "c"].map(place.state)), ["applied", "intended", "applied"]);
  t.ok(await place.isOpen("b"));
  place.clock.now += minutes(1);
  t.strictSame(await place.heal(aKind().kind), [], "and asked again later");
  t.equal(await place.state("b"), "applied");
});

test("settle: a kind that nobody knows is reported and left", async (t) => {
  const place = await abandoned(["a"]);
  const { kind, asked } = aKind();
  t.strictSame(await place.heal({ ...kind, name: "another" }), [`${idOf("a")}: no such kind of action: "notice"`]);
  t.strictSame([asked, await place.state("a"), await place.isOpen("a")], [[], "intended", true]);
  place.clock.now += minutes(1);
  t.strictSame(await place.heal(kind), [], "until somebody knows it");
  t.equal(await place.state("a"), "applied");
});

test("settle: what has ended and was not recorded is recorded, without asking the world again", async (t) => {
  const place = await abandoned(["a"]);
  const said = { ending: "applied", says: "so", after: {}, wasInterrupted: false } as const;
  await place.openAs("dead").end(anAction({ subject: "a", cap: "notices" }), said);
  const { kind, asked } = aKind();
  t.strictSame(await place.heal(kind), []);
  t.strictSame([asked, await place.isOpen("a")], [["record a"], false]);
});

test("settle: asked for one action, it leaves the others", async (t) => {
  const place = await abandoned(["a", "b"]);
  const { kind, asked } = aKind();
  t.strictSame(await place.heal(kind, idOf("b")), []);
  t.strictSame(asked, ["confirm b", "record b"]);
  t.ok(await place.isOpen("a"));
});

test("settle: what its process may still be about is reported, and left to it", async (t) => {
  const place = await abandoned(["a"]);
  await place.openAs("busy").intend(permitOf("b"), { before: {}, planHash: "x", limit: 9 });
  const { kind, asked } = aKind();
  t.strictSame(await place.heal(kind), [`${idOf("b")}: left to the process that began it`]);
  t.strictSame([asked, await place.state("b"), await place.isOpen("b")], [["confirm a", "record a"], "intended", true]);
});

test("settle: an undo that was cut short marks what it has undone", async (t) => {
  const place = await abandoned(["a"]);
  const { kind } = aKind();
  await place.heal(kind);
  const undoing = permitOf("a", { kind: "restore", class: "restoring", undoes: idOf("a") });
  await place.openAs("dead").intend(undoing, { before: {}, planHash: "undo", limit: undefined });
  place.clock.now += minutes(1);
  await place.heal({ ...kind, name: "restore" });
  const undone = await place.store.get(journalOf(account), idOf("a"));
  t.match(undone?.body, { undoneBy: actionId(undoing.action), state: "applied" });
});
