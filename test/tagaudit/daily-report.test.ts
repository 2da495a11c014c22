import { test } from "tap";
import { days, type Millis, parseInstant } from "../../lib/core/time.ts";
import { formatMailHtml } from "../../lib/notify/mail-html.ts";
import { formatMailText } from "../../lib/notify/mail-text.ts";
import { formatSlackMessage } from "../../lib/notify/slack-blocks.ts";
import {
  dailyReport,
  dayIn,
  type ReportEntry,
  type ReportFacts,
  reportLimits,
} from "../../lib/tagaudit/daily-report.ts";
import { hostileTexts } from "../support/hostile-texts.ts";

const at = (text: string): Millis => parseInstant(text) ?? Number.NaN;
const now = at("2026-03-01T12:00:00Z");

const facts = (parts: Partial<ReportFacts> = {}): ReportFacts => ({
  ...{ accountName: "acme", accountId: "123456789012", day: "2026-03-01", now, limits: reportLimits.mail },
  ...parts,
});

const anEntry = (entry: Partial<ReportEntry> = {}): ReportEntry => ({
  ...{ region: "eu-west-1", instanceId: "i-0a1", name: "web-1", owner: "ada@example.com" },
  violations: [{ tag: "department", says: 'tag "department" is missing', suggestion: undefined }],
  since: at("2026-02-20T09:00:00Z"),
  nextStep: { kind: "stop", at: at("2026-03-04T09:00:00Z") },
  ...entry,
});

const textOf = (entries: readonly ReportEntry[], parts: Partial<ReportFacts> = {}): string =>
  formatMailText(dailyReport(entries, facts(parts)), "0123456789abcdef");

const two = [
  anEntry(),
  anEntry({
    ...{ instanceId: "i-0b2", region: "us-east-1", owner: undefined, name: undefined, since: at("2026-01-01") },
    violations: [
      { tag: "owner", says: 'tag "owner" is missing; "ownr" is near it', suggestion: 'rename "ownr" to "owner"' },
      { tag: "department", says: 'tag "department" is empty', suggestion: undefined },
    ],
    nextStep: { kind: "terminate", at: at("2026-03-01T12:00:00Z") },
  }),
  anEntry({ instanceId: "i-0c3", owner: undefined, nextStep: { kind: "none", at: undefined } }),
];

test("a report sums up, then says of each owner what is wrong, since when and what is next", async (t) => {
  t.equal(dailyReport(two, facts()).subject, "tagaudit: 3 instances in violation in acme, 2026-03-01");
  t.equal(
    textOf(two),
    [
      "3 instances with tags that break the scheme, 2 of them without a known owner.",
      "1 instance may be stopped next, the first from 2026-03-04 on.",
      "1 instance may be terminated next, the first from 2026-03-01 on.",
      "The oldest is in violation since 2026-01-01, 59 days.",
      "",
      "Account: acme (123456789012)",
      "Region eu-west-1: 2 instances",
      "Region us-east-1: 1 instance",
      "Tag department: 3 instances",
      "Tag owner: 1 instance",
      "",
      "Without a known owner: 2 instances",
      "",
      'i-0b2 us-east-1: tag "owner" is missing; "ownr" is near it (rename "ownr" to "owner"); tag "department" is empty; since 2026-01-01 (59 days); may be terminated now',
      'i-0c3 web-1 eu-west-1: tag "department" is missing; since 2026-02-20 (9 days); no next step',
      "",
      "ada@example.com: 1 instance",
      "",
      'i-0a1 web-1 eu-west-1: tag "department" is missing; since 2026-02-20 (9 days); may be stopped from 2026-03-04 on',
      "",
      "stalewatch ref 0123456789abcdef\n",
    ].join("\n"),
  );
});

const wordings = [
  { name: "an instance of today", entry: { since: now }, says: "since 2026-03-01 (0 days)" },
  { name: "an instance of one day", entry: { since: now - days(1) }, says: "(1 day)" },
  { name: "a clock that is behind", entry: { since: now + days(1) }, says: "(0 days)" },
  {
    name: "a step that is due this very moment",
    entry: { nextStep: { kind: "stop", at: now } },
    says: "may be stopped now",
  },
  {
    name: "a step of the next millisecond",
    entry: { nextStep: { kind: "stop", at: now + 1 } },
    says: "may be stopped from 2026-03-01 on",
  },
  {
    name: "a step without a day",
    entry: { nextStep: { kind: "terminate", at: undefined } },
    says: "may be terminated, from a day not known yet",
  },
  {
    name: "steps none of which has a day",
    entry: { nextStep: { kind: "terminate", at: undefined } },
    says: "1 instance may be terminated next.",
  },
  { name: "a key id in a tag", entry: { name: "AKIAIOSFODNN7EXAMPLE" }, says: "i-0a1 ...AMPLE eu-west-1" },
] as const satisfies readonly { name: string; entry: Partial<ReportEntry>; says: string }[];

for (const { name, entry, says } of wordings)
  test(`${name} is worded`, async (t) => t.match(textOf([anEntry(entry)]), says));

test("an account without an alias is named once", async (t) =>
  t.match(textOf([anEntry()], { accountName: "123456789012" }), "\nAccount: 123456789012\n"));

test("without violations there is nothing to tell but that", async (t) =>
  t.equal(
    textOf([]).split("\n\n")[0],
    "0 instances with tags that break the scheme, 0 of them without a known owner.",
  ));

/** Instances of several owners: `of(2, 1)` is two of the first, one of the second. */
const of = (...counts: readonly number[]): readonly ReportEntry[] =>
  counts.flatMap((count, owner) =>
    Array.from({ length: count }, (_, number) =>
      anEntry({ instanceId: `i-${owner}-${number}`, owner: `o${owner}@example.com`, since: now - days(100 - owner) }),
    ),
  );

