import { test } from "tap";
import { keycheckActions, keycheckDetailPermissions, keycheckPermissions } from "../../lib/keycheck/permissions.ts";
import { parseValue } from "../../lib/settings/parse-value.ts";
import { secretSource } from "../../lib/settings/secret-settings.ts";
import { grantSecrets, grantState } from "../../lib/stalewatch/policy-grants.ts";
import { tableActions } from "../../lib/state/dynamodb-actions.ts";

const nowhere = { region: undefined, account: undefined };
const home = { region: "eu-west-1", account: "123456789012" };

const source = (written: string) => {
  const parsed = parseValue(secretSource(), written);
  if (!parsed.ok) throw new Error(written);
  return parsed.value;
};

test("state in a table is granted by its ARN, and making it apart from using it", async (t) => {
  t.strictSame(grantState({ state: "embedded", stateTable: "stalewatch" }, home), []);
  const [use, make, ...others] = grantState({ state: "dynamodb", stateTable: "ours" }, home);
  const resources = ["arn:aws:dynamodb:eu-west-1:123456789012:table/ours"];
  t.strictSame(use, { sid: "State", actions: Object.values(tableActions.use).toSorted(), resources });
  t.strictSame(make, { sid: "MakeStateTable", actions: Object.values(tableActions.make).toSorted(), resources });
  t.same(others, []);
});

const partitions = [
  { region: undefined, want: "arn:aws:dynamodb:*:*:table/stalewatch" },
  { region: "us-gov-west-1", want: "arn:aws-us-gov:dynamodb:us-gov-west-1:*:table/stalewatch" },
  { region: "cn-north-1", want: "arn:aws-cn:dynamodb:cn-north-1:*:table/stalewatch" },
  { region: "ca-central-1", want: "arn:aws:dynamodb:ca-central-1:*:table/stalewatch" },
];

for (const { region, want } of partitions)
  test(`a table in region ${region} is ${want}`, async (t) => {
    const [use] = grantState({ state: "dynamodb", stateTable: "stalewatch" }, { ...nowhere, region });
    t.strictSame(use?.resources, [want]);
  });

const secrets: readonly { readonly written: string; readonly want: readonly string[] }[] = [
  { written: "env:TOKEN", want: [] },
  { written: "file:/run/token", want: [] },
  {
    written: "secretsmanager:slack/bot#token",
    want: ["secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack/bot-??????"],
  },
  {
    written: "secretsmanager:arn:aws:secretsmanager:us-east-1:210987654321:secret:bot-AbCdEf",
    want: ["secretsmanager:GetSecretValue arn:aws:secretsmanager:us-east-1:210987654321:secret:bot-AbCdEf"],
  },
  { written: "ssm:/slack/bot", want: ["ssm:GetParameter arn:aws:ssm:eu-west-1:123456789012:parameter/slack/bot"] },
  { written: "ssm:bot:3", want: ["ssm:GetParameter arn:aws:ssm:eu-west-1:123456789012:parameter/bot"] },
  {
    written: "credstash:bot@theirs",
    want: ["dynamodb:Query arn:aws:dynamodb:us-west-2:*:table/theirs", "kms:Decrypt arn:aws:kms:us-west-2:*:key/*"],
  },
  {
    written: "credstash:bot",
    want: [
      "dynamodb:Query arn:aws:dynamodb:us-west-2:*:table/credential-store",
      "kms:Decrypt arn:aws:kms:us-west-2:*:key/*",
    ],
  },
];

const formatGrants = (grants: ReturnType<typeof grantSecrets>): readonly string[] =>
  grants.flatMap(({ actions, resources }) => actions.map((action) => `${action} ${[...resources].join(" ")}`));

for (const { written, want } of secrets)
  test(`reading ${written} takes ${want.join(" and ") || "nothing of AWS"}`, async (t) => {
    const credstash = { ...nowhere, region: "us-west-2" };
    t.strictSame(formatGrants(grantSecrets([source(written)], home, credstash)), want);
  });

test("several secrets of one kind are one statement, and the same one is named once", async (t) => {
  const sources = ["ssm:a", "ssm:b", "ssm:a"].map(source);
  t.strictSame(formatGrants(grantSecrets(sources, nowhere, nowhere)), [
    "ssm:GetParameter arn:aws:ssm:*:*:parameter/a arn:aws:ssm:*:*:parameter/b",
  ]);
});

test("each mode adds to the one below it, and only rules by group or tag read users' details", async (t) => {
  const { observe, notify, commit } = keycheckPermissions;
  t.strictSame(
    notify.filter((action) => !observe.some((one) => one === action)),
    ["iam:ListUserTags"],
  );
  t.strictSame(
    commit.filter((action) => !notify.some((one) => one === action)),
    ["iam:GetAccessKeyLastUsed", "iam:UpdateAccessKey"],
  );
  t.strictSame(keycheckDetailPermissions, ["iam:GetAccountAuthorizationDetails"]);
  const rule = { kind: "human", users: undefined, paths: undefined, groups: undefined, tag: undefined } as const;
  const ages = { expireAge: undefined, warnBefore: undefined, unusedAge: undefined, disableAfter: undefined };
  const by = (said: object) =>
    keycheckActions("notify", { kinds: [{ ...rule, ...ages, disable: undefined, ...said }] });
  t.strictSame(by({ users: ["*"] }), notify);
  t.strictSame(by({ groups: ["people"] }), [...notify, ...keycheckDetailPermissions].toSorted());
});
