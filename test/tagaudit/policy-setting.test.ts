import { test } from "tap";
import type { Wrong } from "../../lib/settings/parse-value.ts";
import { readSetting } from "../../lib/tagaudit/policy-setting.ts";

const right = [
  { name: "nothing set", setting: undefined, want: [] },
  { name: "a text, as in an effective policy", setting: "CostCenter", want: ["CostCenter"] },
  { name: "a list, as in an effective policy", setting: ["100", "200"], want: ["100", "200"] },
  { name: "assigned text", setting: { "@@assign": "CostCenter" }, want: ["CostCenter"] },
  { name: "assigned list", setting: { "@@assign": ["100", "200"] }, want: ["100", "200"] },
  { name: "appended to nothing", setting: { "@@append": ["300"] }, want: ["300"] },
  {
    name: "assigned, appended and removed, in any order",
    setting: { "@@remove": ["200"], "@@append": ["300", "100"], "@@assign": ["100", "200"] },
    want: ["100", "300"],
  },
  {
    name: "what child policies may do is no value",
    setting: { "@@assign": "a", "@@operators_allowed_for_child_policies": ["@@none"] },
    want: ["a"],
  },
] as const;

for (const { name, setting, want } of right) {
  test(name, async (t) => {
    const wrong: Wrong[] = [];
    t.strictSame(readSetting(setting, ["here"], wrong), want);
    t.strictSame(wrong, []);
  });
}

const wrongOnes = [
  {
    name: "an operator that is none",
    setting: { "@@asign": ["a"] },
    want: ["here.@@asign  no operator of a tag policy"],
  },
  {
    name: "a name from JavaScript",
    setting: { constructor: ["a"] },
    want: ["here.constructor  no operator of a tag policy"],
  },
  { name: "numbers", setting: { "@@assign": [100] }, want: ["here.@@assign  not a text, or a list of texts"] },
  { name: "a map", setting: { "@@append": {} }, want: ["here.@@append  not a text, or a list of texts"] },
  { name: "a number for it all", setting: 7, want: ["here  not a text, a list of texts or a map of operators"] },
  {
    name: "a list of numbers for it all",
    setting: [7],
    want: ["here  not a text, a list of texts or a map of operators"],
  },
  { name: "nothing", setting: null, want: ["here  not a text, a list of texts or a map of operators"] },
] as const;

for (const { name, setting, want } of wrongOnes) {
  test(`refuses ${name}`, async (t) => {
    const wrong: Wrong[] = [];
    readSetting(setting, ["here"], wrong);
    t.strictSame(
      wrong.map(({ path, says }) => `${path.map(String).join(".")}  ${says}`),
      want,
    );
  });
}
