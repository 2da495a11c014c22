import { test } from "tap";
import { days } from "../../lib/core/time.ts";
import { dayOf, disableFrom } from "../../lib/keycheck/disable-day.ts";
import { aDetail } from "../support/key-ladders.ts";
import { at, now } from "../support/keycheck-records.ts";

interface DayCase {
  readonly name: string;
  /** When the key expires; it has, if not said. */
  readonly expiresAt?: number;
  readonly told?: Partial<Parameters<typeof disableFrom>[1]>;
  readonly want: number;
}

const cases: readonly DayCase[] = [
  { name: "the time to act counts from now where this is the first word", want: now + days(14) },
  { name: "and from the first word otherwise", told: { toldAt: now - days(3) }, want: now + days(11) },
  { name: "never before the key expires", expiresAt: now + days(15), want: now + days(15) },
  { name: "a day that is over is not named", told: { toldAt: now - days(40) }, want: now },
  { name: "it is up on the very instant", told: { toldAt: now - days(14) }, want: now },
  {
    name: "a day that was named stays, where the time has been cut short since",
    told: { toldAt: now - days(10), announcedAt: now + days(20) },
    want: now + days(20),
  },
  {
    name: "and gives way where the time has been made longer",
    told: { toldAt: now - days(3), announcedAt: now + days(5) },
    want: now + days(11),
  },
];

for (const { name, expiresAt = now - days(20), told, want } of cases) {
  test(`from when on it may be disabled: ${name}`, async (t) => {
    t.equal(disableFrom(aDetail({ expiresAt }), { now, ...told }), want);
  });
}

test("a key that is never disabled has no such day", async (t) => {
  const { disableAfter: _, ...never } = aDetail();
  t.equal(disableFrom(never, { now, announcedAt: now + days(2) }), undefined);
});

test("a day begins at its midnight UTC", async (t) => {
  const midnight = at("2026-03-15T00:00:00Z");
  t.strictSame([midnight, midnight + 1, midnight - 1].map(dayOf), [midnight, midnight, midnight - days(1)]);
});
