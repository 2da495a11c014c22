import { formatInstant, type Millis } from "../core/time.ts";
import { declareSettings, type OriginsOf, type SettingsOf, setting } from "../settings/declare.ts";
import { choice, date, duration, toggle } from "../settings/kinds.ts";
import type { RunSettings } from "../settings/run-settings.ts";

export const keycheckSettings = declareSettings(
  "keycheck",
  {
    expireAge: setting(duration({ bare: "days", min: "1d" }), {
      default: "180d",
      original: "expire_age",
      says: "Age at which a key counts as expired.",
    }),
    warnBefore: setting(duration({ bare: "days" }), {
      default: "15d",
      says: "How long before expire_age a key counts as expiring.",
    }),
    unusedAge: setting(duration({ bare: "days", min: "1d" }), {
      default: "45d",
      says: "A key not used for this long is reported as unused.",
    }),
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
    check(["warnBefore", "expireAge"], ({ warnBefore, expireAge }) =>
      warnBefore < expireAge
        ? undefined
        : "warn_before must be shorter than expire_age, or every key would be expiring",
    ),
  ],
);

export type KeycheckSettings = SettingsOf<typeof keycheckSettings>;

interface Run extends Pick<RunSettings, "sink"> {
  readonly now: Millis;
}

/**
 * What had expired on a past day, today's keys can't tell: those deleted since are gone. And a Prometheus textfile has
 * no times, so it would show the forecast as what is.
 */
export function refuseForecast({ at }: KeycheckSettings, origins: OriginsOf<typeof keycheckSettings>, run: Run) {
  if (at === undefined) return [];
  const { where } = origins.at;
  return [
    ...(at > run.now ? [] : [`${where}: "${formatInstant(at)}" is not a time to come`]),
    ...(run.sink.includes("prometheus")
      ? [`${where}: a forecast can't go to the sink prometheus, which knows no times`]
      : []),
  ];
}
