import { test } from "tap";
import type { PlannedAction } from "../../../lib/act/action.ts";
import type { JsonObject } from "../../../lib/core/json.ts";
import type { Message } from "../../../lib/core/message.ts";
import { days, hours, minutes } from "../../../lib/core/time.ts";
import { notice } from "../../../lib/keycheck/actions/notice.ts";
import { dayOf } from "../../../lib/keycheck/disable-day.ts";
import { type Ladder, newLadder } from "../../../lib/keycheck/ladder.ts";
import { planActions } from "../../../lib/keycheck/plan.ts";
import { anIntent } from "../../support/an-intent.ts";
import { aNotifier, openKeyActing } from "../../support/key-acting.ts";
import { aCandidate, aPlanning } from "../../support/key-ladders.ts";
import { now } from "../../support/keycheck-records.ts";

type Place = ReturnType<typeof openKeyActing>;

const remember = ({ ladders, key }: Place, ladder: Partial<Ladder>) =>
  ladders.update({ ...newLadder("ada", key), ...ladder }, (one) => one);

async function planNotice({ clock, ladders, key }: Place, disableAfter = days(14)): Promise<PlannedAction> {
  const ladder = await ladders.find(key.id);
  const candidate = aCandidate({ key, disableAfter, ...(ladder && { ladder }) });
  const found = planActions([candidate], aPlanning({ now: clock.now })).find(({ kind }) => kind === "notice");
  if (found === undefined) throw new Error("no notice is planned");
  return found;
}

/** Looks, sends and records, as a run does. */
async function sendNotice(
  place: Place,
  { disableAfter, at = now }: { readonly disableAfter?: number; readonly at?: number } = {},
) {
  const messages: Message[] = [];
  const notifier = aNotifier({
    ...(place.acting.notifier && { findPerson: place.acting.notifier.findPerson }),
    async send(_intent, _to, message) {
      messages.push(message);
      return { channel: "D1", message: "1.000001", at, isDelivered: true };
    },
  });
  const kind = notice({ ...place.acting, notifier });
  const action = await planNotice(place, disableAfter);
  const standing = await kind.stand(action);
  if (standing.is !== "due") throw new Error(standing.says);
  const { before } = standing;
  const { cap: _, ...uncapped } = action;
  const after: JsonObject = await kind.write(await anIntent(uncapped), before, new AbortController().signal);
  await kind.record?.({
    ...{ action, state: "applied", attempt: 1, intendedAt: place.clock.now, before, after, who: "tester" },
    ...{ planHash: "x", lease: { holder: { token: "a", host: "h", pid: 1 }, until: now } },
  });
  const said = JSON.stringify(messages).match(/still Active on (\d{4}-\d{2}-\d{2})/)?.[1];
  return { said, ladder: await place.ladders.find(place.key.id) };
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10);
const told = { notices: 3, lastNoticeAt: now - days(2), deliveredAt: now - days(10), person: "U0ADA" };
const announcedAt = dayOf(now + days(4));

const readers = [
  { name: "who was told before is told the same day again", user: "U0ADA", want: now + days(4) },
  { name: "a new owner is told a day of their own, not the old one's", user: "U0ZED", want: now + days(14) },
];

for (const { name, user, want } of readers) {
  test(name, async (t) => {
    const place = openKeyActing({ ownerMap: new Map([["ada", user]]) });
    await remember(place, { ...told, announcedAt });
    const { said, ladder } = await sendNotice(place);
    t.equal(said, day(want));
    t.match(ladder, { person: user, announcedAt: dayOf(want) });
    t.equal(ladder?.deliveredAt, user === "U0ADA" ? told.deliveredAt : now);
  });
}

test("whatever becomes of disable_after, the day that was announced is told again, and kept", async (t) => {
  const place = openKeyActing();
  t.match(await sendNotice(place), { said: day(now + days(14)), ladder: { announcedAt: dayOf(now + days(14)) } });
  place.clock.now += days(2);
  const { said, ladder } = await sendNotice(place, { disableAfter: days(1), at: place.clock.now });
  t.equal(said, day(now + days(14)));
  t.match(ladder, { announcedAt: dayOf(now + days(14)), deliveredAt: now });
});

test("the fallback channel is told no day of anybody's", async (t) => {
  const place = openKeyActing({ ownerMap: new Map(), fallbackChannel: "C0SEC" });
  await remember(place, { ...told, announcedAt });
  const { said, ladder } = await sendNotice(place);
  t.equal(said, day(now + days(14)));
  t.match(ladder, { person: "U0ADA" });
});

const clocks = [
  { name: "the channel's, where ours is behind", at: now + days(15), want: now + days(15) },
  { name: "ours, where it is ahead", at: now - days(15), want: now },
  { name: "ours, where it is ahead by a little", at: now - minutes(1), want: now },
  { name: "the channel's, where it is a moment later", at: now + hours(1), want: now + hours(1) },
];

for (const { name, at, want } of clocks) {
  test(`the time to act counts from the later clock: ${name}`, async (t) => {
    const { ladder } = await sendNotice(openKeyActing(), { at });
    t.equal(ladder?.deliveredAt, want);
  });
}
