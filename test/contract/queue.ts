import { type Test, test } from "tap";
import type { Message } from "../../lib/core/queue.ts";
import { seconds } from "../../lib/core/time.ts";
import type { Queue } from "../../lib/queue/queue.ts";

export interface SentToQueue {
  readonly group?: string;
}

export interface OpenedQueue {
  readonly queue: Queue;
  /** Where it moves what was delivered three times; holds the same messages for everybody. */
  readonly deadLetters: Queue;
  readonly send: (body: string, sent?: SentToQueue) => Promise<void>;
  /** Lets a visibility of this many seconds end. */
  readonly pass: (seconds: number) => Promise<void>;
}

export interface OpeningQueue {
  readonly isFifo?: boolean;
}

/** A new pair of queues each time. */
export type OpenQueue = (t: Test, opening: OpeningQueue) => Promise<OpenedQueue>;

/** As long as it may be where a test really waits for its end. */
const short = seconds(1);
const long = seconds(600);

const never = new AbortController().signal;

export const receiving = { wait: 0, visibility: long, stop: never } as const;

/** Until a receive answers nothing: a queue may answer fewer than it has. */
export async function receiveAll(queue: Queue, visibility = long): Promise<readonly Message[]> {
  const received: Message[] = [];
  for (let batch = await queue.receive({ ...receiving, visibility }); batch.length > 0; ) {
    received.push(...batch);
    batch = await queue.receive({ ...receiving, visibility });
  }
  return received;
}

const bodiesOf = (messages: readonly Message[]): readonly string[] => messages.map(({ body }) => body);
const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `message ${at}`);

async function sendAll({ send }: OpenedQueue, bodies: readonly string[], sent?: SentToQueue): Promise<void> {
  for (const body of bodies) await send(body, sent);
}

