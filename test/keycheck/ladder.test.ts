import fc from "fast-check";
import { test } from "tap";
import { noteFailure } from "../../lib/act/failures.ts";
import { days, hours } from "../../lib/core/time.ts";
import { dayOf } from "../../lib/keycheck/disable-day.ts";
import {
  followKey,
  isOff,
  type KeyNow,
  type Ladder,
  type NoticeSent,
  newLadder,
  noteDisabled,
  noteNotice,
  noteTicket,
  restartLadder,
  type Stage,
  summarizeLadders,
} from "../../lib/keycheck/ladder.ts";
import { aLadder, aTicket } from "../support/key-ladders.ts";
import { aListedKey, now } from "../support/keycheck-records.ts";

test("a new ladder is in its first round, and nothing was said or done", async (t) => {
  const key = aListedKey();
  t.strictSame(newLadder("ada", key), {
    ...{ shape: 1, keyId: key.id, user: "ada", createdAt: key.createdAt },
    ...{ round: 1, notices: 0, said: [] },
  });
});

const then = now - days(3);
const byUs = { disabled: { at: then, id: "keycheck/123456789012/disable/ada/1" } };
const active = (confirmedAt: number): KeyNow => ({ active: true, confirmedAt });
const inactive = (confirmedAt: number): KeyNow => ({ active: false, confirmedAt });

interface FollowCase {
  readonly name: string;
  readonly ladder: Partial<Ladder>;
  readonly key: KeyNow;
  readonly want: "same" | "ended" | "restarted";
}

const followCases: readonly FollowCase[] = [
  { name: "a key in use goes on", ladder: {}, key: active(now), want: "same" },
  { name: "a key that is gone is at its end", ladder: {}, key: undefined, want: "ended" },
  { name: "a key that a person has switched off is at its end", ladder: {}, key: inactive(now), want: "ended" },
  { name: "one that ended stays so while Inactive", ladder: { endedAt: then }, key: inactive(now), want: "same" },
  { name: "one that ended ended once", ladder: { endedAt: then }, key: undefined, want: "same" },
  { name: "disabled by keycheck and Inactive is as it should be", ladder: byUs, key: inactive(now), want: "same" },
  { name: "disabled by keycheck and then deleted is at its end", ladder: byUs, key: undefined, want: "ended" },
  { name: "disabled, and Active by an older look", ladder: byUs, key: active(then - 1), want: "same" },
  { name: "disabled, and Active by a look of that very moment", ladder: byUs, key: active(then), want: "same" },
  { name: "disabled, and Active by a newer look", ladder: byUs, key: active(then + 1), want: "restarted" },
  { name: "ended, and Active by an older look", ladder: { endedAt: then }, key: active(then), want: "same" },
  { name: "ended, and Active by a newer look", ladder: { endedAt: then }, key: active(then + 1), want: "restarted" },
  {
    name: "disabled, then gone, and Active by a look between the two",
    ladder: { ...byUs, endedAt: then + hours(2) },
    key: active(then + hours(1)),
    want: "same",
  },
  {
    name: "switched on again, and Inactive by a look from before",
    ladder: { round: 2, restartedAt: then },
    key: inactive(then),
    want: "same",
  },
  {
    name: "switched on again and off again",
    ladder: { round: 2, restartedAt: then },
    key: inactive(then + 1),
    want: "ended",
  },
  { name: "switched on again, and still so", ladder: { round: 2, restartedAt: then }, key: active(now), want: "same" },
];

for (const { name, ladder: changes, key, want } of followCases) {
  test(`follow: ${name}`, async (t) => {
    const ladder = aLadder(changes);
    const followed = followKey(ladder, key, now);
    if (want === "same") t.equal(followed, ladder);
    if (want === "ended") t.strictSame(followed, { ...ladder, endedAt: now });
    if (want === "restarted") {
      t.strictSame(followed, { ...aLadder(), round: ladder.round + 1, restartedAt: key?.confirmedAt });
    }
    t.strictSame(followKey(followed, key, now + hours(1)), followed, "looked at again it says the same");
  });
}

test("off is what keycheck or a person has switched off, or what is gone", async (t) => {
  t.strictSame([aLadder(), aLadder(byUs), aLadder({ endedAt: then })].map(isOff), [false, true, true]);
});

test("a new round keeps the first notice of all and the ticket, and forgets what its owner was told", async (t) => {
  const first = { firstNoticeAt: then, ticket: aTicket() };
  const told = { notices: 3, lastNoticeAt: now, deliveredAt: then, person: "U1", said: ["disabled"] as const };
  const failures = { notice: { count: 1, retryAt: now } };
  const ladder = aLadder({ ...first, ...told, ...byUs, failures, endedAt: now, round: 4 });
  t.strictSame(restartLadder(ladder, now), aLadder({ ...first, round: 5, restartedAt: now }));
});

