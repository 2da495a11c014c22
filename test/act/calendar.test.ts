import { test } from "tap";
import { alwaysOpen, type Calendar, closedBecause, isOpen, isTimeZone } from "../../lib/act/calendar.ts";
import { parseInstant } from "../../lib/core/time.ts";

const at = (text: string): number => parseInstant(text) ?? Number.NaN;

const office: Calendar = {
  timeZone: "Europe/Berlin",
  weekdays: ["mon", "tue", "wed", "thu", "fri"],
  hours: { from: 9 * 60, to: 17 * 60 },
  freeze: [
    { first: "2026-12-20", last: "2027-01-06" },
    { first: "2026-05-14", last: "2026-05-14" },
  ],
};

interface Case {
  readonly name: string;
  readonly calendar?: Partial<Calendar>;
  readonly now: string;
  /** Absent: open. */
  readonly want?: string;
}

const days: Partial<Calendar> = { weekdays: alwaysOpen.weekdays, hours: alwaysOpen.hours };
const weekend = "calendar opens on mon, tue, wed, thu, fri, and it is";
const closedAt = (time: string, zone = "Europe/Berlin") => `calendar opens 09:00-17:00, and it is ${time} in ${zone}`;
const holidays = "calendar is frozen from 2026-12-20 to 2027-01-06, and it is";

