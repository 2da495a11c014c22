import { test } from "tap";
import { seconds } from "../../lib/core/time.ts";
import { openCounter } from "../../lib/dirtymark/counts.ts";
import { reportDrained, reportQueue, reportTags } from "../../lib/dirtymark/report.ts";
import { aMessage } from "../support/messages.ts";

const place = { accountId: "111122223333", region: "eu-west-1", queue: "skunky" };
const state = { visible: 7, inFlight: 2, delayed: 1, maxReceives: undefined, deadLetterQueue: undefined };
const now = 1_000_000;

test("every delivery is counted once, by what became of it", async (t) => {
  const counter = openCounter();
  const messages = Array.from({ length: 7 }, (_, at) => aMessage({ id: `m${at}`, receiveCount: at, sentAt: now - at }));
  counter.receive(messages);
  for (const fate of ["recorded", "ignored", "dropped", "unresolved", "buried", "refused", "kept"] as const)
    counter.end(fate);
  counter.refuse("forged");
  counter.note({ records: 2, events: [] });
  const { fields, tags } = reportDrained(counter.counts(), place);
  t.strictSame(tags, { account: "111122223333", region: "eu-west-1", queue: "skunky" });
  t.strictSame(fields, {
    ...{ received: 7, recorded: 1, ignored: 1, dropped: 1, unresolved: 1, buried: 1, refused: 1, kept: 1 },
    ...{ events: 0, records: 2 },
  });
});

test("the queue's point tells of deliveries only where something was received", async (t) => {
  const counter = openCounter();
  counter.receive([aMessage({ sentAt: now - seconds(90), receiveCount: 2 }), aMessage({ sentAt: now - seconds(5) })]);
  counter.refuse("forged");
  t.match(reportQueue(state, counter.counts(), { ...place, now }).fields, {
    ...{ visible: 7, in_flight: 2, delayed: 1, oldest_s: 90, redelivered: 1, unverified: 0 },
    ...{ rejected_forged: 1, rejected_malformed: 0, rejected_unknown_account: 0 },
  });
  const { fields } = reportQueue(state, undefined, { ...place, now });
  t.strictSame(
    Object.entries(fields).filter(([, value]) => value !== undefined),
    [
      ["visible", 7],
      ["in_flight", 2],
      ["delayed", 1],
    ],
  );
  t.equal(reportQueue(state, openCounter().counts(), { ...place, now }).fields.oldest_s, undefined, "nothing received");
});

test("a message sent by a clock ahead of ours is no younger than none", async (t) => {
  const counter = openCounter();
  counter.receive([aMessage({ sentAt: now + seconds(9) })]);
  t.equal(reportQueue(state, counter.counts(), { ...place, now }).fields.oldest_s, 0);
});

test("a region's tags have a point", async (t) => {
  const region = { accountId: "111122223333", region: "eu-west-1", tagged: 3, untaggable: 1, due: 2 };
  const { tags, fields } = reportTags(region);
  t.strictSame(
    [tags, fields],
    [
      { account: "111122223333", region: "eu-west-1" },
      { tagged: 3, untaggable: 1, due: 2 },
    ],
  );
});
