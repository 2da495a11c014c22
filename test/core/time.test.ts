import { test } from "tap";
import { days, formatInstant, hours, minutes, parseInstant, wholeDays } from "../../lib/core/time.ts";

const parsed = [
  { name: "a bare date is its midnight UTC", text: "2026-03-01", want: "2026-03-01T00:00:00Z" },
  { name: "a zulu instant", text: "2026-03-01T12:34:56Z", want: "2026-03-01T12:34:56Z" },
  { name: "a report's +00:00 instant", text: "2026-03-01T12:34:56+00:00", want: "2026-03-01T12:34:56Z" },
  {
    name: "a zone east of Greenwich on its own calendar day",
    text: "2026-03-01T00:30:00+09:00",
    want: "2026-02-28T15:30:00Z",
  },
  {
    name: "a zone west of Greenwich on its own calendar day",
    text: "2026-02-28T23:30:00-05:00",
    want: "2026-03-01T04:30:00Z",
  },
  { name: "a fraction of a second", text: "2026-03-01T00:00:00.999Z", want: "2026-03-01T00:00:00Z" },
  { name: "a leap day", text: "2028-02-29", want: "2028-02-29T00:00:00Z" },
  { name: "a day the month does not have", text: "2026-02-30", want: undefined },
  { name: "a thirteenth month", text: "2026-13-01", want: undefined },
  { name: "no zone", text: "2026-03-01T12:00:00", want: undefined },
  { name: "seconds left out", text: "2026-03-01T12:34Z", want: "2026-03-01T12:34:00Z" },
  { name: "an hour the day does not have", text: "2026-03-01T25:00:00Z", want: undefined },
  { name: "words", text: "tomorrow", want: undefined },
  { name: "the report's N/A", text: "N/A", want: undefined },
] as const;

for (const { name, text, want } of parsed) {
  test(`parse: ${name}`, async (t) => {
    const at = parseInstant(text);
    t.equal(at === undefined ? undefined : formatInstant(at), want);
  });
}

const ages = [
  { name: "one millisecond short of a day is none", from: 0, to: days(1) - 1, want: 0 },
  { name: "exactly a day is one", from: 0, to: days(1), want: 1 },
  { name: "a day and a bit is one", from: 0, to: days(1) + hours(23) + minutes(59), want: 1 },
  { name: "a millisecond before is the day before", from: 1, to: 0, want: -1 },
] as const;

for (const { name, from, to, want } of ages)
  test(`whole days: ${name}`, async (t) => t.equal(wholeDays(from, to), want));
