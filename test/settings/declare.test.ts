import { test } from "tap";
import {
  declareSettings,
  describeUnit,
  type SettingsOf,
  setting,
  settingNames,
  settingsIn,
} from "../../lib/settings/declare.ts";
import { choice, duration, integer, list, text } from "../../lib/settings/kinds.ts";
import { doorSettings, houseSettings } from "./sample-declaration.ts";

type Doors = SettingsOf<typeof doorSettings>;

test("a value is undefined in the type only without a default", async (t) => {
  const doors: Doors = {
    ...{ openAfter: 1, closeAfter: 2, ports: [443], doors: ["a"], strict: true, follow: false },
    ...{ level: undefined, token: undefined, exemptions: [{ door: "a", until: 3 }] },
  };
  const level: "low" | "high" | undefined = doors.level;
  const openAfter: number = doors.openAfter;
  // @ts-expect-error: level has no default
  const certain: "low" | "high" = doors.level;
  // @ts-expect-error: lists can't be changed
  const changed: string[] = doors.doors;
  t.strictSame([level, openAfter, certain, changed], [undefined, 1, undefined, ["a"]]);
});

test("a check is handed what it asked for, and nothing else", async (t) => {
  declareSettings("keycheck", { a: setting(text(), { says: "A." }), b: setting(text(), { says: "B." }) }, (check) => [
    // @ts-expect-error: b was not asked for
    check(["a"], ({ b }) => b),
    check(["a", "b"], ({ a, b }, origins) => a ?? b ?? origins.b.where),
    // @ts-expect-error: there is no c
    check(["c"], () => undefined),
  ]);
  t.strictSame(
    doorSettings.checks.map(({ of }) => of),
    [["openAfter", "closeAfter"]],
  );
  t.strictSame(houseSettings.checks, []);
});

test("a setting keeps all it was declared with, and gets its names", async (t) => {
  const { openAfter, token, exemptions } = doorSettings.settings;
  t.match(openAfter, { default: "15m", says: "How long a door may stay open." });
  t.strictSame(openAfter.names.flag, ["--open-after", "-g"]);
  t.strictSame(openAfter.names.environment, ["TAGAUDIT_OPEN_AFTER", "grace_minutes"]);
  t.strictSame(token.names.file, ["token", "door_token"]);
  t.strictSame([...exemptions.names.flag, ...exemptions.names.environment], []);
});

const units = [
  { name: "a unit of its own", setting: setting(integer({ min: 1 }), { unit: "doors", says: "" }), want: "unit doors" },
  {
    name: "the unit of bare numbers",
    setting: setting(duration({ bare: "days" }), { says: "" }),
    want: "a bare number means days",
  },
  { name: "no unit", setting: setting(list(choice(["a"])), { says: "" }), want: undefined },
] as const;

for (const { name, setting: one, want } of units) {
  test(name, async (t) => {
    const { settings } = declareSettings("run", { one });
    t.equal(describeUnit(settings.one), want);
  });
}

test("all settings of several declarations, in their order", async (t) =>
  t.strictSame(
    settingsIn([houseSettings, doorSettings]).map(({ names }) => names.stem),
    [
      "deadline",
      ...["open_after", "close_after", "ports", "doors", "strict", "level", "token", "exemptions", "follow"],
    ],
  ));

test("every name by which settings can be given", async (t) =>
  t.strictSame(settingNames(houseSettings), {
    flag: ["--deadline"],
    environment: ["STALEWATCH_DEADLINE"],
    file: ["deadline"],
  }));
