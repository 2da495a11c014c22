import { test } from "tap";
import * as z from "zod/mini";
import type { Kind } from "../../lib/settings/kind.ts";
import {
  choice,
  date,
  duration,
  integer,
  list,
  percent,
  splitItems,
  structured,
  text,
  toggle,
} from "../../lib/settings/kinds.ts";
import { parseValue } from "../../lib/settings/parse-value.ts";
import { programs, settingsOf } from "../support/programs.ts";

interface Case {
  readonly name: string;
  readonly kind: Kind<unknown>;
  readonly raw: unknown;
  /** Absent: refused. */
  readonly want?: unknown;
}

const day = 86_400_000;
const bareDays = duration({ bare: "days", min: "1d", max: "2w" });
const level = choice(["warn", "error"], { also: { warning: "warn" } });

const cases: readonly Case[] = [
  { name: "a duration", kind: duration(), raw: "90d", want: 90 * day },
  { name: "a duration of nothing", kind: duration(), raw: "0s", want: 0 },
  { name: "a bare number without a unit for it", kind: duration(), raw: "90" },
  { name: "a bare YAML number without a unit for it", kind: duration(), raw: 90 },
  { name: "a bare number with a unit for it", kind: bareDays, raw: "3", want: 3 * day },
  { name: "a bare YAML number with a unit for it", kind: bareDays, raw: 3, want: 3 * day },
  { name: "a unit beats the one for bare numbers", kind: bareDays, raw: "36h", want: 1.5 * day },
  { name: "bare seconds", kind: duration({ bare: "seconds" }), raw: 3, want: 3000 },
  { name: "bare minutes", kind: duration({ bare: "minutes" }), raw: 3, want: 180_000 },
  { name: "bare hours", kind: duration({ bare: "hours" }), raw: 3, want: 10_800_000 },
  { name: "a fraction of a bare unit", kind: bareDays, raw: 1.5 },
  { name: "a negative bare number", kind: bareDays, raw: -1 },
  { name: "the least duration", kind: bareDays, raw: "24h", want: day },
  { name: "a millisecond less than the least", kind: bareDays, raw: `${day - 1}ms` },
  { name: "the longest duration", kind: bareDays, raw: "14d", want: 14 * day },
  { name: "a millisecond more than the longest", kind: bareDays, raw: `${14 * day + 1}ms` },
  { name: "a duration too long to count", kind: duration(), raw: "99999999999999w" },
  { name: "words for a duration", kind: duration(), raw: "soon" },

  { name: "the least integer", kind: integer({ min: 1, max: 100 }), raw: "1", want: 1 },
  { name: "one less than the least", kind: integer({ min: 1, max: 100 }), raw: "0" },
  { name: "the largest integer", kind: integer({ min: 1, max: 100 }), raw: 100, want: 100 },
  { name: "one more than the largest", kind: integer({ min: 1, max: 100 }), raw: 101 },
  { name: "an integer without a largest", kind: integer({ min: 0 }), raw: "123456789", want: 123_456_789 },
  { name: "an integer too large to count", kind: integer({ min: 0 }), raw: "9".repeat(20) },
  { name: "a negative integer", kind: integer({ min: -5 }), raw: "-5", want: -5 },
  { name: "a fraction", kind: integer({ min: 0 }), raw: 1.5 },
  { name: "an exponent", kind: integer({ min: 0 }), raw: "1e3" },
  { name: "an empty integer", kind: integer({ min: 0 }), raw: "" },

  { name: "a percentage with its sign", kind: percent(), raw: "5%", want: 5 },
  { name: "a percentage without its sign", kind: percent(), raw: "2.5", want: 2.5 },
  { name: "a percentage from YAML", kind: percent(), raw: 100, want: 100 },
  { name: "more than everything", kind: percent(), raw: "100.1%" },
  { name: "less than nothing", kind: percent(), raw: -0.1 },
  { name: "the least percentage", kind: percent({ min: 1, max: 50 }), raw: "1", want: 1 },
  { name: "less than the least percentage", kind: percent({ min: 1, max: 50 }), raw: "0.9" },
  { name: "two signs", kind: percent(), raw: "5%%" },

  { name: "a choice", kind: choice(["alias", "id"]), raw: "id", want: "id" },
  { name: "a choice in the wrong case", kind: choice(["alias", "id"]), raw: "ID" },
  { name: "no choice", kind: choice(["alias", "id"]), raw: "" },
  { name: "a further spelling", kind: level, raw: "warning", want: "warn" },
  { name: "a further spelling in capitals", kind: level, raw: "WARNING", want: "warn" },
  { name: "a word in mixed case beside further spellings", kind: level, raw: "Error", want: "error" },
  { name: "a part of a spelling", kind: level, raw: "warn!" },

  { name: "text", kind: text(), raw: " a b ", want: " a b " },
  { name: "blank text", kind: text(), raw: "  " },
  { name: "a YAML number as text", kind: text(), raw: 42, want: "42" },
  { name: "text of its pattern", kind: text({ pattern: /^\d{3}$/, expects: "3 digits" }), raw: "123", want: "123" },
  { name: "a number of its pattern", kind: text({ pattern: /^\d{3}$/, expects: "3 digits" }), raw: 123, want: "123" },
  { name: "text not of its pattern", kind: text({ pattern: /^\d{3}$/, expects: "3 digits" }), raw: "1234" },
  { name: "a number not of its pattern", kind: text({ pattern: /^\d{3}$/, expects: "3 digits" }), raw: 12 },
  { name: "a map as text", kind: text(), raw: {} },

  ...["true", "True", "TRUE", "yes", "Yes", "on", "ON", "1", true, 1].map((raw) => ({
    ...{ name: `on, written as ${typeof raw} ${raw}`, kind: toggle(), raw, want: true },
  })),
  ...["false", "False", "FALSE", "no", "No", "off", "OFF", "0", false, 0].map((raw) => ({
    ...{ name: `off, written as ${typeof raw} ${raw}`, kind: toggle(), raw, want: false },
  })),
  ...["", "t", "2", "truely", "no way", 2, null].map((raw) => ({
    ...{ name: `neither on nor off, written as ${typeof raw} ${raw}`, kind: toggle(), raw },
  })),

  { name: "a day is its midnight UTC", kind: date(), raw: "2026-03-01", want: Date.UTC(2026, 2, 1) },
  { name: "an instant", kind: date(), raw: "2026-03-01T12:00:00Z", want: Date.UTC(2026, 2, 1, 12) },
  { name: "a day that the month has not", kind: date(), raw: "2026-02-30" },
  { name: "an instant without a zone", kind: date(), raw: "2026-03-01T12:00:00" },
  { name: "a day with words after it", kind: date(), raw: "2026-03-01 noon" },

  { name: "one item", kind: list(integer({ min: 1 })), raw: "1", want: [1] },
  { name: "items between commas and spaces", kind: list(integer({ min: 1 })), raw: " 1, 2 ,3 ", want: [1, 2, 3] },
  { name: "no items", kind: list(integer({ min: 1 })), raw: "", want: [] },
  { name: "an empty item", kind: list(text()), raw: "a,,b" },
  { name: "a YAML number as the only item", kind: list(text()), raw: 12, want: ["12"] },
  { name: "a YAML list", kind: list(duration()), raw: ["1s", "2s"], want: [1000, 2000] },
  { name: "an empty YAML list", kind: list(duration()), raw: [], want: [] },
  { name: "a comma inside an item of a YAML list", kind: list(text()), raw: ["a,b"], want: ["a,b"] },
  { name: "a wrong item of a YAML list", kind: list(duration()), raw: ["1s", 2] },
  { name: "a map as a list", kind: list(text()), raw: {} },

  { name: "a structure", kind: structured(() => z.array(z.string()), "a list of texts"), raw: ["a"], want: ["a"] },
  { name: "a text for a structure", kind: structured(() => z.array(z.string()), "a list of texts"), raw: "a" },
];

