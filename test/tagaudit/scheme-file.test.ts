import { test } from "tap";
import * as z from "zod/mini";
import { days, minutes } from "../../lib/core/time.ts";
import { ruleKeys, schemeFile, schemeKeys, selectorKeys, valueKeys } from "../../lib/tagaudit/scheme-file.ts";

const rules = [
  { name: "nothing said", written: null, want: null },
  { name: "an empty map", written: {}, want: {} },
  {
    name: "switches",
    written: { required: "no", flip_protection: "yes" },
    want: { required: false, flip_protection: true },
  },
  { name: "a word for a value", written: { value: "iam-user" }, want: { value: { kind: "iam-user" } } },
  {
    name: "allowed values, numbers too",
    written: { value: { allowed: ["a", 7] } },
    want: { value: { kind: "allowed", values: ["a", "7"] } },
  },
  { name: "a bare grace in minutes, as the original's", written: { grace: 45 }, want: { grace: minutes(45) } },
  { name: "a grace", written: { grace: "3d" }, want: { grace: days(3) } },
  {
    name: "one of each selector",
    written: { applies_to: { region: "eu-*", vpc: "vpc-1", launcher: "alone" } },
    want: { applies_to: { regions: ["eu-*"], vpcs: ["vpc-1"], launchers: ["alone"] } },
  },
  {
    name: "several of one selector",
    written: { applies_to: { launcher: ["emr", "eks"] } },
    want: { applies_to: { regions: undefined, vpcs: undefined, launchers: ["emr", "eks"] } },
  },
] as const;

for (const { name, written, want } of rules)
  test(name, async (t) => t.strictSame(z.parse(schemeFile, { tags: { owner: written } }).tags.owner, want));

test("a regular expression becomes a pattern", async (t) => {
  const value = z.parse(schemeFile, { tags: { owner: { value: { regex: "\\d+" } } } }).tags.owner?.value;
  t.equal(value?.kind === "regex" && value.pattern.matches("12"), true);
});

test("the keys that are suggested are those that are taken", async (t) => {
  const whole = {
    tags: { owner: { required: true, value: "date", applies_to: {}, grace: 1, flip_protection: true } },
    ...{ key_case: "exact", canary: { a: "b" }, exemption: { until: "u", reason: "r" } },
  };
  t.ok(z.safeParse(schemeFile, whole).success);
  t.strictSame(Object.keys(whole).sort(), [...schemeKeys].sort());
  t.strictSame(Object.keys(whole.tags.owner).sort(), [...ruleKeys].sort());
  const values = { allowed: ["a"], regex: "a" } as const;
  t.strictSame(Object.keys(values), valueKeys);
  for (const key of valueKeys)
    t.ok(z.safeParse(schemeFile, { tags: { owner: { value: { [key]: values[key] } } } }).success, key);
  const selectors = { region: "eu-west-1", vpc: "vpc-1", launcher: "alone" };
  t.strictSame(Object.keys(selectors), selectorKeys);
  t.ok(z.safeParse(schemeFile, { tags: { owner: { applies_to: selectors } } }).success);
});
