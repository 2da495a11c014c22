import { test } from "tap";
import { fates, openCounter } from "../../lib/dirtymark/counts.ts";
import { aMarkedEvent } from "../support/marks.ts";
import { aMessage } from "../support/messages.ts";

test("before the first message all is zero, and nothing is old", async (t) => {
  const { oldest, byFate, byReason, ...sums } = openCounter().counts();
  t.equal(oldest, undefined);
  t.strictSame([...new Set([...Object.values(byFate), ...Object.values(byReason), ...Object.values(sums)])], [0]);
  t.strictSame(Object.keys(byFate), [...fates]);
});

test("what was counted is not changed by what comes later", async (t) => {
  const counter = openCounter();
  const before = counter.counts();
  counter.receive([aMessage({ sentAt: 20 }), aMessage({ sentAt: 10, receiveCount: 3 })]);
  counter.end("kept");
  counter.end("recorded");
  counter.refuse("too_large");
  counter.note({ records: 1, events: [aMarkedEvent(), aMarkedEvent({ isVerified: false })] });
  t.match(before, { received: 0, byFate: { kept: 0 }, byReason: { too_large: 0 } });
  t.match(counter.counts(), {
    ...{ received: 2, redelivered: 1, oldest: 10, events: 2, unverified: 1, records: 1 },
    ...{ byFate: { kept: 1, recorded: 1, refused: 0 }, byReason: { too_large: 1, forged: 0 } },
  });
});