for (const { name, kind, raw, want } of cases) {
  test(name, async (t) => {
    const parsed = z.safeParse(kind.schema, raw);
    t.equal(parsed.success, want !== undefined);
    t.strictSame(parsed.data, want);
  });
}

test("what is a value as it stands, the schema leaves as it is", async (t) => {
  const plain = cases.filter(({ kind, raw }) => kind.isValue?.(raw));
  t.strictSame(new Set(plain.map(({ raw }) => raw)), new Set([" a b ", "123"]));
  for (const { kind, raw } of plain) t.strictSame(z.safeParse(kind.schema, raw).data, raw);
});

const expected = [
  { kind: duration(), want: "a duration, such as 90d, 36h or 15m" },
  { kind: duration({ min: "1d" }), want: "a duration of at least 1d, such as 90d, 36h or 15m" },
  { kind: duration({ max: "2d" }), want: "a duration of at most 2d, such as 90d, 36h or 15m" },
  { kind: bareDays, want: "a duration from 1d to 2w, such as 90d, 36h or 15m; a bare number means days" },
  { kind: integer({ min: 1 }), want: "a whole number of at least 1" },
  { kind: integer({ min: 1, max: 9 }), want: "a whole number from 1 to 9" },
  { kind: percent(), want: "a percentage from 0 to 100, such as 5 or 5%" },
  { kind: choice(["a"]), want: "a" },
  { kind: choice(["a", "b"]), want: "one of a, b" },
  { kind: choice(["a"], { expects: "a, which is all there is" }), want: "a, which is all there is" },
  { kind: text(), want: "a text that is not blank" },
  { kind: toggle(), want: "true or false (yes or no, on or off, 1 or 0)" },
  { kind: date(), want: "a date such as 2026-03-01 or an instant such as 2026-03-01T12:00:00Z" },
  { kind: list(choice(["a", "b"])), want: "a list, each item one of a, b" },
  { kind: structured(() => z.unknown(), "anything"), want: "anything" },
] as const;