const sent = (notice: Partial<NoticeSent> = {}): NoticeSent => ({
  ...{ at: now, sequence: 1, stage: "expired", person: "U1" },
  ...notice,
});
const told = { notices: 1, lastNoticeAt: then, firstNoticeAt: then, person: "U1", deliveredAt: then };

interface NoticeCase {
  readonly name: string;
  readonly ladder: Partial<Ladder>;
  readonly notice: Partial<NoticeSent>;
  readonly want: { readonly [Member in keyof Ladder]?: Ladder[Member] | undefined };
}

const noticeCases: readonly NoticeCase[] = [
  {
    name: "the first one that reaches its owner starts the clock",
    ladder: {},
    notice: {},
    want: { notices: 1, lastNoticeAt: now, firstNoticeAt: now, deliveredAt: now, person: "U1", said: [] },
  },
  {
    name: "one to the fallback channel starts none",
    ladder: {},
    notice: { person: undefined },
    want: { notices: 1, lastNoticeAt: now, firstNoticeAt: now, deliveredAt: undefined, person: undefined },
  },
  {
    name: "one that says that the key stays on starts none",
    ladder: {},
    notice: { saysItStays: true },
    want: { notices: 1, deliveredAt: undefined, person: "U1" },
  },
  {
    name: "a reminder does not start it anew",
    ladder: told,
    notice: { sequence: 2 },
    want: { notices: 2, lastNoticeAt: now, firstNoticeAt: then, deliveredAt: then },
  },
  {
    name: "another owner gets the whole time",
    ladder: told,
    notice: { sequence: 2, person: "U2" },
    want: { person: "U2", deliveredAt: now },
  },
  {
    name: "who was told meanwhile that the key stays on gets the whole time again",
    ladder: { ...told, deliveredAt: undefined },
    notice: { sequence: 2 },
    want: { person: "U1", deliveredAt: now },
  },
  {
    name: "a clock that runs is stopped by the word that the key stays on",
    ladder: told,
    notice: { sequence: 2, saysItStays: true },
    want: { person: "U1", deliveredAt: undefined },
  },
  {
    name: "an older one that is recorded late changes no clock",
    ladder: told,
    notice: { at: then - 1, sequence: 1, person: "U2" },
    want: { notices: 1, lastNoticeAt: then, firstNoticeAt: then - 1, person: "U1", deliveredAt: then },
  },
  {
    name: "the day that its owner is told is kept",
    ladder: told,
    notice: { sequence: 2, disableFrom: now + days(9) },
    want: { announcedAt: dayOf(now + days(9)), deliveredAt: then },
  },
  {
    name: "one that names no day leaves it",
    ladder: { ...told, announcedAt: now },
    notice: { sequence: 2 },
    want: { announcedAt: now },
  },
  {
    name: "another owner has not been told of it",
    ladder: { ...told, announcedAt: now },
    notice: { sequence: 2, person: "U2" },
    want: { announcedAt: undefined },
  },
  {
    name: "the word that the key stays on takes it back",
    ladder: { ...told, announcedAt: now },
    notice: { sequence: 2, saysItStays: true },
    want: { announcedAt: undefined },
  },
  {
    name: "the fallback channel is told nobody's day",
    ladder: told,
    notice: { sequence: 2, person: undefined, disableFrom: now + days(9) },
    want: { announcedAt: undefined },
  },
  {
    name: "news of the deed is no warning of it",
    ladder: {},
    notice: { sequence: undefined, stage: "disabled" },
    want: { said: ["disabled"], deliveredAt: undefined, person: undefined, notices: 0, lastNoticeAt: now },
  },
  {
    name: "nor is news of a deed that failed",
    ladder: {},
    notice: { sequence: undefined, stage: "disable_failed" },
    want: { said: ["disable_failed"], deliveredAt: undefined, person: undefined },
  },
  {
    name: "news of a leak is a warning",
    ladder: {},
    notice: { sequence: undefined, stage: "quarantined" },
    want: { said: ["quarantined"], deliveredAt: now, person: "U1", notices: 0 },
  },
  {
    name: "what was said is noted once",
    ladder: { said: ["quarantined"] },
    notice: { sequence: undefined, stage: "quarantined" },
    want: { said: ["quarantined"] },
  },
  {
    name: "one that went out makes up for those that failed, of notices alone",
    ladder: { failures: { notice: { count: 3, retryAt: now }, ticket: { count: 1, retryAt: now } } },
    notice: {},
    want: { failures: { notice: undefined, ticket: { count: 1, retryAt: now } } },
  },
];

for (const { name, ladder, notice, want } of noticeCases) {
  test(`notice: ${name}`, async (t) => {
    const noted = noteNotice(aLadder(ladder), sent(notice));
    for (const [member, value] of Object.entries(want)) t.strictSame(noted[member as keyof Ladder], value, member);
    t.strictSame(noteNotice(noted, sent(notice)), noted, "recorded again it changes nothing");
  });
}

