import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { test } from "tap";
import { levels } from "../../lib/host-events/event.ts";
import { type Mark, type MarkedEvent, newMark } from "../../lib/marks/mark.ts";
import { mergeEvents } from "../../lib/marks/merge-events.ts";
import { aMark, aMarkedEvent, aTally, now, someInstance } from "../support/marks.ts";

const fresh = newMark(someInstance);

test("the first event makes the tally of its trust, and no other", async (t) => {
  const tally = aTally({ firstAt: now, lastAt: now });
  const event = { at: now };
  t.strictSame(mergeEvents(fresh, [aMarkedEvent({ event })]), { ...fresh, verified: tally, messages: ["m1"] });
  t.strictSame(mergeEvents(fresh, [aMarkedEvent({ event, isVerified: false })]), {
    ...{ ...fresh, unverified: tally, messages: ["?m1"] },
  });
  t.equal(mergeEvents(fresh, []), fresh);
});

test("of several events first and last, gravest level, names, sources and persons are kept", async (t) => {
  const merged = mergeEvents(fresh, [
    aMarkedEvent({ messageId: "m1", event: { at: 20 }, annotations: { team: "a", site: "x" } }),
    aMarkedEvent({
      ...{ messageId: "m2", level: "critical", annotations: { team: "b" } },
      event: { at: 10, name: "ssm_start_session", source: "cloudtrail", principal: "eve", address: undefined },
    }),
    aMarkedEvent({ messageId: "m3", level: "low", event: { at: 15, principal: undefined, address: "192.0.2.8" } }),
    aMarkedEvent({ messageId: "m4", event: { at: 16 } }),
  ]);
  t.strictSame(merged.verified, {
    ...{ firstAt: 10, lastAt: 20, count: 4, level: "critical", names: { ssh: 3, ssm_start_session: 1 } },
    ...{ sources: ["cloudtrail", "host"], principals: ["eve", "ada"], addresses: ["192.0.2.8", "192.0.2.7"] },
  });
  t.strictSame(merged.annotations, { team: "b", site: "x" });
  t.strictSame(merged.messages, ["m1", "m2", "m3", "m4"]);
});

const long = "arn:aws:events:eu-west-1:123456789012:event/";

const hearings: readonly {
  readonly name: string;
  readonly messages?: readonly string[];
  readonly events: readonly Partial<MarkedEvent>[];
  /** Verified, unverified. */
  readonly want: readonly [number, number];
}[] = [
  { name: "one that was heard of", messages: ["m1"], events: [{ messageId: "m1" }], want: [0, 0] },
  { name: "the same twice in a batch", events: [{ messageId: "m1" }, { messageId: "m1" }], want: [1, 0] },
  { name: "two", events: [{ messageId: "m1" }, { messageId: "m2" }], want: [2, 0] },
  {
    name: "one that was not believed before, and now is",
    messages: ["?m1"],
    events: [{ messageId: "m1" }],
    want: [1, 0],
  },
  {
    name: "one that was believed before, and now is not",
    messages: ["m1"],
    events: [{ messageId: "m1", isVerified: false }],
    want: [0, 0],
  },
  {
    name: "both in a batch, whichever comes first",
    events: [{ messageId: "m1", isVerified: false }, { messageId: "m1" }],
    want: [1, 0],
  },
  {
    name: "one not believed, heard of before",
    messages: ["?m1"],
    events: [{ messageId: "m1", isVerified: false }],
    want: [0, 0],
  },
  {
    name: "long ids that begin alike",
    events: [{ messageId: `${long}00000001` }, { messageId: `${long}00000002` }, { messageId: `${long}00000001` }],
    want: [2, 0],
  },
];

for (const { name, messages = [], events, want } of hearings) {
  test(`counted once: ${name}`, async (t) => {
    const merged = mergeEvents({ ...fresh, messages }, events.map(aMarkedEvent));
    t.strictSame([merged.verified?.count ?? 0, merged.unverified?.count ?? 0], want);
  });
}

for (const { name, at, want } of [
  { name: "an event from before its end leaves it ended", at: 99, want: { missingSince: 100, endedAt: 100 } },
  { name: "one of the same moment, too", at: 100, want: { missingSince: 100, endedAt: 100 } },
  { name: "a later one says that it is not gone", at: 101, want: {} },
]) {
  test(name, async (t) => {
    const ended = aMark({ missingSince: 100, endedAt: 100 });
    const { missingSince, endedAt } = mergeEvents(ended, [aMarkedEvent({ messageId: "m9", event: { at } })]);
    t.strictSame({ ...(missingSince && { missingSince }), ...(endedAt && { endedAt }) }, want);
  });
}

test("whether it can be tagged is found out anew", async (t) => {
  const events = [aMarkedEvent({ messageId: "m9" })];
  t.notOk("untaggable" in mergeEvents(aMark({ untaggable: "tag_limit" }), events));
});

test("a mark does not grow without end, whatever hosts call their events and users", async (t) => {
  const events = Array.from({ length: 500 }, (_, at) =>
    aMarkedEvent({
      messageId: `m${at}`,
      event: { name: `event ${at}`, principal: `user ${at}`, address: `address ${at}` },
    }),
  );
  const { verified, messages } = mergeEvents(fresh, events);
  t.equal(verified?.count, 500);
  t.equal(Object.keys(verified?.names ?? {}).length, 17);
  t.equal(verified?.names.other, 484);
  t.equal(verified?.names["event 15"], 1);
  t.strictSame([verified?.principals.length, verified?.addresses.length, messages.length], [16, 16, 32]);
  t.equal(verified?.principals.at(-1), "user 499");
});

test("names that every object has are names like others", async (t) => {
  const names = ["constructor", "__proto__", "constructor"];
  const events = names.map((name, at) => aMarkedEvent({ messageId: `m${at}`, event: { name } }));
  const counted = mergeEvents(fresh, events).verified?.names ?? {};
  t.strictSame(Object.entries(counted).sort(), [
    ["__proto__", 1],
    ["constructor", 2],
  ]);
});

test("order and grouping make no difference, nor do repeats", async (t) => {
  const anEvent = fc.record({
    level: fc.constantFrom(...levels),
    isVerified: fc.boolean(),
    at: fc.nat({ max: 1000 }),
    name: fc.constantFrom("ssh", "sftp", "scp"),
    source: fc.constantFrom("host" as const, "ssm" as const),
  });
  const tallyOf = ({ verified, unverified }: Mark) =>
    [verified, unverified].map((tally) => tally && { ...tally, names: new Map(Object.entries(tally.names).sort()) });
  const someEvents = fc
    .array(anEvent, { maxLength: 20 })
    .map((events) =>
      events.map(({ level, isVerified, ...event }, at) =>
        aMarkedEvent({ ...{ level, isVerified, messageId: `m${at}` }, event }),
      ),
    )
    .chain((events) =>
      fc.record({
        events: fc.constant(events),
        again: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
        cut: fc.nat({ max: 40 }),
      }),
    );
  fc.assert(
    fc.property(someEvents, ({ events, again, cut }) => {
      const [first, second] = [again.slice(0, cut), again.slice(cut)];
      deepStrictEqual(tallyOf(mergeEvents(mergeEvents(fresh, first), second)), tallyOf(mergeEvents(fresh, events)));
    }),
    { numRuns: 100 },
  );
  t.pass();
});

test("more events of one instance than a call takes arguments", async (t) => {
  const events = Array.from({ length: 130_000 }, (_, at) => aMarkedEvent({ messageId: `m${at}` }));
  t.equal(mergeEvents(newMark(someInstance), events).verified?.count, 130_000);
});
