import { test } from "tap";
import { days } from "../../lib/core/time.ts";
import type { KindRule } from "../../lib/keycheck/kind-rules.ts";
import {
  type KeyPolicy,
  type KindUser,
  kindOf,
  needsUserDetails,
  pathOf,
  refuseKinds,
  refuseOrder,
} from "../../lib/keycheck/kinds.ts";
import { aPolicy } from "../support/keycheck-records.ts";

const common = { expireAge: days(180), warnBefore: days(15), unusedAge: days(45), disableAfter: days(14) };

const aRule = (changes: Partial<KindRule> = {}): KindRule => ({
  kind: "human",
  users: undefined,
  paths: undefined,
  groups: undefined,
  tag: undefined,
  expireAge: undefined,
  warnBefore: undefined,
  unusedAge: undefined,
  disableAfter: undefined,
  disable: undefined,
  ...changes,
});

const ada: KindUser = {
  name: "ada@acme.example",
  path: "/people/north/",
  groups: ["developers", "on-call"],
  tags: new Map([["Team", "payments"]]),
};

const human = aPolicy({ kind: "human", mayDisable: true });
const everyone = { users: ["*"] };

const matches: readonly { name: string; rule: Partial<KindRule>; user?: KindUser; want: boolean }[] = [
  { name: "a glob of the user's name", rule: { users: ["*@acme.example"] }, want: true },
  { name: "one glob of several", rule: { users: ["bob", "ada*"] }, want: true },
  { name: "a part of the name is not the name", rule: { users: ["ada"] }, want: false },
  { name: "the user's name in other letters", rule: { users: ["Ada@*"] }, want: true },
  { name: "a glob of the path", rule: { paths: ["/people/*"] }, want: true },
  { name: "the path in other letters, which is another path", rule: { paths: ["/People/*"] }, want: false },
  { name: "another path", rule: { paths: ["/people/"] }, want: false },
  { name: "a glob of any group", rule: { groups: ["on-*"] }, want: true },
  { name: "a group in other letters", rule: { groups: ["On-Call"] }, want: true },
  { name: "none of the groups", rule: { groups: ["admins"] }, want: false },
  { name: "a tag of any value", rule: { tag: { key: "Team", value: undefined } }, want: true },
  { name: "a tag whose value the glob matches", rule: { tag: { key: "Team", value: "pay*" } }, want: true },
  { name: "a tag of another value", rule: { tag: { key: "Team", value: "pay" } }, want: false },
  { name: "a tag's key in other letters", rule: { tag: { key: "team", value: undefined } }, want: true },
  { name: "a tag's value in other letters", rule: { tag: { key: "Team", value: "PAY*" } }, want: false },
  { name: "a tag that the user lacks", rule: { tag: { key: "Te", value: undefined } }, want: false },
  { name: "every condition", rule: { users: ["ada*"], paths: ["/people/*"], groups: ["on-call"] }, want: true },
  { name: "all conditions but one", rule: { users: ["ada*"], paths: ["/people/*"], groups: ["admins"] }, want: false },
  { name: "a user without groups", rule: { groups: ["*"] }, user: { ...ada, groups: [] }, want: false },
];

for (const { name, rule, user = ada, want } of matches) {
  test(`${name}: ${want ? "matches" : "does not match"}`, async (t) =>
    t.strictSame(kindOf(user, { ...common, kinds: [aRule(rule)] }), want ? human : aPolicy()));
}

const policies: readonly { name: string; kinds: readonly Partial<KindRule>[]; want: KeyPolicy }[] = [
  { name: "a user of whom no rule speaks is a machine, whose keys stay on", kinds: [], want: aPolicy() },
  { name: "a human's keys may be disabled", kinds: [everyone], want: human },
  {
    name: "a human's keys stay on where the rule says so",
    kinds: [{ ...everyone, disable: false }],
    want: aPolicy({ kind: "human", mayDisable: false }),
  },
  { name: "a machine's keys stay on", kinds: [{ ...everyone, kind: "machine" }], want: aPolicy() },
  {
    name: "a machine's keys may be disabled only where the rule says so",
    kinds: [{ ...everyone, kind: "machine", disable: true }],
    want: aPolicy({ mayDisable: true }),
  },
  {
    name: "the first rule that matches decides, whatever later ones say",
    kinds: [
      { users: ["bob"], expireAge: days(1) },
      { ...everyone, expireAge: days(90) },
      { ...everyone, disable: false },
    ],
    want: { ...human, expireAge: days(90) },
  },
  {
    name: "a rule's own ages hold instead of everyone's",
    kinds: [{ ...everyone, expireAge: days(90), warnBefore: days(30), unusedAge: days(20), disableAfter: 0 }],
    want: { ...human, expireAge: days(90), warnBefore: days(30), unusedAge: days(20), disableAfter: 0 },
  },
];

