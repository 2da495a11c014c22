import { test } from "tap";
import { actSettings } from "../../lib/settings/act-settings.ts";
import { declareSettings, settingNames } from "../../lib/settings/declare.ts";
import { readFileSettings } from "../../lib/settings/read-file.ts";
import { readFlags } from "../../lib/settings/read-flags.ts";
import { resolveSettings } from "../../lib/settings/resolve.ts";

const declared = declareSettings("run", actSettings);

interface Given {
  readonly section?: Readonly<Record<string, unknown>>;
  readonly flags?: Readonly<Record<string, readonly string[]>>;
}

function resolve({ section = {}, flags = {} }: Given) {
  const file = { path: "s.yaml", value: { run: section }, lineAt: () => 1, problems: [], isIncomplete: false };
  const readings = [readFlags([declared], { flags, words: [], rest: [] }), readFileSettings([declared], file)];
  return resolveSettings([declared], readings);
}

const minute = 60_000;
const silent = {
  actOnAccounts: [],
  calendar: undefined,
  protected: [],
  maxEvidenceAge: 60 * minute,
  overridePlan: undefined,
  leaseTime: 10_000,
};

const right = [
  { name: "who says nothing acts nowhere", given: {}, want: {} },
  {
    name: "accounts, one with a zero in front",
    given: { section: { act_on_accounts: ["012345678901", "123456789012"] } },
    want: { actOnAccounts: ["012345678901", "123456789012"] },
  },
  {
    name: "accounts as a flag",
    given: { flags: { "act-on-accounts": ["012345678901,123456789012"] } },
    want: { actOnAccounts: ["012345678901", "123456789012"] },
  },
  {
    name: "globs",
    given: { section: { protected: ["svc-*", "a,b", "arn:aws:iam::*:role/ops"] } },
    want: { protected: ["svc-*", "a,b", "arn:aws:iam::*:role/ops"] },
  },
  {
    name: "a calendar",
    given: { section: { calendar: { weekdays: ["mon"] } } },
    want: { calendar: { timeZone: "UTC", weekdays: ["mon"], hours: { from: 0, to: 1440 }, freeze: [] } },
  },
  {
    name: "a plan's hash",
    given: { flags: { "override-plan": ["0123456789ab"] } },
    want: { overridePlan: "0123456789ab" },
  },
  {
    name: "a hash of digits only",
    given: { flags: { "override-plan": ["00000000"] } },
    want: { overridePlan: "00000000" },
  },
  { name: "the shortest lease", given: { section: { lease_time: "1s" } }, want: { leaseTime: 1000 } },
  { name: "the longest lease", given: { section: { lease_time: 600 } }, want: { leaseTime: 10 * minute } },
  {
    name: "the strictest evidence age",
    given: { section: { max_evidence_age: "1m" } },
    want: { maxEvidenceAge: minute },
  },
  {
    name: "the laxest evidence age",
    given: { section: { max_evidence_age: "24h" } },
    want: { maxEvidenceAge: 1440 * minute },
  },
];

for (const { name, given, want } of right) {
  test(name, async (t) => {
    const resolved = resolve(given);
    t.strictSame(resolved.ok ? resolved.settings[0] : resolved.problems, { ...silent, ...want });
  });
}

const file = (key: string) => `file s.yaml line 1, run.${key}`;
const hash = "not the hash of a plan, as a refusal by the gate fleet shows it";

const wrong = [
  {
    name: "an account's alias",
    given: { section: { act_on_accounts: ["prod"] } },
    want: `${file("act_on_accounts[0]")}: "prod" is not an account id of 12 digits`,
  },
  {
    name: "every account",
    given: { section: { act_on_accounts: "*" } },
    want: `${file("act_on_accounts[0]")}: "*" is not an account id of 12 digits`,
  },
  {
    name: "a time zone that nobody knows, in one problem",
    given: { section: { calendar: { time_zone: "Berlin", weekdays: ["mon"] } } },
    want: `${file("calendar.time_zone")}: "Berlin" is not a time zone that this Node.js knows, such as Europe/Berlin`,
  },
  {
    name: "yes to any plan",
    given: { flags: { "override-plan": ["yes"] } },
    want: `flag --override-plan: "yes" is ${hash}`,
  },
  {
    name: "a hash cut too short",
    given: { flags: { "override-plan": ["0123456"] } },
    want: `flag --override-plan: "0123456" is ${hash}`,
  },
  {
    name: "a lease of less than a second",
    given: { section: { lease_time: "999ms" } },
    want: `${file("lease_time")}: "999ms" is not a duration from 1s to 10m, such as 90d, 36h or 15m; a bare number means seconds`,
  },
  {
    name: "a lease of more than ten minutes",
    given: { section: { lease_time: 601 } },
    want: `${file("lease_time")}: "601" is not a duration from 1s to 10m, such as 90d, 36h or 15m; a bare number means seconds`,
  },
  {
    name: "evidence older than a day",
    given: { section: { max_evidence_age: "25h" } },
    want: `${file("max_evidence_age")}: "25h" is not a duration from 1m to 1d, such as 90d, 36h or 15m; a bare number means seconds`,
  },
  {
    name: "evidence younger than a clock's error",
    given: { section: { max_evidence_age: 59 } },
    want: `${file("max_evidence_age")}: "59" is not a duration from 1m to 1d, such as 90d, 36h or 15m; a bare number means seconds`,
  },
];

for (const { name, given, want } of wrong) {
  test(`refuses ${name}`, async (t) => {
    const resolved = resolve(given);
    t.strictSame(resolved.ok ? [] : resolved.problems, [want]);
  });
}

test("what overrides a gate stands in no file and no environment that outlives the plan", async (t) => {
  const { flag, environment, file } = settingNames(declared);
  t.ok(flag.includes("--override-plan"));
  t.notMatch([...environment, ...file].join().toLowerCase(), "override");
});
