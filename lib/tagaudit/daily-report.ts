import { hideKeyIds } from "../act/wording.ts";
import type { Message, MessagePart } from "../core/message.ts";
import { formatInstant, type Millis, wholeDays } from "../core/time.ts";
import { groupByOwner, type OwnerGroup } from "./daily-report-groups.ts";

/** One instance in violation, as the daily report knows it. */
export interface ReportEntry {
  readonly region: string;
  readonly instanceId: string;
  /** Its tag `Name`. */
  readonly name: string | undefined;
  readonly owner: string | undefined;
  readonly violations: readonly {
    readonly tag: string;
    readonly says: string;
    readonly suggestion: string | undefined;
  }[];
  /** First seen in violation. */
  readonly since: Millis;
  /** The time is absent where there is no step, or none that can be told yet. */
  readonly nextStep: { readonly kind: "stop" | "terminate" | "none"; readonly at: Millis | undefined };
}

export interface ReportFacts {
  /** As people know the account. */
  readonly accountName: string;
  readonly accountId: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly now: Millis;
  readonly limits: ReportLimits;
}

/** Which day it is in a time zone that the runtime knows: `YYYY-MM-DD`. */
export function dayIn(timeZone: string, now: Millis): string {
  const shown = { timeZone, year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const parts = new Map(
    new Intl.DateTimeFormat("en-US", shown).formatToParts(now).map(({ type, value }) => [type, value]),
  );
  return `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`;
}

/** How many of each are shown; what is left out is counted. */
export interface ReportLimits {
  readonly owners: number;
  readonly instances: number;
  readonly regions: number;
  readonly tags: number;
}

/** Slack takes 50 blocks of some 12,000 characters in all (slackapi/bolt-js issue 2509), and a mail is read by people. */
export const reportLimits = {
  slack: { owners: 8, instances: 15, regions: 8, tags: 6 },
  mail: { owners: 100, instances: 200, regions: 40, tags: 40 },
} as const satisfies Record<string, ReportLimits>;

/** In violation today: a summary, then by owner what is wrong, since when and what comes next. */
export function dailyReport(entries: readonly ReportEntry[], facts: ReportFacts): Message {
  const { shown, hidden } = groupByOwner(entries, facts.limits);
  const left = hidden.instances === 0 ? [] : [text(`And ${sayHidden(hidden)}: ${sayLimits(facts.limits)}.`)];
  return {
    subject: `tagaudit: ${count(entries, "instance")} in violation in ${clip(facts.accountName, 60)}, ${facts.day}`,
    parts: [
      text(sayAll(entries, facts)),
      { kind: "facts", facts: summaryFacts(entries, facts) },
      ...left,
      ...shown.flatMap((group) => formatGroup(group, facts)),
    ],
  };
}

const text = (line: string): MessagePart => ({ kind: "text", text: line });

const count = ({ length }: { readonly length: number }, what: string): string =>
  `${length} ${what}${length === 1 ? "" : "s"}`;

const day = (at: Millis): string => formatInstant(at).slice(0, 10);

function sayAll(entries: readonly ReportEntry[], { now }: ReportFacts): string {
  const nameless = entries.filter(({ owner }) => owner === undefined);
  const oldest = entries.reduce((least, { since }) => Math.min(least, since), now);
  return [
    `${count(entries, "instance")} with tags that break the scheme, ${nameless.length} of them without a known owner.`,
    ...(["stop", "terminate"] as const).flatMap((step) => sayStep(entries, step)),
    ...(entries.length === 0 ? [] : [`The oldest is in violation since ${day(oldest)}, ${sayAge(oldest, now)}.`]),
  ].join("\n");
}

const deeds = { stop: "stopped", terminate: "terminated" } as const;

function sayStep(entries: readonly ReportEntry[], step: "stop" | "terminate"): readonly string[] {
  const due = entries.filter(({ nextStep }) => nextStep.kind === step);
  if (due.length === 0) return [];
  const first = due.reduce((least, { nextStep }) => Math.min(least, nextStep.at ?? least), Number.POSITIVE_INFINITY);
  const from = Number.isFinite(first) ? `, the first from ${day(first)} on` : "";
  return [`${count(due, "instance")} may be ${deeds[step]} next${from}.`];
}

const sayAge = (since: Millis, now: Millis): string => count({ length: Math.max(0, wholeDays(since, now)) }, "day");

type Fact = readonly [label: string, value: string];

function summaryFacts(entries: readonly ReportEntry[], { accountName, accountId, limits }: ReportFacts): Fact[] {
  const regions = countBy(entries.map(({ region }) => region));
  const tags = countBy(entries.flatMap(({ violations }) => [...new Set(violations.map(({ tag }) => tag))]));
  return [
    ["Account", accountName === accountId ? accountId : `${clip(accountName, 60)} (${accountId})`],
    ...countFacts(regions, { limit: limits.regions, what: "region" }),
    ...countFacts(tags, { limit: limits.tags, what: "tag" }),
  ];
}

function countBy(names: readonly string[]): readonly (readonly [name: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([left, some], [right, others]) => others - some || (left < right ? -1 : 1));
}

function countFacts(
  counts: ReturnType<typeof countBy>,
  { limit, what }: { readonly limit: number; readonly what: "region" | "tag" },
): readonly Fact[] {
  const title = what === "region" ? "Region" : "Tag";
  const shown = counts
    .slice(0, limit)
    .map(([name, length]): Fact => [`${title} ${clip(name, 60)}`, count({ length }, "instance")]);
  const hidden = counts.slice(limit);
  return hidden.length === 0 ? shown : [...shown, [`${title}s left out`, `and ${hidden.length} more`]];
}

function formatGroup(
  { owner, entries, hidden }: OwnerGroup<ReportEntry>,
  { now }: ReportFacts,
): readonly MessagePart[] {
  const name = owner === undefined ? "Without a known owner" : clip(owner, 100);
  const total = entries.length + hidden;
  const part = hidden === 0 ? "" : `, of which ${entries.length} are shown, and ${hidden} more`;
  return [
    text(`${name}: ${count({ length: total }, "instance")}${part}`),
    { kind: "facts", facts: entries.map((entry) => [sayInstance(entry), sayEntry(entry, now)]) },
  ];
}

const sayInstance = ({ instanceId, name, region }: ReportEntry): string =>
  [instanceId, ...(name === undefined ? [] : [clip(name, 60)]), region].join(" ");

const sayEntry = ({ violations, since, nextStep }: ReportEntry, now: Millis): string =>
  [
    clip(violations.map(sayViolation).join("; "), 200),
    `since ${day(since)} (${sayAge(since, now)})`,
    sayNext(nextStep, now),
  ].join("; ");

const sayViolation = ({ says, suggestion }: ReportEntry["violations"][number]): string =>
  suggestion === undefined ? says : `${says} (${suggestion})`;

function sayNext({ kind, at }: ReportEntry["nextStep"], now: Millis): string {
  if (kind === "none") return "no next step";
  if (at === undefined) return `may be ${deeds[kind]}, from a day not known yet`;
  return at <= now ? `may be ${deeds[kind]} now` : `may be ${deeds[kind]} from ${day(at)} on`;
}

const sayHidden = ({ instances, owners }: { readonly instances: number; readonly owners: number }): string =>
  `${instances} more${owners === 0 ? "" : `, of ${count({ length: owners }, "further owner")}`}`;

const sayLimits = ({ instances, owners }: ReportLimits): string =>
  `${count({ length: instances }, "instance")} of ${count({ length: owners }, "owner")} are shown at most, those whose next step is nearest first`;

/** Foreign text of at most so many characters as channels count them: what they escape takes five. */
function clip(foreign: string, longest: number): string {
  let room = longest;
  let kept = "";
  const shown = hideKeyIds(foreign);
  for (const letter of shown) {
    room -= /[&<>]/.test(letter) ? 5 : letter.length;
    if (room < 0) return `${kept}…`;
    kept += letter;
  }
  return kept;
}
