import { test } from "tap";
import { parseValue } from "../../lib/settings/parse-value.ts";
import { secretSource } from "../../lib/settings/secret-settings.ts";
import {
  tagauditActions,
  tagauditDocumentPermissions,
  tagauditIdentityCenterPermissions,
  tagauditMarkPermissions,
  tagauditPermissions,
  tagauditProtectionPermissions,
  tagauditSecrets,
  tagauditTerminationPermissions,
  tagauditUserPermissions,
} from "../../lib/tagaudit/permissions.ts";
import { aScheme } from "../support/tagaudit-records.ts";

const { observe, notify, commit } = tagauditPermissions;
const without = (some: readonly string[], others: readonly string[]) => some.filter((one) => !others.includes(one));

test("observe reads EC2 and no more", async (t) => {
  t.strictSame(observe, [
    ...["ec2:DescribeConversionTasks", "ec2:DescribeExportTasks", "ec2:DescribeInstanceTypes"],
    ...["ec2:DescribeInstances", "ec2:DescribeRegions"],
  ]);
});

test("each mode adds to the one below it, and only commit changes anything", async (t) => {
  t.strictSame(without(notify, observe), ["cloudtrail:LookupEvents", "ec2:DescribeTags", "iam:ListAccountAliases"]);
  t.strictSame(without(commit, notify), ["ec2:DescribeInstanceAttribute", "ec2:StartInstances", "ec2:StopInstances"]);
  for (const actions of [observe, notify, commit]) t.strictSame(actions, actions.toSorted());
});

const stops = { stop: true, terminate: false, canaryTimestamp: false, identityStore: undefined };
const usual = { sink: ["line-protocol"], scheme: aScheme(), settings: stops } as const;
const users = aScheme({ rules: [{ tag: "owner", value: { kind: "iam-user" } }] });
const people = aScheme({ rules: [{ tag: "owner", value: { kind: "identity-center-user" } }] });
const flips = aScheme({ rules: [{ tag: "owner", mayFlipProtection: true }] });

type Mode = keyof typeof tagauditPermissions;

interface Case {
  readonly name: string;
  readonly mode: Mode;
  readonly asked: Parameters<typeof tagauditActions>[1];
  readonly want: readonly string[];
}

const cases: readonly Case[] = [
  { name: "observe", mode: "observe", asked: usual, want: observe },
  {
    name: "documents are named after the account",
    ...{ mode: "observe", asked: { ...usual, sink: ["documents"] } },
    want: [...observe, ...tagauditDocumentPermissions],
  },
  {
    name: "in Elasticsearch, too",
    ...{ mode: "observe", asked: { ...usual, sink: ["line-protocol", "elasticsearch"] } },
    want: [...observe, ...tagauditDocumentPermissions],
  },
  {
    name: "what is called anyway is named once",
    ...{ mode: "notify", asked: { ...usual, sink: ["documents"] } },
    want: notify,
  },
  {
    name: "a scheme that asks for IAM users",
    ...{ mode: "observe", asked: { ...usual, scheme: users } },
    want: [...observe, ...tagauditUserPermissions],
  },
  {
    name: "a scheme that asks for users of IAM Identity Center",
    ...{ mode: "observe", asked: { ...usual, scheme: people } },
    want: [...observe, ...tagauditIdentityCenterPermissions],
  },
  {
    name: "of a store that is named",
    ...{ mode: "observe", asked: { ...usual, scheme: people, settings: { ...stops, identityStore: "d-1234567890" } } },
    want: [...observe, "identitystore:ListUsers"],
  },
  {
    name: "what may terminate",
    ...{ mode: "commit", asked: { ...usual, settings: { ...stops, terminate: true } } },
    want: [...commit, ...tagauditTerminationPermissions],
  },
  {
    name: "what terminates without a stop",
    ...{ mode: "commit", asked: { ...usual, settings: { ...stops, stop: false, terminate: true } } },
    want: [...without(commit, ["ec2:StartInstances", "ec2:StopInstances"]), ...tagauditTerminationPermissions],
  },
  {
    name: "a rule that takes protection off",
    ...{ mode: "commit", asked: { ...usual, scheme: flips } },
    want: [...commit, ...tagauditProtectionPermissions],
  },
  {
    name: "what stamps canaries",
    ...{ mode: "commit", asked: { ...usual, settings: { ...stops, canaryTimestamp: true } } },
    want: [...commit, ...tagauditMarkPermissions],
  },
  {
    name: "nothing of that before commit",
    mode: "notify",
    asked: { ...usual, scheme: flips, settings: { ...stops, terminate: true, canaryTimestamp: true } },
    want: notify,
  },
];

for (const { name, mode, asked, want } of cases)
  test(name, async (t) => t.strictSame(tagauditActions(mode, asked), want.toSorted()));

test("nothing writes tags unless canaries are to be stamped", async (t) => {
  const all = { ...usual, scheme: flips, settings: { ...stops, terminate: true } };
  t.notOk(tagauditActions("commit", all).includes("ec2:CreateTags"));
});

function source(written: string) {
  const parsed = parseValue(secretSource(), written);
  if (!parsed.ok) throw new Error(written);
  return parsed.value;
}

const silent = {
  ...{ sendSlack: true, slackToken: undefined, slackTokenCredstash: undefined },
  ...{ smtpHost: undefined, smtpPassword: undefined },
};
const slack = source("ssm:/slack");
const smtp = source("secretsmanager:smtp");

interface SecretCase {
  readonly name: string;
  readonly mode: Mode;
  readonly settings: Parameters<typeof tagauditSecrets>[1];
  readonly want: ReturnType<typeof tagauditSecrets>;
}

const secrets: readonly SecretCase[] = [
  { name: "observe reads no secret", mode: "observe", settings: { ...silent, slackToken: slack }, want: [] },
  { name: "without channels no secret is read", mode: "commit", settings: silent, want: [] },
  { name: "Slack's token", mode: "notify", settings: { ...silent, slackToken: slack }, want: [slack] },
  {
    name: "by the original's name",
    mode: "notify",
    settings: { ...silent, slackTokenCredstash: slack },
    want: [slack],
  },
  {
    name: "not where Slack is off",
    ...{ mode: "notify", settings: { ...silent, sendSlack: false, slackToken: slack } },
    want: [],
  },
  {
    name: "the mail server's password",
    ...{ mode: "commit", settings: { ...silent, smtpHost: "smtp.example.com", smtpPassword: smtp } },
    want: [smtp],
  },
];

for (const { name, mode, settings, want } of secrets)
  test(name, async (t) => t.strictSame(tagauditSecrets(mode, settings), want));