const limits = { owners: 2, instances: 4, regions: 1, tags: 1 };
const atMost = "4 instances of 2 owners are shown at most, those whose next step is nearest first";
const truncations = [
  { name: "as many as fit are all there", entries: of(3, 1), more: [] },
  {
    name: "one instance too many is counted, by its owner too",
    entries: of(3, 2),
    more: [`And 1 more: ${atMost}.`, "o1@example.com: 2 instances, of which 1 are shown, and 1 more"],
  },
  {
    name: "one owner too many is counted",
    entries: of(1, 1, 1),
    more: [`And 1 more, of 1 further owner: ${atMost}.`],
  },
  {
    name: "owners behind one who fills the report are counted",
    entries: of(5, 3, 2),
    more: [
      `And 6 more, of 2 further owners: ${atMost}.`,
      "o0@example.com: 5 instances, of which 4 are shown, and 1 more",
    ],
  },
];

for (const { name, entries, more } of truncations) {
  test(name, async (t) => {
    const text = textOf(entries, { limits });
    t.strictSame(
      text.split("\n").filter((line) => / more\b/.test(line)),
      more,
    );
    const shown = text.split("\n").filter((line) => line.startsWith("i-"));
    const left = Number(/And (\d+) more/.exec(text)?.[1] ?? 0);
    t.equal(shown.length + left, entries.length, "nothing is lost");
    t.ok(shown.length <= limits.instances);
  });
}

test("regions and tags that are left out are counted", async (t) => {
  const entries = ["eu-west-1", "us-east-1", "us-west-2"].map((region) =>
    anEntry({
      region,
      violations: ["a", "b"].map((tag) => ({ tag, says: `tag "${tag}" is missing`, suggestion: undefined })),
    }),
  );
  const text = textOf(entries, { limits });
  t.match(
    text,
    "Region eu-west-1: 1 instance\nRegions left out: and 2 more\nTag a: 3 instances\nTags left out: and 1 more\n",
  );
});

const midnights = [
  { zone: "UTC", now: "2026-02-28T23:59:59Z", want: "2026-02-28" },
  { zone: "UTC", now: "2026-03-01T00:00:00Z", want: "2026-03-01" },
  { zone: "Europe/Berlin", now: "2026-02-28T22:59:59Z", want: "2026-02-28" },
  { zone: "Europe/Berlin", now: "2026-02-28T23:00:00Z", want: "2026-03-01" },
  { zone: "Europe/Berlin", now: "2026-07-31T21:59:59Z", want: "2026-07-31" },
  { zone: "Europe/Berlin", now: "2026-07-31T22:00:00Z", want: "2026-08-01" },
  { zone: "America/Los_Angeles", now: "2026-01-01T07:59:59Z", want: "2025-12-31" },
  { zone: "America/Los_Angeles", now: "2026-01-01T08:00:00Z", want: "2026-01-01" },
] as const;

for (const { zone, now: time, want } of midnights)
  test(`in ${zone} ${time} is of ${want}`, async (t) => t.equal(dayIn(zone, at(time)), want));

/** Every foreign text of an entry at once. */
const hostile = (text: string, number = 0): ReportEntry =>
  anEntry({
    ...{ instanceId: `i-0123456789abcdef${number % 10}`, name: text, owner: `${text}${number}` },
    violations: Array.from({ length: 5 }, (_, at) => ({ tag: `${text}${at}`, says: text, suggestion: text })),
  });

for (const [number, text] of [...hostileTexts, '" onclick="alert(1)', "\r\nBcc: eve@evil.example"].entries()) {
  test(`text ${number} does no more in any form than be read`, async (t) => {
    const report = dailyReport([hostile(text)], facts({ accountName: text }));
    const html = formatMailHtml(report, "0123456789abcdef");
    t.notMatch(html, /<(?!\/?(html|head|meta|title|body|h1|p|br|table|tr|th|td)\b|!DOCTYPE)/i);
    t.notMatch(html.replaceAll(/>[^<]*</g, "><"), /onclick|alert/);
    const plain = formatMailText(report, "0123456789abcdef");
    t.notMatch(plain, /[^\P{Cc}\n]|[\u202e\u2067]/u);
    t.equal(plain.match(/^Account: /gm)?.length, 1);
    const { blocks } = formatSlackMessage(report, "0123456789abcdef");
    t.notMatch(JSON.stringify(blocks), /<[!@#h]|"mrkdwn"/);
  });
}

test("in Slack the report is never too long, whatever anybody writes into tags", async (t) => {
  for (const [at, text] of hostileTexts.entries()) {
    for (const perOwner of [1, 2, 60]) {
      const entries = Array.from({ length: 60 }, (_, number) => ({
        ...hostile(text, number),
        ...{ region: `xx-southeast-${number}`, owner: `${Math.floor(number / perOwner)}${text}` },
      }));
      const report = dailyReport(entries, facts({ accountName: text, limits: reportLimits.slack }));
      const blocks = JSON.stringify(formatSlackMessage(report, "0123456789abcdef").blocks);
      t.ok(blocks.length <= 12_000, `text ${at}: ${blocks.length}`);
      t.notMatch(blocks, "more parts left out");
    }
  }
});

test("a mail of a whole fleet stays small enough to be read", async (t) => {
  const entries = Array.from({ length: 10_000 }, (_, number) => hostile("&".repeat(300), number));
  const html = formatMailHtml(dailyReport(entries, facts()), "0123456789abcdef");
  t.ok(html.length < 400_000, `${html.length}`);
});
