import { test } from "tap";
import { OpsError } from "../../lib/core/errors.ts";
import type { Message } from "../../lib/core/queue.ts";
import { minutes } from "../../lib/core/time.ts";
import type { Assessed } from "../../lib/dirtymark/assess.ts";
import { openCounter } from "../../lib/dirtymark/counts.ts";
import { type Draining, drain } from "../../lib/dirtymark/drain.ts";
import type { Keeper } from "../../lib/dirtymark/keep.ts";
import { createMemoryQueue, type MemoryQueue } from "../../lib/queue/memory.ts";
import { aMark, aMarkedEvent } from "../support/marks.ts";

/** A body says what becomes of it. */
const assess = async (messages: readonly Message[]): Promise<readonly Assessed[]> =>
  messages.map(({ body }): Assessed => {
    if (body === "marks") return { is: "marks", events: [aMarkedEvent()] };
    if (body === "ignored" || body === "dropped" || body === "unresolved" || body === "kept")
      return { is: body, says: "so" };
    return { is: "refused", reason: body === "unknown_account" ? body : "forged", says: "so" };
  });

const keepAll: Keeper = {
  keep: async (messages) => ({
    recorded: messages.map(({ message }) => message),
    marks: messages.map(() => aMark()),
    failure: undefined,
  }),
};

interface World {
  readonly queue: MemoryQueue;
  readonly changes?: Partial<Draining>;
}

async function run({ queue, changes = {} }: World) {
  const counter = openCounter();
  const notes: string[] = [];
  const buried: string[] = [];
  await drain({
    ...{ queue, counter, assess, keeper: keepAll, stop: new AbortController().signal },
    ...{ receivers: 3, window: 40, wait: 0, visibility: minutes(2), maxReceives: 5, follow: false },
    bury: async (refused) => {
      buried.push(...refused.map(({ message }) => message.body));
      return [];
    },
    keepHidden: () => ({ release: async () => undefined }),
    note: (what, why) => notes.push(`${what}: ${why instanceof Error ? why.message : why}`),
    ...changes,
  });
  return { counts: counter.counts(), notes, buried };
}

const queueOf = (...bodies: readonly string[]): MemoryQueue => {
  const queue = createMemoryQueue();
  for (const body of bodies) queue.send(body);
  return queue;
};

test("each message is deleted or left by what becomes of it, and counted once", async (t) => {
  const queue = queueOf("marks", "ignored", "dropped", "unresolved", "kept", "forged", "unknown_account");
  const { counts, notes } = await run({ queue });
  t.strictSame([...queue.bodies()].sort(), ["forged", "kept", "unknown_account"]);
  t.match(counts, {
    ...{ received: 7, events: 1, records: 1, byReason: { forged: 1, unknown_account: 1 } },
    byFate: { recorded: 1, ignored: 1, dropped: 1, unresolved: 1, kept: 1, refused: 2, buried: 0 },
  });
  t.strictSame(notes, []);
});

test("a queue of many windows is drained to its end", async (t) => {
  const queue = queueOf(...Array.from({ length: 205 }, () => "marks"));
  const { counts } = await run({ queue });
  t.strictSame(queue.bodies(), []);
  t.match(counts, { received: 205, events: 205, byFate: { recorded: 205 } });
});

const refusedBefore = [
  { name: "too seldom yet", body: "forged", receives: 3, want: ["forged"] },
  { name: "often enough", body: "forged", receives: 4, want: [] },
  { name: "for what a setting may mend", body: "unknown_account", receives: 50, want: ["unknown_account"] },
] as const;

for (const { name, body, receives, want } of refusedBefore) {
  test(`a message refused ${name}`, async (t) => {
    let now = 0;
    const queue = createMemoryQueue({ now: () => now });
    queue.send(body);
    for (let delivery = 0; delivery < receives; delivery += 1) {
      await queue.receive({ wait: 0, visibility: 1000, stop: new AbortController().signal });
      now += 2000;
    }
    const { buried, counts } = await run({ queue });
    t.strictSame(queue.bodies(), want);
    t.equal(buried.length, 1 - want.length);
    t.equal(counts.byFate.buried, 1 - want.length);
  });
}

test("what can't be buried stays in the queue", async (t) => {
  const queue = queueOf("forged");
  const bury: Draining["bury"] = async (refused) => refused.map(({ message }) => ({ message, says: "full" }));
  const { counts, notes } = await run({ queue, changes: { bury, maxReceives: 1 } });
  t.strictSame(queue.bodies(), ["forged"]);
  t.match(counts.byFate, { refused: 1, buried: 0 });
  t.strictSame(notes, ["a message that was refused too often: full"]);
});