const cases: readonly Case[] = [
  { name: "the last minute before opening", now: "2026-03-02T07:59:59Z", want: closedAt("08:59") },
  { name: "opening", now: "2026-03-02T08:00:00Z" },
  { name: "the last second", now: "2026-03-02T15:59:59.999Z" },
  { name: "closing", now: "2026-03-02T16:00:00Z", want: closedAt("17:00") },
  { name: "midnight is the day's first minute", calendar: days, now: "2026-03-02T23:00:00Z" },
  { name: "midnight by its name", now: "2026-03-02T23:00:00Z", want: closedAt("00:00") },

  { name: "friday's last moment", calendar: { hours: alwaysOpen.hours }, now: "2026-03-06T22:59:59Z" },
  {
    name: "saturday begins by the local clock",
    calendar: { hours: alwaysOpen.hours },
    now: "2026-03-06T23:00:00Z",
    want: `${weekend} sat in Europe/Berlin`,
  },
  {
    name: "sunday's last moment",
    calendar: { hours: alwaysOpen.hours },
    now: "2026-03-08T22:59:59Z",
    want: `${weekend} sun in Europe/Berlin`,
  },
  { name: "monday begins by the local clock", calendar: { hours: alwaysOpen.hours }, now: "2026-03-08T23:00:00Z" },

  {
    name: "winter time, the day before clocks go forward",
    calendar: { ...days, hours: office.hours },
    now: "2026-03-28T08:00:00Z",
  },
  {
    name: "summer time an hour earlier by UTC",
    calendar: { weekdays: alwaysOpen.weekdays },
    now: "2026-03-29T07:00:00Z",
  },
  {
    name: "a minute before opening on the day that clocks go forward",
    calendar: { weekdays: alwaysOpen.weekdays },
    now: "2026-03-29T06:59:00Z",
    want: closedAt("08:59"),
  },
  {
    name: "the hour that clocks skip never comes",
    calendar: { ...days, hours: { from: 120, to: 180 } },
    now: "2026-03-29T01:00:00Z",
    want: "calendar opens 02:00-03:00, and it is 03:00 in Europe/Berlin",
  },
  {
    name: "a moment before the skipped hour",
    calendar: { ...days, hours: { from: 120, to: 180 } },
    now: "2026-03-29T00:59:59Z",
    want: "calendar opens 02:00-03:00, and it is 01:59 in Europe/Berlin",
  },
  {
    name: "the hour that clocks repeat, first",
    calendar: { ...days, hours: { from: 120, to: 180 } },
    now: "2026-10-25T00:30:00Z",
  },
  {
    name: "the hour that clocks repeat, again",
    calendar: { ...days, hours: { from: 120, to: 180 } },
    now: "2026-10-25T01:30:00Z",
  },
  {
    name: "the hour after the repeated one",
    calendar: { ...days, hours: { from: 120, to: 180 } },
    now: "2026-10-25T02:00:00Z",
    want: "calendar opens 02:00-03:00, and it is 03:00 in Europe/Berlin",
  },
  { name: "winter time again", calendar: { weekdays: alwaysOpen.weekdays }, now: "2026-10-25T08:00:00Z" },
  {
    name: "an hour before it, which was open in summer",
    calendar: { weekdays: alwaysOpen.weekdays },
    now: "2026-10-25T07:59:00Z",
    want: closedAt("08:59"),
  },

  { name: "the last moment before a freeze", calendar: days, now: "2026-12-19T22:59:59Z" },
  {
    name: "a freeze begins by the local calendar",
    calendar: days,
    now: "2026-12-19T23:00:00Z",
    want: `${holidays} 2026-12-20 in Europe/Berlin`,
  },
  {
    name: "a freeze over the turn of the year",
    calendar: days,
    now: "2027-01-01T12:00:00Z",
    want: `${holidays} 2027-01-01 in Europe/Berlin`,
  },
  {
    name: "the last moment of a freeze",
    calendar: days,
    now: "2027-01-06T22:59:59Z",
    want: `${holidays} 2027-01-06 in Europe/Berlin`,
  },
  { name: "the first moment after a freeze", calendar: days, now: "2027-01-06T23:00:00Z" },
  {
    name: "a single day, even in office hours",
    now: "2026-05-14T10:00:00Z",
    want: "calendar is frozen on 2026-05-14, and it is 2026-05-14 in Europe/Berlin",
  },
  { name: "the day after a single day", now: "2026-05-15T10:00:00Z" },

  {
    name: "the same moment is tuesday in Kiritimati",
    calendar: { timeZone: "Pacific/Kiritimati" },
    now: "2026-03-02T20:00:00Z",
  },
  {
    name: "and monday morning in Honolulu",
    calendar: { timeZone: "Pacific/Honolulu" },
    now: "2026-03-02T18:59:00Z",
    want: closedAt("08:59", "Pacific/Honolulu"),
  },
  {
    name: "a zone of three quarters of an hour",
    calendar: { timeZone: "Asia/Kathmandu" },
    now: "2026-03-02T03:15:00Z",
  },
  {
    name: "a minute before opening there",
    calendar: { timeZone: "Asia/Kathmandu" },
    now: "2026-03-02T03:14:59Z",
    want: closedAt("08:59", "Asia/Kathmandu"),
  },
  {
    name: "a zone that nobody knows",
    calendar: { timeZone: "Mars/Olympus" },
    now: "2026-03-02T10:00:00Z",
    want: 'calendar can\'t tell 2026-03-02T10:00:00Z in time_zone "Mars/Olympus"',
  },
  {
    name: "a time that can't be told",
    now: "never",
    want: 'calendar can\'t tell an unknown time in time_zone "Europe/Berlin"',
  },
  {
    name: "hours that are no numbers",
    calendar: { hours: { from: Number.NaN, to: Number.NaN } },
    now: "2026-03-02T10:00:00Z",
    want: "calendar opens NaN:NaN-NaN:NaN, and it is 11:00 in Europe/Berlin",
  },
];

for (const { name, calendar, now, want } of cases) {
  test(`${name} is ${want === undefined ? "open" : "closed"}`, async (t) => {
    const judged = { ...office, ...calendar };
    t.equal(closedBecause(judged, at(now)), want);
    t.equal(isOpen(judged, at(now)), want === undefined);
  });
}

test("what is always open opens in every hour of a leap year", async (t) => {
  const start = Date.UTC(2028, 0, 1);
  const hours = Array.from({ length: 366 * 24 }, (_none, index) => start + index * 3_600_000);
  t.strictSame(
    hours.filter((now) => !isOpen(alwaysOpen, now)),
    [],
  );
});

test("which names are time zones", async (t) => {
  for (const zone of ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"]) t.ok(isTimeZone(zone), zone);
  for (const zone of ["", "Berlin", "Mars/Olympus", "CEST+1"]) t.notOk(isTimeZone(zone), zone);
});
