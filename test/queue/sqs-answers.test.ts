import { test } from "tap";
import { readMessage, readRedrive, readState } from "../../lib/queue/sqs-answers.ts";

const asked = 'sqs:X on queue "q"';
const received = {
  ...{ MessageId: "1", ReceiptHandle: "r", Body: "x" },
  Attributes: { SentTimestamp: "1000", ApproximateReceiveCount: "2", SenderId: "AROA:i-1", MessageGroupId: "g" },
};
const message = { id: "1", receipt: "r", body: "x", sentAt: 1000, receiveCount: 2, senderId: "AROA:i-1" };

test("a message as SQS tells of it, with a group where that orders", async (t) => {
  t.strictSame(readMessage(received, { isFifo: true, asked }), { ...message, group: "g" });
  t.strictSame(readMessage(received, { isFifo: false, asked }), { ...message, group: undefined });
  t.match(readMessage({ ...received, Body: undefined }, { isFifo: false, asked }), { body: "" });
});

const { SentTimestamp: _sent, ...unsent } = received.Attributes;
const incomplete = [
  { name: "id", one: { ...received, MessageId: undefined } },
  { name: "receipt", one: { ...received, ReceiptHandle: undefined } },
  { name: "time", one: { ...received, Attributes: unsent } },
  { name: "receive count", one: { ...received, Attributes: { SentTimestamp: "1" } } },
  { name: "attributes", one: { ...received, Attributes: undefined } },
];

for (const { name, one } of incomplete)
  test(`a message without ${name} is an error`, async (t) => {
    t.throws(() => readMessage(one, { isFifo: false, asked }), { code: "other", message: /^sqs:X on queue "q": / });
  });

const counts = {
  ApproximateNumberOfMessages: "3",
  ApproximateNumberOfMessagesNotVisible: "2",
  ApproximateNumberOfMessagesDelayed: "1",
};
const arn = "arn:aws-cn:sqs:cn-north-1:111122223333:dead.fifo";
const redrive = { maxReceives: 5, name: "dead.fifo", accountId: "111122223333" };

test("how a queue stands", async (t) => {
  const standing = { visible: 3, inFlight: 2, delayed: 1 };
  t.strictSame(readState(counts, asked), { ...standing, maxReceives: undefined, deadLetterQueue: undefined });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 });
  t.strictSame(readState({ ...counts, RedrivePolicy }, asked), {
    ...{ ...standing, maxReceives: 5, deadLetterQueue: "dead.fifo" },
  });
  for (const name of Object.keys(counts))
    for (const value of [undefined, "many"])
      t.throws(() => readState({ ...counts, [name]: value }, asked), { message: /lacks a count/ }, `${name} ${value}`);
});

const policies = [
  { name: "no policy", text: undefined, want: undefined },
  { name: "an empty policy", text: "", want: undefined },
  {
    name: "a count that is a number",
    text: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 }),
    want: redrive,
  },
  {
    name: "a count that is a text",
    text: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: "5" }),
    want: redrive,
  },
];

for (const { name, text, want } of policies)
  test(`where messages are moved to: ${name}`, async (t) => {
    t.strictSame(readRedrive({ RedrivePolicy: text }, asked), want);
  });

const unread = [
  "{",
  "null",
  "{}",
  JSON.stringify({ deadLetterTargetArn: "arn:aws:sns:x:111122223333:t", maxReceiveCount: 5 }),
  JSON.stringify({ deadLetterTargetArn: arn }),
  JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: "many" }),
];

for (const text of unread)
  test(`a redrive policy that can't be read: ${text}`, async (t) => {
    t.throws(() => readRedrive({ RedrivePolicy: text }, asked), {
      code: "other",
      message: /RedrivePolicy can't be read/,
    });
  });