test("a burial that fails keeps no other message from its end", async (t) => {
  const queue = queueOf("forged", "marks", "ignored");
  const bury: Draining["bury"] = () => Promise.reject(new OpsError("denied", "sqs:SendMessage: not authorized"));
  const { counts, notes } = await run({ queue, changes: { bury, maxReceives: 1 } });
  t.strictSame(queue.bodies(), ["forged"]);
  t.match(counts.byFate, { refused: 1, buried: 0, recorded: 1, ignored: 1, kept: 0 });
  t.strictSame(notes, ["messages that were refused too often: sqs:SendMessage: not authorized"]);
});

test("where nothing can be deleted nothing counts as deleted, and nothing more is received", async (t) => {
  const queue = queueOf(...Array.from({ length: 100 }, () => "marks"));
  const acknowledge = () => Promise.reject(new OpsError("denied", "sqs:DeleteMessage: not authorized"));
  const { counts, notes } = await run({ queue, changes: { queue: { ...queue, acknowledge } } });
  t.ok(counts.received <= 40, "one window");
  t.equal(queue.bodies().length, 100);
  t.match(counts, { events: counts.received, byFate: { kept: counts.received, recorded: 0 } });
  t.strictSame(notes, ["messages that are done with: sqs:DeleteMessage: not authorized"], "said once");
});

const storeDown: Keeper = {
  keep: async () => ({ recorded: [], marks: [], failure: "the table is throttled" }),
};

test("where marks can't be kept nothing more is received, and what is in hand is given back at once", async (t) => {
  const queue = queueOf(...Array.from({ length: 100 }, () => "marks"));
  const { counts, notes } = await run({ queue, changes: { keeper: storeDown } });
  t.ok(counts.received <= 40, "one window");
  t.equal(queue.bodies().length, 100);
  t.equal((await queue.state()).inFlight, 0);
  t.match(counts.byFate, { kept: counts.received, recorded: 0 });
  t.strictSame(notes, ["marks: the table is throttled"]);
});

test("of messages that are kept in part, only those that are durable are deleted", async (t) => {
  const queue = queueOf("marks", "marks", "marks");
  const keeper: Keeper = {
    keep: async (messages) => ({
      recorded: messages.slice(0, 1).map(({ message }) => message),
      marks: [aMark()],
      failure: "one conflict too many",
    }),
  };
  const { counts } = await run({ queue, changes: { keeper } });
  t.equal(queue.bodies().length, 2);
  t.match(counts, { events: 1, byFate: { recorded: 1, kept: 2 } });
});

test("a message whose deletion is refused comes again, and is said", async (t) => {
  const queue = queueOf("marks");
  queue.refuse((method) => (method === "acknowledge" ? "the receipt has expired" : undefined));
  const { notes, counts } = await run({ queue });
  t.strictSame(queue.bodies(), ["marks"]);
  t.match(counts, { events: 1, byFate: { kept: 1, recorded: 0 } });
  t.strictSame(notes, ["a message that is done with: the receipt has expired"]);
});

test("what breaks in mid-work deletes nothing", async (t) => {
  const queue = queueOf("marks", "ignored");
  const { counts, notes } = await run({
    queue,
    changes: { assess: () => Promise.reject(new OpsError("stopped", "stopped by SIGTERM")) },
  });
  t.equal(queue.bodies().length, 2);
  t.equal(counts.byFate.kept, 2);
  t.strictSame(notes, ["marks: stopped by SIGTERM"]);
});

test("a message of which nobody says anything is kept", async (t) => {
  const queue = queueOf("marks");
  const { counts } = await run({ queue, changes: { assess: async () => [] } });
  t.equal(counts.byFate.kept, 1);
  t.equal(queue.bodies().length, 1);
});

test("a run that is stopped receives nothing", async (t) => {
  const { counts } = await run({ queue: queueOf("marks"), changes: { stop: AbortSignal.abort() } });
  t.equal(counts.received, 0);
});

test("a stop while the queue is empty is no failure", async (t) => {
  const stop = new AbortController();
  const queue = createMemoryQueue({ pause: async () => stop.abort() });
  const { counts, notes } = await run({ queue, changes: { wait: minutes(1), follow: true, stop: stop.signal } });
  t.equal(counts.received, 0);
  t.strictSame(notes, []);
});

test("a run that follows and can keep nothing leaves what it has in hand to its visibility", async (t) => {
  const queue = queueOf("marks");
  const { counts } = await run({ queue, changes: { keeper: storeDown, follow: true } });
  t.equal(counts.received, 1, "it ends, and would be delivered it again at once");
  t.match(await queue.state(), { visible: 0, inFlight: 1 });
});

test("a run that follows goes on where the queue is empty, until it is stopped", async (t) => {
  const queue = queueOf("marks");
  const stop = new AbortController();
  let rounds = 0;
  const receive: MemoryQueue["receive"] = async (receiving) => {
    rounds += 1;
    if (rounds === 3) queue.send("marks");
    if (rounds === 5) stop.abort();
    return rounds === 5 ? [] : queue.receive(receiving);
  };
  const { counts } = await run({ queue, changes: { queue: { ...queue, receive }, follow: true, stop: stop.signal } });
  t.equal(counts.byFate.recorded, 2);
});
