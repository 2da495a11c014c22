import { formatInstant, type Millis } from "../core/time.ts";
import { exemptions } from "../settings/act-kinds.ts";
import { declareSettings, type OriginsOf, type SettingsOf, setting } from "../settings/declare.ts";
import { jiraChecked, jiraSettings, refuseJira } from "../settings/jira-settings.ts";
import { choice, date, duration, integer, percent, toggle } from "../settings/kinds.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import { credstashSettings } from "../settings/secret-settings.ts";
import { slackSettings } from "../settings/slack-settings.ts";
import { age, kindRules, span } from "./kind-rules.ts";
import { needsUserDetails, refuseKinds, refuseOrder } from "./kinds.ts";

export const keycheckSettings = declareSettings(
  "keycheck",
  {
    expireAge: setting(age, {
      default: "180d",
      original: "expire_age",
      says: "Age at which a key counts as expired.",
    }),
    warnBefore: setting(span, {
      default: "15d",
      says: "How long before expire_age a key counts as expiring.",
    }),
    expireHard: setting(age, {
      says: "Age from which recent use no longer keeps a key from being disabled; unset: it always does.",
    }),
    unusedAge: setting(age, {
      default: "45d",
      says: "A key not used for this long is reported as unused.",
    }),
    recentUse: setting(span, {
      default: "7d",
      says: "A key used within this time is not disabled, unless its user has used another active key since.",
    }),
    notifyEvery: setting(duration({ bare: "hours", min: "1m" }), {
      default: "24h",
      says: "How often an owner is told of the same key, at most.",
    }),
    disableAfter: setting(span, {
      default: "14d",
      says: "How long after the first notice that reached its owner a key may be disabled, never before expire_age.",
    }),
    disableKey: setting(toggle(), {
      default: "true",
      original: "disable_key",
      says: "False keeps keys from being disabled in mode commit; true alone does not start it.",
    }),
    maxDisables: setting(integer({ min: 0 }), {
      default: "10",
      unit: "disables per account in 24 h",
      says: "How many keys are disabled, at most.",
    }),
    maxShare: setting(percent(), {
      default: "5%",
      unit: "percent of the account's keys in 24 h",
      says: "How large a share of the keys is disabled, at most, and never more than max_disables; one key is within any share.",
    }),
    maxNotices: setting(integer({ min: 0 }), {
      default: "25",
      unit: "notices per account in 24 h",
      says: "How many notices are sent, at most; keys that nobody was told of come first.",
    }),
    maxTickets: setting(integer({ min: 0 }), {
      default: "25",
      unit: "tickets per account in 24 h",
      says: "How many tickets are filed, at most.",
    }),
    kinds: setting(kindRules, {
      default: [],
      says: "Rules that tell human users from machines, by user, path, group or tag, and may give them ages of their own; the first that matches decides, and without any a user is a machine whose keys stay on.",
    }),
    exemptions: setting(exemptions(), {
      default: [],
      says: "Users and keys that are left alone: user or key (globs), reason, owner, until.",
    }),
    ...slackSettings,
    ...jiraSettings,
    ...credstashSettings,
    accountTag: setting(choice(["alias", "profile", "id"]), {
      says: "What the tag accountAlias holds; unset: the profile where one is given, else the alias, else the id.",
    }),
    legacyStatus: setting(toggle(), {
      default: "false",
      says: "Tag status as the original did: expired keys read disabled, Inactive ones by their age.",
    }),
    at: setting(date(), {
      says: "Judge as of this date: what will have expired by then, if nothing changes. Points carry its time.",
    }),
    fresh: setting(toggle(), {
      default: "false",
      says: "List every user's keys anew, whatever is remembered of them.",
    }),
    fromReport: setting(toggle(), {
      default: "false",
      says: "Read the credential report only: a lower bound of each key's age in at most four IAM calls.",
    }),
    reportWait: setting(duration({ bare: "seconds" }), {
      default: "45s",
      says: "How long to wait for IAM to finish the credential report.",
    }),
  },
  (check) => [
    check(["warnBefore", "expireAge", "expireHard"], refuseOrder),
    check(["warnBefore", "expireAge", "expireHard", "kinds"], refuseKinds),
    check(jiraChecked, refuseJira),
    check(["fresh", "fromReport"], ({ fresh, fromReport }) =>
      fresh && fromReport ? "fresh lists every user's keys, and from_report none" : undefined,
    ),
    check(["fromReport", "kinds"], ({ fromReport, kinds }) =>
      fromReport && needsUserDetails({ kinds })
        ? "the credential report knows neither the groups nor the tags that kinds ask for"
        : undefined,
    ),
  ],
);

export type KeycheckSettings = SettingsOf<typeof keycheckSettings>;

type Origins = OriginsOf<typeof keycheckSettings>;

interface Run extends Pick<RunSettings, "sink" | "mode"> {
  readonly now: Millis;
}

/** What of the settings does not go with the clock, or with how it is run. */
export const refuseRun = (settings: KeycheckSettings, origins: Origins, run: Run): readonly string[] => [
  ...refuseForecast(settings, origins, run),
  ...refuseActing(settings, origins, run),
];

/**
 * What had expired on a past day, today's keys can't tell: those deleted since are gone. And a Prometheus textfile has
 * no times, so it would show the forecast as what is.
 */
function refuseForecast({ at }: KeycheckSettings, origins: Origins, run: Run): readonly string[] {
  if (at === undefined) return [];
  const { where } = origins.at;
  return [
    ...(at > run.now ? [] : [`${where}: "${formatInstant(at)}" is not a time to come`]),
    ...(run.sink.includes("prometheus")
      ? [`${where}: a forecast can't go to the sink prometheus, which knows no times`]
      : []),
  ];
}

/** Neither what is only to come nor a report that knows no key ids is evidence to act on. */
function refuseActing({ at, fromReport }: KeycheckSettings, origins: Origins, { mode }: Run): readonly string[] {
  if (mode === "observe") return [];
  const observing = [...(at === undefined ? [] : [origins.at]), ...(fromReport ? [origins.fromReport] : [])];
  return observing.map(({ where }) => `${where}: goes with mode observe only, not with "${mode}"`);
}
