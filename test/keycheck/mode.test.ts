import { test } from "tap";
import { modeOf } from "../../lib/keycheck/mode.ts";
import type { Origin } from "../../lib/settings/declare.ts";
import { now } from "../support/keycheck-records.ts";

const byDefault: Origin = { source: "default", where: "default" };
const given = (name: string): Origin => ({ source: "environment", where: `environment ${name}` });

const defaults = { sendSlack: true, createJira: false, disableKey: true, at: undefined, fromReport: false };
const unsaid = { sendSlack: byDefault, createJira: byDefault, disableKey: byDefault };

interface Case {
  readonly name: string;
  readonly settings?: Partial<Parameters<typeof modeOf>[0]>;
  readonly origins?: Partial<typeof unsaid>;
  /** Absent: not given. */
  readonly mode?: "observe" | "notify" | "commit";
  readonly want: ReturnType<typeof modeOf>;
}

const cases: readonly Case[] = [
  { name: "switches that are true by default raise nothing", want: { mode: "observe" } },
  {
    name: "one that is given true raises the mode to notify",
    origins: { sendSlack: given("send_slack") },
    want: {
      mode: "notify",
      warning: "environment send_slack: sets mode to notify, in which no key is disabled; for that give mode commit",
    },
  },
  {
    name: "and no further, however many there are",
    settings: { createJira: true },
    origins: { sendSlack: given("send_slack"), createJira: given("create_jira"), disableKey: given("disable_key") },
    want: {
      mode: "notify",
      warning:
        "environment send_slack, environment create_jira, environment disable_key: sets mode to notify, in which no key is disabled; for that give mode commit",
    },
  },
  {
    name: "one that is given false raises nothing",
    settings: { disableKey: false },
    origins: { disableKey: given("disable_key") },
    want: { mode: "observe" },
  },
  {
    name: "a mode that is given stands, above what they would raise it to",
    origins: { disableKey: given("disable_key") },
    mode: "commit",
    want: { mode: "commit" },
  },
  {
    name: "and below it",
    origins: { disableKey: given("disable_key") },
    mode: "observe",
    want: { mode: "observe" },
  },
  {
    name: "a forecast observes",
    settings: { at: now },
    origins: { sendSlack: given("send_slack") },
    want: {
      mode: "observe",
      warning: "environment send_slack: without effect, because at and from_report only observe",
    },
  },
  {
    name: "a look at the report observes",
    settings: { fromReport: true },
    origins: { sendSlack: given("send_slack") },
    want: {
      mode: "observe",
      warning: "environment send_slack: without effect, because at and from_report only observe",
    },
  },
];

for (const { name, settings, origins, mode, want } of cases) {
  test(name, async (t) => {
    const run = { mode: mode === undefined ? byDefault : given("STALEWATCH_MODE") };
    const program = { ...unsaid, ...origins };
    t.strictSame(modeOf({ ...defaults, ...settings }, { mode: mode ?? "observe", origins: { run, program } }), want);
  });
}
