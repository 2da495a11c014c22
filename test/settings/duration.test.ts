import fc from "fast-check";
import { test } from "tap";
import { formatDuration, parseDuration } from "../../lib/settings/duration.ts";

const parsed = [
  { name: "milliseconds", text: "500ms", want: 500 },
  { name: "seconds", text: "110s", want: 110_000 },
  { name: "minutes", text: "15m", want: 900_000 },
  { name: "hours", text: "36h", want: 129_600_000 },
  { name: "days", text: "90d", want: 7_776_000_000 },
  { name: "weeks", text: "2w", want: 1_209_600_000 },
  { name: "nothing at all", text: "0s", want: 0 },
  { name: "the longest that is counted exactly", text: `${Number.MAX_SAFE_INTEGER}ms`, want: Number.MAX_SAFE_INTEGER },
  { name: "more than is counted exactly", text: `${Number.MAX_SAFE_INTEGER + 1}ms`, want: undefined },
  { name: "a bare number", text: "90", want: undefined },
  { name: "a unit alone", text: "d", want: undefined },
  { name: "a fraction", text: "1.5d", want: undefined },
  { name: "a sign", text: "-1d", want: undefined },
  { name: "an unknown unit", text: "1y", want: undefined },
  { name: "two units", text: "1d12h", want: undefined },
  { name: "space around it", text: " 1d", want: undefined },
  { name: "empty text", text: "", want: undefined },
] as const;

for (const { name, text, want } of parsed) test(`parse: ${name}`, async (t) => t.equal(parseDuration(text), want));

const formatted = [
  { name: "whole days, never weeks", length: 14 * 86_400_000, want: "14d" },
  { name: "an hour short of two days", length: 47 * 3_600_000, want: "47h" },
  { name: "a quarter of an hour", length: 900_000, want: "15m" },
  { name: "a second and a half", length: 1500, want: "1500ms" },
  { name: "one second", length: 1000, want: "1s" },
  { name: "nothing at all", length: 0, want: "0s" },
] as const;

for (const { name, length, want } of formatted)
  test(`format: ${name}`, async (t) => t.equal(formatDuration(length), want));

test("parsing what was formatted gives the same length", async (t) => {
  const scale = fc.constantFrom(1, 1000, 60_000, 3_600_000, 86_400_000, 604_800_000);
  const lengths = fc.tuple(fc.nat(1_000_000), scale).map(([count, unit]) => count * unit);
  t.doesNotThrow(() => fc.assert(fc.property(lengths, (length) => parseDuration(formatDuration(length)) === length)));
});
