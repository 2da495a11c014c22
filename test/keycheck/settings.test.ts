import { test } from "tap";
import { days } from "../../lib/core/time.ts";
import { keycheckSettings, refuseForecast } from "../../lib/keycheck/settings.ts";
import { now, someSettings } from "../support/keycheck-records.ts";
import { settingsFromYaml } from "../support/settings-from-yaml.ts";

const load = (section: object) => settingsFromYaml(keycheckSettings, section);

test("the defaults are the original's, and CIS's for unused keys", async (t) => {
  t.match(load({}), { expireAge: days(180), warnBefore: days(15), unusedAge: days(45), legacyStatus: false });
  t.equal(load({}).at, undefined);
});

test("a bare expire_age counts days, as the original's did", async (t) => {
  t.equal(load({ expire_age: 125 }).expireAge, days(125));
  t.equal(load({ expire_age: "125" }).expireAge, days(125));
});

test("warn_before must leave a key some time to be ok", async (t) => {
  t.equal(load({ expire_age: "15d", warn_before: "14d" }).warnBefore, days(14));
  t.throws(() => load({ expire_age: "15d", warn_before: "15d" }), {
    message: /warn_before must be shorter than expire_age/,
  });
});

const origin = { source: "flag", where: "flag --at" } as const;
// Only the origin of `at` is ever read.
const origins = { at: origin } as unknown as Parameters<typeof refuseForecast>[1];

const instants = [
  { name: "no day at all", at: undefined, want: [] },
  { name: "a day to come", at: now + 1, want: [] },
  { name: "this very instant", at: now, want: [`flag --at: "2026-03-01T12:00:00Z" is not a time to come`] },
  { name: "a day gone by", at: now - days(1), want: [`flag --at: "2026-02-28T12:00:00Z" is not a time to come`] },
] as const;

for (const { name, at, want } of instants) {
  test(`judging as of ${name}`, async (t) =>
    t.strictSame(refuseForecast(someSettings({ at }), origins, { now, sink: ["line-protocol"] }), want));
}

test("a forecast does not go where there are no times", async (t) => {
  t.strictSame(refuseForecast(someSettings({ at: now + 1 }), origins, { now, sink: ["line-protocol", "prometheus"] }), [
    "flag --at: a forecast can't go to the sink prometheus, which knows no times",
  ]);
});
