import { test } from "tap";
import type { Message } from "../../lib/core/queue.ts";
import { batchesOf, refusedOf } from "../../lib/queue/batches.ts";

const messageOf = (body: string): Message => ({
  ...{ id: body, receipt: body, body, sentAt: 0, receiveCount: 1, senderId: undefined, group: undefined },
});

const divided = [
  { name: "none", bodies: [], limits: { entries: 10 }, want: [] },
  { name: "just one batch", bodies: ["a", "b"], limits: { entries: 2 }, want: [2] },
  { name: "one more", bodies: ["a", "b", "c"], limits: { entries: 2 }, want: [2, 1] },
  { name: "just as long as may be", bodies: ["aa", "bb"], limits: { entries: 9, bytes: 4 }, want: [2] },
  { name: "a byte longer", bodies: ["aa", "bbb"], limits: { entries: 9, bytes: 4 }, want: [1, 1] },
  { name: "bytes, not characters", bodies: ["é", "é", "é"], limits: { entries: 9, bytes: 5 }, want: [2, 1] },
  {
    name: "one too long by itself goes alone",
    bodies: ["a", "bbbbb", "c"],
    limits: { entries: 9, bytes: 4 },
    want: [1, 1, 1],
  },
  {
    name: "what comes after is counted anew",
    bodies: ["aaa", "bb", "cc"],
    limits: { entries: 9, bytes: 4 },
    want: [1, 2],
  },
];

for (const { name, bodies, limits, want } of divided)
  test(`in batches: ${name}`, async (t) => {
    const batches = batchesOf(bodies.map(messageOf), limits);
    t.strictSame(
      batches.map(({ length }) => length),
      want,
    );
    t.strictSame(
      batches.flat().map(({ body }) => body),
      bodies,
    );
  });

const answers = [
  { name: "all done", answer: { Successful: [{ Id: "0" }, { Id: "1" }] }, want: {} },
  {
    name: "one failed",
    answer: { Successful: [{ Id: "1" }], Failed: [{ Id: "0", Code: "InternalError", Message: "later" }] },
    want: { a: "InternalError: later" },
  },
  { name: "a code alone", answer: { Successful: [{ Id: "1" }], Failed: [{ Id: "0", Code: "X" }] }, want: { a: "X" } },
  {
    name: "no code",
    answer: { Successful: [{ Id: "1" }], Failed: [{ Id: "0", Message: "later" }] },
    want: { a: "refused: later" },
  },
  { name: "silence", answer: { Successful: [{ Id: "0" }] }, want: { b: "the answer does not tell of it" } },
  {
    name: "nothing at all",
    answer: {},
    want: { a: "the answer does not tell of it", b: "the answer does not tell of it" },
  },
];

for (const { name, answer, want } of answers)
  test(`what a batch's answer refuses: ${name}`, async (t) => {
    const refused = refusedOf(["a", "b"].map(messageOf), answer);
    t.strictSame(Object.fromEntries(refused.map(({ message, says }) => [message.body, says])), want);
  });
