import { test } from "tap";
import { days } from "../../lib/core/time.ts";
import { keycheckSettings } from "../../lib/keycheck/settings.ts";
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
