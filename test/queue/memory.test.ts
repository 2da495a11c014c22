import { test } from "tap";
import { OpsError } from "../../lib/core/errors.ts";
import { hours, type Millis, minutes, seconds } from "../../lib/core/time.ts";
import { createMemoryQueue } from "../../lib/queue/memory.ts";
import { receiving, testQueue } from "../contract/queue.ts";

testQueue("memory", async (_t, { isFifo = false }) => {
  let now = Date.now();
  const pass = async (count: number) => {
    now += seconds(count);
  };
  const clock = { now: () => now, isFifo };
  const deadLetters = createMemoryQueue({ ...clock, name: "dead letters" });
  const queue = createMemoryQueue({ ...clock, redrive: { maxReceives: 3, to: deadLetters } });
  let sent = 0;
  const send = async (body: string, { group }: { readonly group?: string } = {}) => {
    sent += 1;
    queue.send(body, group === undefined ? {} : { group, deduplicationId: String(sent) });
  };
  return { queue, deadLetters, send, pass };
});

test("memory: whoever sends is told, and when", async (t) => {
  const queue = createMemoryQueue();
  const senderId = "AROAEXAMPLE:i-0123456789abcdef0";
  const id = queue.send("x", { senderId, sentAt: 1000 });
  t.match(await queue.receive(receiving), [{ id, senderId, sentAt: 1000 }]);
});

test("memory: time passes while a receive waits", async (t) => {
  let now: Millis = 0;
  const queue = createMemoryQueue({
    now: () => now,
    pause: async (length) => {
      now += length;
    },
  });
  t.strictSame(await queue.receive({ ...receiving, wait: seconds(20) }), []);
  t.equal(now, seconds(20));
  queue.send("x");
  await queue.receive({ ...receiving, visibility: seconds(5) });
  t.match(await queue.receive({ ...receiving, wait: seconds(20) }), [{ receiveCount: 2 }]);
  t.equal(now, seconds(25), "as soon as it is visible");
});

test("memory: what a test orders is refused, and only that", async (t) => {
  const dead = createMemoryQueue();
  const queue = createMemoryQueue({ redrive: { maxReceives: 3, to: dead } });
  for (const body of ["a", "b"]) queue.send(body);
  const messages = await queue.receive(receiving);
  const bad = messages.filter(({ body }) => body === "b");
  for (const method of ["hide", "bury", "acknowledge"] as const) {
    queue.refuse((asked, { body }) => (asked === method && body === "b" ? "InternalError" : undefined));
    const refused = {
      hide: () => queue.hide(messages, 0),
      bury: () => queue.bury(messages),
      acknowledge: () => queue.acknowledge(messages),
    };
    t.strictSame(await refused[method](), [{ message: bad[0], says: "InternalError" }], method);
  }
  t.strictSame([queue.bodies(), dead.bodies()], [["b"], ["a"]]);
  queue.refuse(() => undefined);
  queue.fail(new OpsError("denied", "no"));
  const calls: readonly (() => Promise<unknown>)[] = [
    () => queue.receive(receiving),
    () => queue.state(),
    () => queue.bury(bad),
    () => queue.acknowledge(bad),
  ];
  for (const call of calls) await t.rejects(call(), { code: "denied" });
  t.strictSame(await queue.acknowledge([]), []);
  queue.fail(undefined);
  t.strictSame(await queue.acknowledge(bad), []);
});

test("memory: twelve hours from a reception are the end", async (t) => {
  let now: Millis = 0;
  const queue = createMemoryQueue({ now: () => now });
  queue.send("x");
  const messages = await queue.receive({ ...receiving, visibility: hours(6) });
  now += hours(5);
  t.match(await queue.hide(messages, hours(7) + 1), [{ says: /12 hours/ }]);
  t.strictSame(await queue.hide(messages, hours(7)), []);
  now += hours(7) - 1;
  t.match(await queue.state(), { inFlight: 1 });
  now += 1;
  t.match(await queue.state(), { inFlight: 0, visible: 1 });
});

test("memory: FIFO takes a message of one deduplication id once in five minutes", async (t) => {
  let now: Millis = 0;
  const queue = createMemoryQueue({ isFifo: true, now: () => now });
  const send = () => queue.send("x", { group: "a", deduplicationId: "1" });
  const first = send();
  now += minutes(5) - 1;
  t.equal(send(), first);
  const messages = await queue.receive(receiving);
  t.equal(messages.length, 1);
  await queue.acknowledge(messages);
  t.equal(send(), first, "even where it is gone");
  t.strictSame(queue.bodies(), []);
  now += 1;
  t.not(send(), first);
});

test("memory: FIFO refuses a receipt that has expired, a standard queue does not", async (t) => {
  for (const [isFifo, want] of [
    [true, [{ says: "the receipt has expired" }]],
    [false, []],
  ] as const) {
    let now: Millis = 0;
    const queue = createMemoryQueue({ isFifo, now: () => now });
    queue.send("x", { group: "a" });
    const messages = await queue.receive({ ...receiving, visibility: seconds(1) });
    now += seconds(1);
    t.match(await queue.acknowledge(messages), want);
    t.equal(queue.bodies().length, isFifo ? 1 : 0);
  }
});