test("a ticket filed and a key disabled make up for what failed of their kind", async (t) => {
  const failed = { count: 2, retryAt: now };
  const ladder = aLadder({ failures: { ticket: failed, disable: failed } });
  t.strictSame(noteTicket(ladder, aTicket()), {
    ...ladder,
    ticket: aTicket(),
    failures: { ticket: undefined, disable: failed },
  });
  t.strictSame(noteDisabled(ladder, byUs.disabled), {
    ...{ ...ladder, ...byUs },
    failures: { ticket: failed, disable: undefined },
  });
});

test("a key that was taken for switched off by a person, until keycheck's own deed was known, is not at its end", async (t) => {
  const disabled = noteDisabled(aLadder({ endedAt: then }), byUs.disabled);
  t.notOk("endedAt" in disabled);
  const gone = { ...disabled, endedAt: now };
  t.equal(noteDisabled(gone, byUs.disabled), gone, "said again it takes no later end away");
});

const rotated = (took: number, ago = 0): Ladder =>
  aLadder({ firstNoticeAt: now - ago - took, endedAt: now - ago, person: "U1" });

const summaries = [
  { name: "nothing is known of no keys", ladders: [], want: [0, 0, 0, undefined] },
  { name: "whom nobody reached is not notified", ladders: [aLadder({ notices: 2 })], want: [0, 0, 0, undefined] },
  { name: "an owner told", ladders: [aLadder({ person: "U1" })], want: [1, 0, 0, undefined] },
  { name: "disabled is no longer notified", ladders: [aLadder({ person: "U1", ...byUs })], want: [0, 0, 1, undefined] },
  { name: "disabled and gone is neither", ladders: [{ ...rotated(days(4)), ...byUs }], want: [0, 0, 0, 4] },
  {
    name: "open tickets count, those of keys that are gone too",
    ladders: [
      aLadder({ ticket: aTicket() }),
      aLadder({ ticket: aTicket(), endedAt: now }),
      aLadder({ ticket: aTicket({ isDone: true }) }),
    ],
    want: [0, 2, 0, undefined],
  },
  {
    name: "what ended without a notice was no rotation",
    ladders: [aLadder({ endedAt: now })],
    want: [0, 0, 0, undefined],
  },
  { name: "a rotation of 90 days ago counts", ladders: [rotated(days(5), days(90))], want: [0, 0, 0, 5] },
  { name: "an older one does not", ladders: [rotated(days(5), days(90) + 1)], want: [0, 0, 0, undefined] },
  { name: "days are whole days", ladders: [rotated(days(5) - 1)], want: [0, 0, 0, 4] },
  { name: "of three the middle one", ladders: [9, 1, 5].map((took) => rotated(days(took))), want: [0, 0, 0, 5] },
  {
    name: "of an even number the lower of the middle two, which is a key's own",
    ladders: [10, 2, 100, 1].map((took) => rotated(days(took))),
    want: [0, 0, 0, 2],
  },
] as const;

for (const { name, ladders, want } of summaries) {
  test(`summary: ${name}`, async (t) => {
    const { notified, ticketed, disabled, rotationDaysMedian } = summarizeLadders(ladders, now);
    t.strictSame([notified, ticketed, disabled, rotationDaysMedian], want);
  });
}

type Event = (ladder: Ladder, at: number) => Ladder;

const stages: readonly Stage[] = ["expiring", "expired", "quarantined", "disabled", "disable_failed"];
const events: fc.Arbitrary<Event> = fc.oneof(
  fc
    .record({
      ...{ sequence: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }), stage: fc.constantFrom(...stages) },
      ...{ person: fc.constantFrom(undefined, "U1", "U2"), saysItStays: fc.boolean() },
    })
    .map(
      (notice): Event =>
        (ladder, at) =>
          noteNotice(ladder, { ...notice, at }),
    ),
  fc.constant<Event>((ladder, at) => noteDisabled(ladder, { at, id: "x" })),
  fc.constant<Event>((ladder, at) => noteFailure(ladder, "disable", { at, attempt: 2 })),
  fc.constantFrom(undefined, true, false).map(
    (isActive): Event =>
      (ladder, at) =>
        followKey(ladder, isActive === undefined ? undefined : { active: isActive, confirmedAt: at }, at),
  ),
);

test("whatever comes, a round never goes back, a clock runs only for a person, and a store gives back what it got", async (t) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(events, fc.integer({ min: 1, max: days(2) })), { maxLength: 20 }), (history) => {
      let ladder = aLadder();
      let at = then;
      for (const [event, after] of history) {
        at += after;
        const next = event(ladder, at);
        if (next.round < ladder.round) return false;
        if (next.deliveredAt !== undefined && (next.person === undefined || next.deliveredAt > at)) return false;
        const stored: Ladder = JSON.parse(JSON.stringify(next));
        if (JSON.stringify(event(stored, at)) !== JSON.stringify(event(next, at))) return false;
        ladder = next;
      }
      return true;
    }),
    { numRuns: 300 },
  );
  t.pass();
});
