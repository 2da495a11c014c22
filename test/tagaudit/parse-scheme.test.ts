import { test } from "tap";
import { parseScheme } from "../../lib/tagaudit/parse-scheme.ts";
import { aRule } from "../support/tagaudit-records.ts";

test("a scheme with all that it may say", async (t) => {
  const parsed = parseScheme({
    tags: {
      owner: null,
      env: {
        ...{ required: false, value: { allowed: ["prod"] }, applies_to: { region: "eu-*" } },
        ...{ grace: 5, flip_protection: true },
      },
    },
    key_case: "exact",
    canary: { role: "canary" },
    exemption: { until: "u", reason: "r" },
  });
  t.match(parsed, {
    ok: true,
    notes: [],
    scheme: {
      rules: [
        { tag: "owner", required: true, value: undefined, grace: undefined, mayFlipProtection: false },
        {
          ...{ tag: "env", required: false, value: { kind: "allowed", values: ["prod"] } },
          ...{ appliesTo: { regions: ["eu-*"] }, grace: 300_000, mayFlipProtection: true },
        },
      ],
      keyCase: "exact",
      exemption: { until: "u", reason: "r" },
      text: "owner",
    },
  });
  t.strictSame(parsed.ok && [...parsed.scheme.canary], [["role", "canary"]]);
});

test("a tag alone is the rule of that name", async (t) => {
  const parsed = parseScheme({ tags: { owner: null } });
  t.strictSame(parsed.ok && parsed.scheme.rules, [aRule()]);
});

const words = "one of date, email, iam-user, identity-center-user, or a map with allowed or regex";
const rule = (written: object) => ({ tags: { owner: written } });

const wrong = [
  { name: "nothing", value: undefined, want: ["  no value given, expected a map with tags"] },
  { name: "a list", value: ["owner"], want: ["  not a map with tags"] },
  { name: "no tags", value: { key_case: "lower" }, want: ["tags  no value given, expected a map of tags to rules"] },
  { name: "tags in a list", value: { tags: ["owner"] }, want: ["tags  not a map of tags to rules"] },
  { name: "an empty map of tags", value: { tags: {} }, want: ["tags  no tag named"] },
  {
    name: "tags that are nothing",
    value: { tags: null },
    want: ["tags  no value given, expected a map of tags to rules"],
  },
  { name: "a rule that is none", value: { tags: { owner: 7 } }, want: ['tags.owner  "7" is not a map'] },
  {
    name: "one of AWS's own tags",
    value: { tags: { "aws:x": null } },
    want: ["tags.aws:x  only AWS sets tags that begin with aws:"],
  },
  { name: "one tag twice", value: { tags: { a: null, A: null } }, want: ["tags.A  the same tag again"] },
  {
    name: "a key of the file",
    value: { tags: { a: null }, key_cse: "lower" },
    want: ["key_cse  no such key; did you mean key_case?"],
  },
  {
    name: "a key of a rule",
    value: rule({ requird: true }),
    want: ["tags.owner.requird  no such key; did you mean required?"],
  },
  {
    name: "a key of a value",
    value: rule({ value: { regx: "a" } }),
    want: [
      "tags.owner.value.regx  no such key; did you mean regex?",
      "tags.owner.value  not a map with either allowed or regex",
    ],
  },
  {
    name: "a key of a selector",
    value: rule({ applies_to: { regoin: "a" } }),
    want: ["tags.owner.applies_to.regoin  no such key; did you mean region?"],
  },
  { name: "a key like none", value: rule({ colour: 1 }), want: ["tags.owner.colour  no such key"] },
  {
    name: "a key of the exemption",
    value: { tags: { a: null }, exemption: { untill: "u", until: "u", reason: "r" } },
    want: ["exemption.untill  no such key; did you mean until?"],
  },
  { name: "a word that is none", value: rule({ value: "emal" }), want: [`tags.owner.value  "emal" is not ${words}`] },
  { name: "a value of neither", value: rule({ value: {} }), want: [`tags.owner.value  not ${words}`] },
  {
    name: "a value of both",
    value: rule({ value: { allowed: ["a"], regex: "a" } }),
    want: [`tags.owner.value  not ${words}`],
  },
  {
    name: "no values",
    value: rule({ value: { allowed: [] } }),
    want: ["tags.owner.value.allowed  not a list of values"],
  },
  {
    name: "values in no list",
    value: rule({ value: { allowed: "a" } }),
    want: ['tags.owner.value.allowed  "a" is not a list of values'],
  },
  {
    name: "a broken pattern",
    value: rule({ value: { regex: "(" } }),
    want: ['tags.owner.value.regex  "(" is not a regular expression: unterminated group'],
  },
  {
    name: "a pattern out of reach",
    value: rule({ value: { regex: "(?=a)" } }),
    want: ['tags.owner.value.regex  "(?=a)" is not a regular expression: look-arounds are not supported'],
  },
  {
    name: "no region at all",
    value: rule({ applies_to: { region: [] } }),
    want: ["tags.owner.applies_to.region  not a region or a glob such as eu-*, or a list of such"],
  },
  {
    name: "a launcher that is none",
    value: rule({ applies_to: { launcher: ["asg"] } }),
    want: [
      'tags.owner.applies_to.launcher.0  "asg" is not one of alone, auto_scaling, fleet, spot_fleet, emr, eks, beanstalk, mgn, cloudformation, operator, conversion',
    ],
  },
  {
    name: "a grace that is none",
    value: rule({ grace: "soon" }),
    want: ['tags.owner.grace  "soon" is not a duration, such as 90d, 36h or 15m; a bare number means minutes'],
  },
  {
    name: "a canary without tags",
    value: { tags: { a: null }, canary: {} },
    want: ["canary  not a map of tags to values"],
  },
  {
    name: "a canary in a list",
    value: { tags: { a: null }, canary: ["x"] },
    want: ["canary  not a map of tags to values"],
  },
  {
    name: "half an exemption",
    value: { tags: { a: null }, exemption: { until: "u" } },
    want: ["exemption.reason  no value given, expected a text that is not blank"],
  },
  {
    name: "all at once",
    value: { tags: { a: { grace: -1 }, "": null }, key_case: "upper" },
    want: [
      'tags.a.grace  "-1" is not a duration, such as 90d, 36h or 15m; a bare number means minutes',
      'key_case  "upper" is not one of lower, exact',
      "tags.  a tag without a key",
    ],
  },
] as const;

for (const { name, value, want } of wrong) {
  test(`refuses ${name}`, async (t) => {
    const parsed = parseScheme(value);
    t.strictSame(parsed.ok ? [] : parsed.wrong.map(({ path, says }) => `${path.map(String).join(".")}  ${says}`), want);
  });
}
