import { test } from "tap";
import { OpsError } from "../../lib/core/errors.ts";
import { type MarkingMessage, openKeeper } from "../../lib/dirtymark/keep.ts";
import type { Mark } from "../../lib/marks/mark.ts";
import { openMarks } from "../../lib/marks/marks.ts";
import { openDueBook } from "../../lib/marks/tags-due.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import { storeUntil } from "../../lib/state/store-until.ts";
import { aMarkedEvent, someInstance } from "../support/marks.ts";
import { aMessage } from "../support/messages.ts";

const { accountId, region } = someInstance;

/** One login of each of these instances. */
const says = (id: string, ...instanceIds: readonly string[]): MarkingMessage => ({
  message: aMessage({ id }),
  events: instanceIds.map((instanceId) => aMarkedEvent({ messageId: id, event: { instanceId } })),
});

function open(store: Store = openMemoryStore(), isTagged: (mark: Mark) => boolean = () => true) {
  const audited: string[] = [];
  let made = 0;
  const newId = () => `d${made++}`;
  const keeper = openKeeper({
    ...{ store, clock: () => 0, newId, isTagged, concurrency: 4 },
    audit: async (marks) => {
      audited.push(...marks.map(({ instanceId }) => instanceId));
    },
  });
  const promised = async (of: Store = store) => {
    const found: string[] = [];
    for await (const { instanceIds } of openDueBook(of, newId).list()) found.push(...instanceIds);
    return found.sort();
  };
  const countOf = async (instanceId: string, of: Store = store) =>
    (await openMarks(of, accountId, () => 0).find({ region, instanceId }))?.verified?.count;
  return { keeper, audited, promised, countOf };
}

const ids = (messages: readonly { readonly id: string }[]) => messages.map(({ id }) => id);

test("each instance is written once, whatever messages speak of it, and its tag promised", async (t) => {
  const memory = openMemoryStore();
  let writes = 0;
  const store: Store = {
    ...memory,
    create: (collection, ...asked) => {
      if (collection.startsWith("dirty.marks")) writes += 1;
      return memory.create(collection, ...asked);
    },
  };
  const { keeper, audited, promised, countOf } = open(store);
  const kept = await keeper.keep([says("m1", "i-1"), says("m2", "i-1", "i-2"), says("m3", "i-1")]);
  t.match(kept, { failure: undefined, marks: [{ instanceId: "i-1" }, { instanceId: "i-2" }] });
  t.strictSame(ids(kept.recorded), ["m1", "m2", "m3"]);
  t.equal(writes, 2);
  t.strictSame([await countOf("i-1"), await countOf("i-2")], [3, 1]);
  t.strictSame(await promised(), ["i-1", "i-2"]);
  t.strictSame(audited, ["i-1", "i-2"]);
});

test("nothing to keep writes nothing", async (t) => {
  const { keeper, promised } = open();
  t.strictSame(await keeper.keep([]), { recorded: [], marks: [], failure: undefined });
  t.strictSame(await promised(), []);
});

test("a message that comes again adds nothing, and its tag is promised anew: whoever took it before may have died", async (t) => {
  const { keeper, promised, countOf } = open();
  await keeper.keep([says("m1", "i-1")]);
  const again = await keeper.keep([says("m1", "i-1")]);
  t.strictSame(ids(again.recorded), ["m1"]);
  t.equal(await countOf("i-1"), 1);
  t.strictSame(await promised(), ["i-1", "i-1"]);
});

test("instances that get no tag are promised none", async (t) => {
  const { keeper, promised } = open(openMemoryStore(), ({ instanceId }) => instanceId === "i-2");
  await keeper.keep([says("m1", "i-1"), says("m2", "i-2")]);
  t.strictSame(await promised(), ["i-2"]);
});

test("one mark that can't be written keeps the messages that speak of it, and no others", async (t) => {
  const memory = openMemoryStore();
  const store: Store = {
    ...memory,
    create: async (collection, id, ...asked) => {
      if (id === `${region}/i-2`) throw new OpsError("throttled", "the table is throttled");
      return memory.create(collection, id, ...asked);
    },
  };
  const { keeper, audited, promised } = open(store);
  const kept = await keeper.keep([says("m1", "i-1"), says("m2", "i-1", "i-2"), says("m3", "i-2"), says("m4", "i-3")]);
  t.strictSame(ids(kept.recorded), ["m1", "m4"]);
  t.equal(kept.failure, "the table is throttled");
  t.strictSame(await promised(), ["i-1", "i-3"]);
  t.strictSame(audited, ["i-1", "i-3"]);
});

test("a promise that can't be written keeps the messages of its account and region, and no others", async (t) => {
  const memory = openMemoryStore();
  const store: Store = {
    ...memory,
    create: async (collection, id, ...asked) => {
      if (id.startsWith(`${accountId}/us-east-1/`)) throw new OpsError("unreachable", "no answer");
      return memory.create(collection, id, ...asked);
    },
  };
  const { keeper, promised } = open(store);
  const elsewhere: MarkingMessage = {
    message: aMessage({ id: "m2" }),
    events: [aMarkedEvent({ messageId: "m2", event: { region: "us-east-1" } })],
  };
  const kept = await keeper.keep([says("m1", "i-1"), elsewhere]);
  t.strictSame(ids(kept.recorded), ["m1"]);
  t.equal(kept.failure, "no answer");
  t.strictSame(await promised(), ["i-1"]);
});

test("a store that never answers is waited for until the run's time is over", async (t) => {
  const memory = openMemoryStore();
  const stop = new AbortController();
  const silent: Store = {
    ...memory,
    create: () => {
      stop.abort(new Error("the deadline"));
      return new Promise(() => {});
    },
  };
  const { keeper } = open(storeUntil(silent, stop.signal));
  const kept = await keeper.keep([says("m1", "i-1")]);
  t.match(kept, { recorded: [], failure: /dirty\.marks.*stopped by the deadline/ });
});

test("a store that has its time answers as it is", async (t) => {
  const memory = openMemoryStore();
  const stop = new AbortController();
  const bounded = storeUntil(memory, stop.signal);
  const { keeper, promised, countOf } = open(bounded);
  await keeper.keep([says("m1", "i-1")]);
  await keeper.keep([says("m2", "i-1")]);
  t.strictSame([await countOf("i-1"), await countOf("i-1", memory)], [2, 2]);
  const [due] = await promised();
  t.equal(due, "i-1");
  for await (const one of openDueBook(bounded, () => "x").list()) await openDueBook(bounded, () => "x").settle(one, []);
  t.strictSame(await promised(memory), []);
  await bounded.close();
  stop.abort(new Error("the end"));
  await t.rejects(promised(), { code: "stopped" });
});
