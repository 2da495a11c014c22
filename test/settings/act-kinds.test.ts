import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "tap";
import { calendar, exemptions, glob } from "../../lib/settings/act-kinds.ts";
import { declareSettings, setting } from "../../lib/settings/declare.ts";
import { settingsJsonSchema } from "../../lib/settings/json-schema.ts";
import type { Kind } from "../../lib/settings/kind.ts";
import { parseValue } from "../../lib/settings/parse-value.ts";

const everyDay = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const wholeDay = { from: 0, to: 1440 };
const always = { timeZone: "UTC", weekdays: everyDay, hours: wholeDay, freeze: [] };
const exemption = { reason: "vendor", owner: "bob", until: "2026-12-31" };
const until = Date.UTC(2026, 11, 31);

const right = [
  { name: "a calendar that says nothing is always open", kind: calendar(), raw: {}, want: always },
  {
    name: "a calendar that says everything",
    kind: calendar(),
    raw: {
      time_zone: "Europe/Berlin",
      weekdays: ["mon", "fri"],
      hours: "09:00-17:30",
      freeze: ["2026-12-20..2027-01-06", "2026-12-24"],
    },
    want: {
      timeZone: "Europe/Berlin",
      weekdays: ["mon", "fri"],
      hours: { from: 540, to: 1050 },
      freeze: [
        { first: "2026-12-20", last: "2027-01-06" },
        { first: "2026-12-24", last: "2026-12-24" },
      ],
    },
  },
  { name: "hours up to midnight", kind: calendar(), raw: { hours: "00:00-24:00" }, want: always },
  {
    name: "the day's last minute",
    kind: calendar(),
    raw: { hours: "23:58-23:59" },
    want: { ...always, hours: { from: 1438, to: 1439 } },
  },
  {
    name: "a freeze of one day, written as a range, on a leap day",
    kind: calendar(),
    raw: { freeze: ["2028-02-29..2028-02-29"] },
    want: { ...always, freeze: [{ first: "2028-02-29", last: "2028-02-29" }] },
  },
  { name: "no exemptions", kind: exemptions(), raw: [], want: [] },
  {
    name: "exemptions by each word for a name",
    kind: exemptions(),
    raw: [
      { name: "svc-*", ...exemption },
      { user: "ada", ...exemption },
      { key: "AKIA*", ...exemption, until: "2026-12-31T12:00:00Z" },
    ],
    want: [
      { names: "svc-*", reason: "vendor", owner: "bob", until },
      { names: "ada", reason: "vendor", owner: "bob", until },
      { names: "AKIA*", reason: "vendor", owner: "bob", until: until + 43_200_000 },
    ],
  },
  {
    name: "an exemption that has ended",
    kind: exemptions(),
    raw: [{ user: "a", ...exemption, until: "2020-01-01" }],
    want: [{ names: "a", reason: "vendor", owner: "bob", until: Date.UTC(2020, 0, 1) }],
  },
  { name: "a glob", kind: glob(), raw: "svc-?", want: "svc-?" },
  { name: "a glob of digits", kind: glob(), raw: 42, want: "42" },
] as const;

for (const { name, kind, raw, want } of right)
  test(name, async (t) => t.strictSame(parseValue<unknown>(kind, raw), { ok: true, value: want }));

const aMap = "a map with time_zone, weekdays, hours or freeze";
const aZone = "a time zone that this Node.js knows, such as Europe/Berlin";
const someHours = "hours within a day, such as 09:00-17:00";
const someDays = "a day such as 2026-12-24, or the first and last of several such as 2026-12-20..2027-01-06";
const someWeekdays = "a list of weekdays, such as [mon, tue]";
const anEntry = "a map with one of name, user and key, and with reason, owner and until";

interface Wrong {
  readonly name: string;
  readonly kind: Kind<unknown>;
  readonly raw: unknown;
  readonly want: readonly string[];
}

