import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "tap";
import { settingsJsonSchema } from "../../lib/settings/json-schema.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";
import { doorSettings, houseSettings } from "./sample-declaration.ts";

const schema = settingsJsonSchema([houseSettings, doorSettings]);
const isValid = new Ajv2020({ strict: false }).compile(schema);

const good = [
  { name: "nothing", document: {} },
  { name: "sections of comments", document: { run: null, tagaudit: null } },
  { name: "other programs' sections", document: { keycheck: { whatever: 1 }, repostats: null } },
  { name: "a duration", document: { run: { deadline: "9s" } } },
  { name: "a bare duration", document: { run: { deadline: 9 } } },
  { name: "a list", document: { tagaudit: { ports: [1, "2"] } } },
  { name: "a list as text", document: { tagaudit: { ports: "1,2" } } },
  { name: "a choice", document: { tagaudit: { level: "high" } } },
  { name: "toggles in every spelling", document: { tagaudit: { strict: "Yes", STRICT: true } } },
  { name: "an original name", document: { tagaudit: { grace_minutes: 5 } } },
  { name: "a structure", document: { tagaudit: { exemptions: [{ door: "a", until: "2026-03-01" }] } } },
] as const;

for (const { name, document } of good)
  test(`takes ${name}`, async (t) => t.ok(isValid(document), JSON.stringify(isValid.errors)));

const bad = [
  { name: "a list", document: [] },
  { name: "an unknown section", document: { colours: {} } },
  { name: "a section that is text", document: { run: "x" } },
  { name: "an unknown setting", document: { run: { deadlines: "9s" } } },
  { name: "an unknown setting of the program", document: { tagaudit: { levl: "low" } } },
  { name: "a setting that only a flag may give", document: { tagaudit: { follow: true } } },
  { name: "words for a duration", document: { run: { deadline: "soon" } } },
  { name: "a bare duration without a unit for it", document: { tagaudit: { close_after: 9 } } },
  { name: "a fraction of a bare unit", document: { run: { deadline: 1.5 } } },
  { name: "a number too small", document: { tagaudit: { ports: [0] } } },
  { name: "no choice", document: { tagaudit: { level: "mid" } } },
  { name: "no toggle", document: { tagaudit: { strict: "maybe" } } },
  { name: "a setting without a value", document: { tagaudit: { level: null } } },
  { name: "text not of its pattern", document: { tagaudit: { token: "x" } } },
  {
    name: "an unknown key in a structure",
    document: { tagaudit: { exemptions: [{ door: "a", until: "2026-03-01", x: 1 }] } },
  },
  { name: "a missing key in a structure", document: { tagaudit: { exemptions: [{ door: "a" }] } } },
] as const;

for (const { name, document } of bad) test(`refuses ${name}`, async (t) => t.notOk(isValid(document)));

test("editors show what a setting means, its default, and that an original name is old", async (t) => {
  t.match(schema, {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    properties: {
      tagaudit: {
        anyOf: [
          {
            properties: {
              open_after: { description: "How long a door may stay open.", default: "15m", deprecated: undefined },
              grace_minutes: { description: "How long a door may stay open.", default: "15m", deprecated: true },
              level: { description: "How bad it is.", default: undefined },
              exemptions: { default: [] },
            },
          },
          { type: "null" },
        ],
      },
    },
  });
});

test("the shared settings' own schema is one that a validator compiles", async (t) => {
  const isValidRun = new Ajv2020({ strict: false }).compile(settingsJsonSchema([runSettings]));
  t.ok(
    isValidRun({
      run: { log_level: "WARNING", shard: "0/4", include_accounts: [123456789012, "012345678901"], sink: ["json"] },
    }),
  );
  t.notOk(isValidRun({ run: { log_level: "loud" } }));
  t.notOk(isValidRun({ run: { role_arns: ["x"] } }));
});
