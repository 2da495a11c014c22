import { test } from "tap";
import { days, hours } from "../../lib/core/time.ts";
import { type KeycheckSettings, keycheckSettings, refuseRun } from "../../lib/keycheck/settings.ts";
import { now, someSettings } from "../support/keycheck-records.ts";
import { settingsFromYaml } from "../support/settings-from-yaml.ts";

const load = (section: object) => settingsFromYaml(keycheckSettings, section);

test("the defaults are the original's, CIS's for unused keys, and careful where anything is changed", async (t) => {
  t.match(load({}), {
    ...{ expireAge: days(180), warnBefore: days(15), unusedAge: days(45), legacyStatus: false, fresh: false },
    ...{ recentUse: days(7), notifyEvery: hours(24), disableAfter: days(14), disableKey: true },
    ...{ maxDisables: 10, maxNotices: 25, maxTickets: 25, maxShare: 5, kinds: [], exemptions: [] },
    ...{ sendSlack: true, createJira: false },
  });
  for (const unset of ["at", "expireHard"] as const) t.equal(load({})[unset], undefined, unset);
});

const written: readonly { name: string; section: object; want: Partial<KeycheckSettings> }[] = [
  {
    name: "a bare expire_age counts days, as the original's did",
    section: { expire_age: 125 },
    want: { expireAge: days(125) },
  },
  { name: "and so it does as a text", section: { expire_age: "125" }, want: { expireAge: days(125) } },
  { name: "a bare notify_every counts hours", section: { notify_every: 12 }, want: { notifyEvery: hours(12) } },
  { name: "nobody need be told in advance", section: { disable_after: 0 }, want: { disableAfter: 0 } },
  {
    name: "caps may be nought",
    section: { max_disables: 0, max_notices: 0, max_tickets: 0 },
    want: { maxDisables: 0 },
  },
  { name: "a share with its sign", section: { max_share: "2.5%" }, want: { maxShare: 2.5 } },
  { name: "the original's words for true", section: { disable_key: "True" }, want: { disableKey: true } },
  {
    name: "warn_before may leave a key a day to be ok",
    section: { expire_age: "15d", warn_before: "14d" },
    want: { warnBefore: days(14) },
  },
  {
    name: "expire_hard may follow expire_age at once",
    section: { expire_hard: "181d" },
    want: { expireHard: days(181) },
  },
  {
    name: "an exemption says for whom, why, by whom and how long",
    section: { exemptions: [{ user: "ci-*", reason: "vendor", owner: "grace", until: "2026-06-01" }] },
    want: { exemptions: [{ names: "ci-*", reason: "vendor", owner: "grace", until: Date.UTC(2026, 5, 1) }] },
  },
  {
    name: "kinds by name and path go with from_report",
    section: { from_report: true, kinds: [{ kind: "human", path: "/people/*" }] },
    want: { fromReport: true },
  },
];

for (const { name, section, want } of written) test(name, async (t) => t.match(load(section), want));

const refused: readonly { name: string; section: object; says: RegExp }[] = [
  {
    name: "every key would be expiring",
    section: { expire_age: "15d", warn_before: "15d" },
    says: /warn_before and .*expire_age: warn_before \(15d\) must be shorter than expire_age \(15d\)/,
  },
  {
    name: "use would protect no key",
    section: { expire_hard: "180d" },
    says: /expire_hard: expire_age \(180d\) must be shorter than expire_hard \(180d\)/,
  },
  {
    name: "a rule's ages are out of order with those for all",
    section: { kinds: [{ kind: "human", user: "*", expire_age: "10d" }] },
    says: /keycheck\.kinds: kinds\[0\]: warn_before \(15d\) must be shorter than expire_age \(10d\)/,
  },
  {
    name: "a rule's age is none",
    section: {
      kinds: [
        { kind: "human", user: "*" },
        { kind: "machine", user: "x", expire_age: "old" },
      ],
    },
    says: /keycheck\.kinds\[1\]\.expire_age: "old" is not a duration/,
  },
  { name: "owners would be told without end", section: { notify_every: "59s" }, says: /notify_every: "59s" is not/ },
  { name: "a cap is less than nothing", section: { max_disables: -1 }, says: /max_disables: "-1" is not/ },
  { name: "a share is more than all", section: { max_share: "101%" }, says: /max_share: "101%" is not/ },
  {
    name: "an exemption has no end",
    section: { exemptions: [{ user: "x", reason: "y", owner: "z" }] },
    says: /exemptions\[0\]\.until/,
  },
  {
    name: "all and nothing is to be listed",
    section: { fresh: true, from_report: true },
    says: /fresh lists every user's keys/,
  },
  {
    name: "the report can't tell kinds",
    section: { from_report: true, kinds: [{ kind: "human", tag: "slack" }] },
    says: /from_report and .*kinds: the credential report knows neither the groups nor the tags/,
  },
  {
    name: "tickets have nowhere to go",
    section: { create_jira: true },
    says: /create_jira: create_jira needs jira_server_address/,
  },
];

for (const { name, section, says } of refused)
  test(`refused where ${name}`, async (t) => t.throws(() => load(section), { message: says }));

const originOf = (name: string) => ({ source: "flag", where: `flag --${name}` }) as const;
// No other origin is ever read.
const origins = { at: originOf("at"), fromReport: originOf("from-report") } as unknown as Parameters<
  typeof refuseRun
>[1];
const observing = { now, sink: ["line-protocol"], mode: "observe" } as const;

const runs: readonly { name: string; settings: Partial<KeycheckSettings>; run?: object; want: readonly string[] }[] = [
  { name: "no day at all", settings: {}, want: [] },
  { name: "a day to come", settings: { at: now + 1 }, want: [] },
  {
    name: "this very instant",
    settings: { at: now },
    want: [`flag --at: "2026-03-01T12:00:00Z" is not a time to come`],
  },
  {
    name: "a day gone by",
    settings: { at: now - days(1) },
    want: [`flag --at: "2026-02-28T12:00:00Z" is not a time to come`],
  },
  {
    name: "a forecast does not go where there are no times",
    settings: { at: now + 1 },
    run: { sink: ["line-protocol", "prometheus"] },
    want: ["flag --at: a forecast can't go to the sink prometheus, which knows no times"],
  },
  { name: "the report alone", settings: { fromReport: true }, want: [] },
  { name: "notices", settings: {}, run: { mode: "notify" }, want: [] },
  {
    name: "nobody is told of a forecast",
    settings: { at: now + 1 },
    run: { mode: "notify" },
    want: [`flag --at: goes with mode observe only, not with "notify"`],
  },
  {
    name: "nothing is done by the report alone",
    settings: { fromReport: true },
    run: { mode: "commit" },
    want: [`flag --from-report: goes with mode observe only, not with "commit"`],
  },
];

for (const { name, settings, run, want } of runs) {
  test(`run: ${name}`, async (t) =>
    t.strictSame(refuseRun(someSettings(settings), origins, { ...observing, ...run }), want));
}
