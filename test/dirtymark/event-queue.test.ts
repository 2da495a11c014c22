import { test } from "tap";
import { openEventQueue } from "../../lib/dirtymark/event-queue.ts";
import { createMemoryQueue } from "../../lib/queue/memory.ts";

const attributes = {
  ...{ SentTimestamp: "1000", ApproximateReceiveCount: "2", SenderId: "AIDA1" },
  ApproximateFirstReceiveTimestamp: "1001",
};

const aRecord = (messageId: string, said: object = {}) => ({
  ...{ messageId, receiptHandle: `receipt ${messageId}`, body: "{}", attributes, messageAttributes: {}, md5OfBody: "" },
  ...{ eventSource: "aws:sqs", eventSourceARN: "arn:aws:sqs:eu-west-1:111122223333:skunky", awsRegion: "eu-west-1" },
  ...said,
});

const receiving = { wait: 0, visibility: 0, stop: new AbortController().signal };

const none = () => Promise.reject(new Error("no queue is needed"));

test("an event's messages are handed out once, ten at most", async (t) => {
  const queue = openEventQueue({ Records: Array.from({ length: 12 }, (_, at) => aRecord(`m${at}`)) }, none);
  t.equal(queue.name, "skunky");
  const first = await queue.receive(receiving);
  t.match(first[0], { id: "m0", receipt: "receipt m0", sentAt: 1000, receiveCount: 2, senderId: "AIDA1" });
  t.strictSame([first.length, (await queue.receive(receiving)).length], [10, 2]);
  t.strictSame(await queue.receive(receiving), []);
});

test("failures are those that were not acknowledged, each id once", async (t) => {
  const Records = [aRecord("a"), aRecord("b"), aRecord("b", { receiptHandle: "another" }), aRecord("c")];
  const queue = openEventQueue({ Records }, none);
  const [a, b, again] = await queue.receive(receiving);
  t.strictSame(queue.failures(), ["a", "b", "c"]);
  if (a === undefined || b === undefined || again === undefined) return t.fail("three messages");
  t.strictSame(await queue.acknowledge([a, b]), []);
  t.strictSame(queue.failures(), ["b", "c"], "one of two deliveries");
  await queue.acknowledge([again]);
  t.strictSame(queue.failures(), ["c"]);
  t.strictSame(await queue.hide([a], 5), [], "Lambda hides them");
});

test("an event without messages", async (t) => {
  const queue = openEventQueue({ Records: [] }, none);
  t.strictSame([queue.name, await queue.receive(receiving), queue.failures()], ["none", [], []]);
});

test("the queue itself is opened once, for its state and for burials", async (t) => {
  const dead = createMemoryQueue({ name: "dead" });
  let opened = 0;
  const queue = openEventQueue({ Records: [aRecord("a", { body: "poison" })] }, async () => {
    opened += 1;
    return createMemoryQueue({ redrive: { maxReceives: 9, to: dead } });
  });
  t.match(await queue.state(), { deadLetterQueue: "dead" });
  await queue.bury(await queue.receive(receiving));
  t.strictSame([dead.bodies(), opened], [["poison"], 1]);
});

const lacking = [
  { name: "no time of sending", attributes: { ...attributes, SentTimestamp: undefined } },
  { name: "a time that is no number", attributes: { ...attributes, SentTimestamp: "soon" } },
  { name: "no receive count", attributes: { ...attributes, ApproximateReceiveCount: undefined } },
];

for (const { name, attributes } of lacking)
  test(`a message with ${name} fails the event`, async (t) => {
    // As a caller might send it that is not Lambda.
    const record = aRecord("a", { attributes }) as ReturnType<typeof aRecord>;
    t.throws(() => openEventQueue({ Records: [record] }, none), { code: "other", message: /"a".*SentTimestamp/ });
  });
