import { test } from "tap";
import { OpsError } from "../../lib/core/errors.ts";
import { days } from "../../lib/core/time.ts";
import { openBurial } from "../../lib/dirtymark/burial.ts";
import type { RefusedMessage } from "../../lib/dirtymark/drain.ts";
import { createMemoryQueue } from "../../lib/queue/memory.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import { aMessage } from "../support/messages.ts";

const refused = (said: Parameters<typeof aMessage>[0]): RefusedMessage => ({
  message: aMessage({ sentAt: 5, receiveCount: 9, ...said }),
  verdict: { is: "refused", reason: "malformed", says: "the body is no JSON object" },
});

const listed = async (store: ReturnType<typeof openMemoryStore>) => {
  const rows = [];
  for await (const { id, body } of store.list("dirty.refused#skunky")) rows.push({ id, ...body });
  return rows;
};

test("with a dead-letter queue, there, and not in the store", async (t) => {
  const dead = createMemoryQueue({ name: "dead" });
  const queue = createMemoryQueue({ name: "skunky", redrive: { maxReceives: 100, to: dead } });
  const store = openMemoryStore();
  const burial = openBurial(queue, store, () => 0);
  t.strictSame(await burial([refused({ body: "a" }), refused({ body: "b" })]), []);
  t.strictSame(dead.bodies(), ["a", "b"]);
  t.strictSame(await listed(store), []);
});

test("what a dead-letter queue refuses is answered", async (t) => {
  const queue = createMemoryQueue({ redrive: { maxReceives: 100, to: createMemoryQueue() } });
  queue.refuse((method, { body }) => (method === "bury" && body === "a" ? "full" : undefined));
  const burial = openBurial(queue, openMemoryStore(), () => 0);
  t.match(await burial([refused({ body: "a" }), refused({ body: "b" })]), [{ message: { body: "a" }, says: "full" }]);
});

test("without one, in the store for a month, cut short, each once however often it is buried", async (t) => {
  let now = 7;
  const store = openMemoryStore({ now: () => now });
  const burial = openBurial(createMemoryQueue({ name: "skunky" }), store, () => now);
  const long = refused({ id: "m1", senderId: "AIDA1", body: "x".repeat(5000) });
  t.strictSame(await burial([long, refused({ id: "m2", body: `${"y".repeat(4095)}😀` })]), []);
  await burial([long]);
  const rows = await listed(store);
  t.match(rows, [
    {
      ...{ id: "m1", reason: "malformed", says: "the body is no JSON object", senderId: "AIDA1" },
      ...{ sentAt: 5, receiveCount: 9, refusedAt: 7, body: "x".repeat(4096) },
    },
    { id: "m2", body: "y".repeat(4095) },
  ]);
  t.equal(rows.length, 2);
  t.notOk("senderId" in (rows[1] ?? {}));
  now += days(30) + 1;
  t.strictSame(await listed(store), []);
});

test("one that the store refuses keeps none of the others", async (t) => {
  const memory = openMemoryStore({ now: () => 0 });
  const store: typeof memory = {
    ...memory,
    create: async (collection, id, ...asked) => {
      if (id === "m1") throw new OpsError("other", "the record is too large");
      return memory.create(collection, id, ...asked);
    },
  };
  const burial = openBurial(createMemoryQueue({ name: "skunky" }), store, () => 0);
  const left = await burial([refused({ id: "m1" }), refused({ id: "m2" })]);
  t.match(left, [{ message: { id: "m1" }, says: "the record is too large" }]);
  t.equal(left.length, 1);
  t.match(await listed(memory), [{ id: "m2" }]);
});