for (const { kind, want } of expected) test(`says it expects ${want}`, async (t) => t.equal(kind.expects, want));

const refused = expected.filter(({ want }) => want !== "anything").map(({ kind, want }) => ({ kind, want }));
for (const { kind, want } of refused) {
  for (const raw of [{}, "no such thing!", -1e99]) {
    test(`refuses ${JSON.stringify(raw)} with what it expects: ${want}`, async (t) => {
      const parsed = z.safeParse(kind.schema, raw);
      const isAnyText = kind.expects.startsWith("a text") && typeof raw !== "object";
      t.equal(parsed.success, isAnyText);
      t.strictSame(new Set(parsed.error?.issues.map(({ message }) => message) ?? [want]), new Set([want]));
    });
  }
}

const split = [
  { name: "items lose the space around them", joined: " a , b ", want: ["a", "b"] },
  { name: "blank is no item", joined: "  ", want: [] },
  { name: "a trailing comma has an empty item behind it", joined: "a,", want: ["a", ""] },
  { name: "a number is one item", joined: 12, want: ["12"] },
] as const;

for (const { name, joined, want } of split) test(name, async (t) => t.strictSame(splitItems(joined), want));

test("what a default is read as without its schema, the schema says, too", async (t) => {
  const defaults = programs.flatMap((program) =>
    settingsOf(program).flatMap(({ kind, names, default: written }) =>
      written === undefined ? [] : [{ kind, name: `${names.section}.${names.stem}`, written }],
    ),
  );
  t.ok(defaults.length > 50, "there are defaults to read");
  for (const { kind, name, written } of defaults) {
    const parsed = parseValue(kind, written);
    t.ok(parsed.ok, name);
    const isUnread = typeof written === "string" && kind.readDefault === undefined;
    const read = typeof written === "string" ? kind.readDefault?.(written) : written;
    if (parsed.ok && !isUnread) t.strictSame(read, parsed.value, name);
  }
});