const wrong: readonly Wrong[] = [
  { name: "a calendar that is a word", kind: calendar(), raw: "weekdays", want: [`: "weekdays" is not ${aMap}`] },
  { name: "a calendar that is a list", kind: calendar(), raw: ["mon"], want: [`: not ${aMap}`] },
  {
    name: "a key that calendars don't have",
    kind: calendar(),
    raw: { timezone: "UTC" },
    want: ["timezone: no such key"],
  },
  {
    name: "a zone that nobody knows",
    kind: calendar(),
    raw: { time_zone: "Berlin" },
    want: [`time_zone: "Berlin" is not ${aZone}`],
  },
  {
    name: "a zone that is a number",
    kind: calendar(),
    raw: { time_zone: 1 },
    want: [`time_zone: "1" is not ${aZone}`],
  },
  { name: "a blank zone", kind: calendar(), raw: { time_zone: "" }, want: [`time_zone: "" is not ${aZone}`] },
  {
    name: "a weekday in full",
    kind: calendar(),
    raw: { weekdays: ["mon", "tuesday"] },
    want: ['weekdays.1: "tuesday" is not one of mon, tue, wed, thu, fri, sat, sun'],
  },
  { name: "no weekday", kind: calendar(), raw: { weekdays: [] }, want: [`weekdays: not ${someWeekdays}`] },
  {
    name: "weekdays as a word",
    kind: calendar(),
    raw: { weekdays: "mon-fri" },
    want: [`weekdays: "mon-fri" is not ${someWeekdays}`],
  },
  ...["9-17", "09:00", "9:00-17:00", "09:00-24:01", "24:00-24:00", "09:60-17:00", "17:00-09:00", "09:00-09:00"].map(
    (raw) => ({
      name: `hours ${raw}`,
      kind: calendar(),
      raw: { hours: raw },
      want: [`hours: "${raw}" is not ${someHours}`],
    }),
  ),
  ...["2026-02-30", "2026-1-1", "24 December", "2027-01-06..2026-12-20", "2026-12-20..", "2026-12-20..2026-12-32"].map(
    (raw) => ({
      name: `a freeze of ${raw}`,
      kind: calendar(),
      raw: { freeze: ["2026-01-01", raw] },
      want: [`freeze.1: "${raw}" is not ${someDays}`],
    }),
  ),
  {
    name: "a freeze that is no list",
    kind: calendar(),
    raw: { freeze: "2026-12-24" },
    want: ['freeze: "2026-12-24" is not a list of days'],
  },
  {
    name: "several things at once",
    kind: calendar(),
    raw: { time_zone: "Berlin", hours: "9-17" },
    want: [`time_zone: "Berlin" is not ${aZone}`, `hours: "9-17" is not ${someHours}`],
  },
  { name: "exemptions that are a map", kind: exemptions(), raw: { user: "ada" }, want: [": not a list of exemptions"] },
  { name: "an exemption that is a word", kind: exemptions(), raw: ["ada"], want: [`0: "ada" is not ${anEntry}`] },
  {
    name: "an exemption without an end",
    kind: exemptions(),
    raw: [{ user: "ada", reason: "x", owner: "bob" }],
    want: ["0.until: no value given, expected a date such as 2026-03-01 or an instant such as 2026-03-01T12:00:00Z"],
  },
  {
    name: "an exemption without a reason or an owner",
    kind: exemptions(),
    raw: [{ user: "ada", until: "2026-12-31" }],
    want: [
      "0.reason: no value given, expected a text that is not blank",
      "0.owner: no value given, expected a text that is not blank",
    ],
  },
  {
    name: "an exemption with a blank reason",
    kind: exemptions(),
    raw: [{ user: "ada", ...exemption, reason: " " }],
    want: ['0.reason: " " is not a text that is not blank'],
  },
  {
    name: "an exemption for ever",
    kind: exemptions(),
    raw: [{ user: "ada", ...exemption, until: "never" }],
    want: ['0.until: "never" is not a date such as 2026-03-01 or an instant such as 2026-03-01T12:00:00Z'],
  },
  { name: "an exemption of nobody", kind: exemptions(), raw: [exemption], want: [`0: not ${anEntry}`] },
  {
    name: "an exemption of two",
    kind: exemptions(),
    raw: [{ user: "ada", key: "AKIA*", ...exemption }],
    want: [`0: not ${anEntry}`],
  },
  {
    name: "a key that exemptions don't have",
    kind: exemptions(),
    raw: [{ user: "ada", ...exemption, ticket: 7 }],
    want: ["0.ticket: no such key"],
  },
  {
    name: "a blank glob",
    kind: glob(),
    raw: " ",
    want: [': " " is not a name, in which * stands for any text and ? for one character'],
  },
];

for (const { name, kind, raw, want } of wrong) {
  test(`refuses ${name}`, async (t) => {
    const parsed = parseValue(kind, raw);
    t.strictSame(parsed.ok ? [] : parsed.wrong.map(({ path, says }) => `${path.map(String).join(".")}: ${says}`), want);
  });
}

test("editors know both", async (t) => {
  const declared = declareSettings("keycheck", {
    calendar: setting(calendar(), { says: "when" }),
    exemptions: setting(exemptions(), { default: [], says: "who" }),
  });
  const isValid = new Ajv2020({ strict: false }).compile(settingsJsonSchema([declared]));
  const holds = (section: object) => isValid({ keycheck: section });
  t.ok(holds({ calendar: { time_zone: "UTC", hours: "09:00-17:00", weekdays: ["mon"], freeze: ["2026-12-24"] } }));
  t.ok(holds({ exemptions: [{ user: "ada", ...exemption }] }));
  t.notOk(holds({ calendar: { timezone: "UTC" } }));
  t.notOk(holds({ calendar: { hours: "9-17" } }));
  t.notOk(holds({ exemptions: [{ user: "ada" }] }));
});