/** What holds for every queue; called once by each implementation's own test. */
export function testQueue(kind: string, open: OpenQueue): void {
  const testWith = (name: string, opening: OpeningQueue, run: (t: Test, opened: OpenedQueue) => Promise<unknown>) =>
    test(`${kind}: ${name}`, async (t) => {
      await run(t, await open(t, opening));
    });

  testWith("a message comes as it was sent, and hides", {}, async (t, opened) => {
    const body = '{"user": "zoë", "東京": "😀", "quotes": "\\" \'<&>"}\n\ttail ';
    const before = Date.now() - seconds(60);
    await opened.send(body);
    const [message, ...others] = await opened.queue.receive(receiving);
    t.strictSame(others, []);
    t.match(message, { body, receiveCount: 1, group: undefined, id: /\S+/, receipt: /\S+/, senderId: /\S+/ });
    t.ok((message?.sentAt ?? 0) > before && (message?.sentAt ?? 0) < Date.now() + seconds(60), "the time it was sent");
    t.strictSame(await opened.queue.receive(receiving), []);
    t.match(await opened.queue.state(), { visible: 0, inFlight: 1, delayed: 0 });
  });

  testWith("ten come at most, and all in the end", {}, async (t, opened) => {
    await sendAll(opened, numbered(23));
    t.match(await opened.queue.state(), { visible: 23, inFlight: 0 });
    const first = await opened.queue.receive(receiving);
    t.ok(first.length >= 1 && first.length <= 10, `${first.length}`);
    const all = [...first, ...(await receiveAll(opened.queue))];
    t.strictSame(bodiesOf(all).toSorted(), numbered(23).toSorted());
  });

  testWith("what is acknowledged is gone, beyond ten as well", {}, async (t, opened) => {
    const { queue, pass } = opened;
    await sendAll(opened, numbered(23));
    const [kept, ...done] = await receiveAll(queue, short);
    t.strictSame(await queue.acknowledge(done), []);
    await pass(1);
    t.strictSame(bodiesOf(await receiveAll(queue)), [kept?.body]);
  });

  testWith("acknowledged twice is acknowledged", {}, async (t, { queue, send }) => {
    await send("twice");
    const messages = await queue.receive(receiving);
    t.strictSame([await queue.acknowledge(messages), await queue.acknowledge(messages)], [[], []]);
    t.match(await queue.state(), { visible: 0, inFlight: 0 });
  });

  testWith("of none nothing is asked", {}, async (t, { queue }) => {
    t.strictSame([await queue.acknowledge([]), await queue.hide([], long), await queue.bury([])], [[], [], []]);
  });

  testWith("a receipt of nobody's is refused, and others of the call are not", {}, async (t, opened) => {
    const { queue } = opened;
    await sendAll(opened, numbered(2));
    const messages = await receiveAll(queue);
    const [first] = messages;
    if (first === undefined) throw new Error("nothing was received");
    const forged: Message = { ...first, id: "forged", receipt: "no receipt" };
    const refused = await queue.acknowledge([forged, ...messages]);
    t.strictSame(
      refused.map(({ message }) => message),
      [forged],
    );
    t.match(refused[0]?.says, /receipt/i);
    t.match(await queue.state(), { visible: 0, inFlight: 0 });
    t.match(await queue.hide([forged], long), [{ message: forged, says: /./ }]);
    t.match(await queue.hide([first], long), [{ message: first, says: /./ }], "it was acknowledged");
  });

  testWith("given back it comes again at once, counted, under another receipt", {}, async (t, { queue, send }) => {
    await send("again");
    const [first] = await queue.receive(receiving);
    t.strictSame(await queue.hide(first === undefined ? [] : [first], 0), []);
    const [second] = await queue.receive(receiving);
    t.match(second, { id: first?.id, body: "again", sentAt: first?.sentAt, receiveCount: 2 });
    t.not(second?.receipt, first?.receipt);
  });

  testWith("it comes again when its visibility ends, and later where that was put off", {}, async (t, opened) => {
    const { queue, pass } = opened;
    await sendAll(opened, ["left", "put off"]);
    const messages = await receiveAll(queue, seconds(2));
    const longer = messages.filter(({ body }) => body === "put off");
    t.strictSame(await queue.hide(longer, long), []);
    await pass(2);
    t.strictSame(bodiesOf(await receiveAll(queue)), ["left"]);
  });

  testWith("what was delivered too often is moved away", {}, async (t, { queue, deadLetters, send }) => {
    await send("poison");
    const counts: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const messages = await queue.receive(receiving);
      counts.push(...messages.map(({ receiveCount }) => receiveCount));
      await queue.hide(messages, 0);
    }
    t.strictSame(counts, [1, 2, 3]);
    t.strictSame(await queue.receive(receiving), []);
    t.match(await queue.state(), { visible: 0, inFlight: 0, maxReceives: 3, deadLetterQueue: deadLetters.name });
    t.strictSame(bodiesOf(await receiveAll(deadLetters)), ["poison"]);
  });

  testWith("a copy is buried, and the message stays until it is acknowledged", {}, async (t, opened) => {
    const { queue, deadLetters } = opened;
    await sendAll(opened, numbered(12));
    const messages = await receiveAll(queue);
    t.strictSame(await queue.bury(messages), []);
    t.strictSame(bodiesOf(await receiveAll(deadLetters)).toSorted(), numbered(12).toSorted());
    t.match(await queue.state(), { visible: 0, inFlight: 12 });
    t.strictSame(await queue.acknowledge(messages), []);
    t.match(await queue.state(), { visible: 0, inFlight: 0 });
  });

  testWith("without a dead-letter queue nothing is buried", {}, async (t, opened) => {
    const { deadLetters, queue } = opened;
    await opened.send("x");
    const messages = await queue.receive(receiving);
    t.match(await deadLetters.state(), { maxReceives: undefined, deadLetterQueue: undefined });
    await t.rejects(deadLetters.bury(messages), {
      ...{ name: "OpsError", code: "missing" },
      message: `queue "${deadLetters.name}" has no dead-letter queue`,
    });
  });

  testWith("a receive waits for the first", {}, async (t, { queue, send }) => {
    const coming = queue.receive({ ...receiving, wait: seconds(20) });
    await send("late");
    t.strictSame(bodiesOf(await coming), ["late"]);
  });

  testWith("a receive that waits ends with its stop", {}, async (t, { queue }) => {
    const stopping = new AbortController();
    const coming = queue.receive({ ...receiving, wait: seconds(20), stop: stopping.signal });
    setImmediate(() => stopping.abort(new Error("the deadline")));
    await t.rejects(coming, { name: "OpsError", code: "stopped", message: new RegExp(`"${queue.name}"`) });
  });

  testWith("FIFO: a group keeps its order, and is closed while one of it is in flight", { isFifo: true }, fifoOrder);

  testWith("FIFO: a copy is buried in its group", { isFifo: true }, async (t, opened) => {
    const { queue, deadLetters } = opened;
    await sendAll(opened, numbered(3), { group: "a" });
    const messages = await receiveAll(queue);
    t.strictSame(await queue.bury(messages), []);
    const buried = await receiveAll(deadLetters);
    t.strictSame(
      buried.map(({ body, group }) => `${group} ${body}`),
      numbered(3).map((body) => `a ${body}`),
    );
  });
}

async function fifoOrder(t: Test, opened: OpenedQueue): Promise<void> {
  const { queue, send } = opened;
  for (const body of numbered(12)) await send(body, { group: "a" });
  const first = await queue.receive(receiving);
  t.strictSame(bodiesOf(first), numbered(12).slice(0, first.length));
  t.ok(first.every(({ group }) => group === "a"));
  await send("other", { group: "b" });
  t.strictSame(bodiesOf(await receiveAll(queue)), ["other"]);
  t.strictSame(await queue.acknowledge(first), []);
  t.strictSame(bodiesOf(await receiveAll(queue)), numbered(12).slice(first.length));
}