for (const { name, kinds, want } of policies)
  test(name, async (t) => t.strictSame(kindOf(ada, { ...common, kinds: kinds.map(aRule) }), want));

const { groups: _groups, tags: _tags, ...unread } = ada;
const byGroup = { groups: ["developers"], disable: true, expireAge: days(1) };
const byTag = { tag: { key: "Team", value: undefined } };

const unreadCases: readonly { name: string; kinds: readonly Partial<KindRule>[]; want: KeyPolicy }[] = [
  { name: "a rule that may match is not followed", kinds: [byGroup], want: aPolicy() },
  { name: "nor is any rule behind it", kinds: [byTag, everyone], want: aPolicy() },
  { name: "a rule before it is", kinds: [everyone, byGroup], want: human },
  { name: "a rule that can't match is passed over", kinds: [{ ...byGroup, users: ["bob"] }, everyone], want: human },
];

for (const { name, kinds, want } of unreadCases) {
  test(`groups and tags not read: ${name}`, async (t) =>
    t.strictSame(kindOf(unread, { ...common, kinds: kinds.map(aRule) }), want));
}

const needs: readonly { name: string; kinds: readonly Partial<KindRule>[]; want: boolean }[] = [
  { name: "no rules", kinds: [], want: false },
  { name: "names and paths", kinds: [everyone, { paths: ["/x/"] }], want: false },
  { name: "a group", kinds: [everyone, { groups: ["x"] }], want: true },
  { name: "a tag", kinds: [byTag], want: true },
];

for (const { name, kinds, want } of needs) {
  test(`${name}: users ${want ? "are" : "are not"} read in detail`, async (t) =>
    t.equal(needsUserDetails({ kinds: kinds.map(aRule) }), want));
}

const paths = [
  { arn: "arn:aws:iam::123456789012:user/ada", want: "/" },
  { arn: "arn:aws-cn:iam::123456789012:user/people/ada", want: "/people/" },
  { arn: "arn:aws:iam::123456789012:user/people/north/a=b,c", want: "/people/north/" },
  { arn: "arn:aws:iam::123456789012:root", want: "/" },
];

for (const { arn, want } of paths) test(`the path in ${arn}`, async (t) => t.equal(pathOf(arn), want));

const orders = [
  { name: "warn_before one millisecond short of expire_age", ages: { warnBefore: days(90) - 1, expireAge: days(90) } },
  {
    name: "warn_before as long as expire_age",
    ages: { warnBefore: days(90), expireAge: days(90) },
    want: "warn_before (90d) must be shorter than expire_age (90d), or every key would be expiring",
  },
  { name: "expire_hard after expire_age", ages: { expireHard: days(181) } },
  {
    name: "expire_hard with expire_age",
    ages: { expireHard: days(180) },
    want: "expire_age (180d) must be shorter than expire_hard (180d)",
  },
];

for (const { name, ages, want } of orders) {
  test(`${name}: ${want === undefined ? "is in order" : "is refused"}`, async (t) =>
    t.equal(refuseOrder({ ...common, expireHard: undefined, ...ages }), want));
}

const ruleOrders: readonly { name: string; kinds: readonly Partial<KindRule>[]; expireHard?: number; want?: string }[] =
  [
    { name: "no rules", kinds: [] },
    { name: "a rule with ages in order", kinds: [{ expireAge: days(30), warnBefore: days(5) }] },
    {
      name: "a rule's age with one that holds for all",
      kinds: [{}, { expireAge: days(15) }],
      want: "kinds[1]: warn_before (15d) must be shorter than expire_age (15d), or every key would be expiring",
    },
    {
      name: "every rule that is out of order",
      kinds: [{ warnBefore: days(200) }, { expireAge: days(90) }, { expireAge: days(400) }],
      expireHard: days(365),
      want: "kinds[0]: warn_before (200d) must be shorter than expire_age (180d), or every key would be expiring; kinds[2]: expire_age (400d) must be shorter than expire_hard (365d)",
    },
    { name: "what is wrong for all is not said of each rule", kinds: [{}], expireHard: days(1) },
  ];

for (const { name, kinds, expireHard, want } of ruleOrders) {
  test(`order of ages by kind: ${name}`, async (t) =>
    t.equal(refuseKinds({ ...common, expireHard, kinds: kinds.map(aRule) }), want));
}
