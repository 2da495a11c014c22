import { test } from "tap";
import { fitsRule, sayRule, suggestValue, type ValueRule } from "../../lib/tagaudit/value-rule.ts";
import { aPattern } from "../support/tagaudit-records.ts";

const allowed: ValueRule = { kind: "allowed", values: ["production", "staging", "dev-*"] };
const regex: ValueRule = { kind: "regex", pattern: aPattern("CC-\\d{4}") };

const cases: readonly { rule: ValueRule; fits: readonly string[]; breaks: readonly string[] }[] = [
  { rule: allowed, fits: ["production", "dev-", "dev-ada"], breaks: ["Production", "prod", "", "production "] },
  { rule: regex, fits: ["CC-0001"], breaks: ["CC-001", "xCC-0001", "CC-00010", "cc-0001"] },
  {
    rule: { kind: "date" },
    fits: ["2026-12-31", "2020-01-01", "2026-12-31T10:00:00Z"],
    breaks: ["2026-02-30", "31.12.2026", "tomorrow", "2026-12", ""],
  },
  {
    rule: { kind: "email" },
    fits: ["ada@example.com", "ada+ec2@mail.example.co.uk"],
    breaks: ["ada", "ada@example", "@example.com", "ada@", "a b@example.com", "ada@example..com", "ada@@example.com"],
  },
  { rule: { kind: "iam-user" }, fits: ["ada", "Ada", "Grace"], breaks: ["grace", "bob", ""] },
  {
    rule: { kind: "identity-center-user" },
    fits: ["bob@example.com", "Bob@example.com"],
    breaks: ["ada", "bob", "eve@example.com", ""],
  },
];

const people = { users: new Set(["ada", "Grace"]), identityCenterUsers: new Set(["bob@example.com"]) };

for (const { rule, fits, breaks } of cases) {
  test(`${rule.kind}: which values fit`, async (t) => {
    for (const value of fits) t.ok(fitsRule(rule, value, people), `fits ${JSON.stringify(value)}`);
    for (const value of breaks) t.notOk(fitsRule(rule, value, people), `breaks ${JSON.stringify(value)}`);
  });
}

test("nobody is unknown where people were not read", async (t) => {
  t.ok(fitsRule({ kind: "iam-user" }, "bob", { users: undefined }));
  t.ok(fitsRule({ kind: "identity-center-user" }, "bob", { users: new Set(["ada"]) }));
});

test("nobody is known where there is nobody", async (t) => {
  t.notOk(fitsRule({ kind: "iam-user" }, "bob", { users: new Set() }));
});

test("an address that never ends is over at once", async (t) =>
  t.notOk(fitsRule({ kind: "email" }, `a@${"a.".repeat(50_000)}`, people)));

const said: readonly { rule: ValueRule; want: string }[] = [
  { rule: allowed, want: "one of production, staging, dev-*" },
  {
    rule: { kind: "allowed", values: Array.from({ length: 12 }, (_, index) => `v${index}`) },
    want: "one of v0, v1, v2, v3, v4, v5, v6, v7, v8, v9 and 2 more",
  },
  { rule: regex, want: "matched by CC-\\d{4}" },
  { rule: { kind: "date" }, want: "a date such as 2026-12-31" },
  { rule: { kind: "email" }, want: "an e-mail address" },
  { rule: { kind: "iam-user" }, want: "the name of an IAM user" },
  { rule: { kind: "identity-center-user" }, want: "the name of a user of IAM Identity Center" },
];

for (const { rule, want } of said) test(`${rule.kind} in words: ${want}`, async (t) => t.equal(sayRule(rule), want));

const suggestions = [
  { name: "a slip of the pen", value: "prodution", want: "production" },
  { name: "another letter case", value: "STAGING", want: "staging" },
  { name: "nothing near", value: "test", want: undefined },
  { name: "a glob is no value to set", value: "dev-", want: undefined },
] as const;

for (const { name, value, want } of suggestions)
  test(`suggests: ${name}`, async (t) => t.equal(suggestValue(allowed, value), want));

test("what has no list suggests nothing", async (t) => t.equal(suggestValue({ kind: "date" }, "2026"), undefined));
