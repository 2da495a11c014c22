import { test } from "tap";
import { declareSettings } from "../../lib/settings/declare.ts";
import { formatHelp } from "../../lib/settings/help.ts";
import { settingsJsonSchema } from "../../lib/settings/json-schema.ts";
import { parseValue } from "../../lib/settings/parse-value.ts";
import { readEnvironment } from "../../lib/settings/read-environment.ts";
import { noFile, readFileSettings } from "../../lib/settings/read-file.ts";
import { readFlags } from "../../lib/settings/read-flags.ts";
import { resolveSettings } from "../../lib/settings/resolve.ts";
import {
  credstashName,
  credstashNameSetting,
  credstashSettings,
  formatSecretSource,
  type SecretSource,
  secretSetting,
  secretSource,
} from "../../lib/settings/secret-settings.ts";

const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/slack-AbCdEf";

const places: readonly (readonly [written: string, want: SecretSource])[] = [
  ["env:SLACK_BOT_TOKEN", { from: "env", name: "SLACK_BOT_TOKEN" }],
  ["env:_x9", { from: "env", name: "_x9" }],
  ["file:/run/secrets/slack", { from: "file", path: "/run/secrets/slack" }],
  ["file:a b:c#d@e", { from: "file", path: "a b:c#d@e" }],
  ["secretsmanager:prod/slack", { from: "secretsmanager", id: "prod/slack", jsonKey: undefined }],
  ["secretsmanager:prod/slack#bot token#2", { from: "secretsmanager", id: "prod/slack", jsonKey: "bot token#2" }],
  [`secretsmanager:${arn}`, { from: "secretsmanager", id: arn, jsonKey: undefined }],
  [`secretsmanager:${arn}#token`, { from: "secretsmanager", id: arn, jsonKey: "token" }],
  ["secretsmanager:rds!db-1_x+=.@y", { from: "secretsmanager", id: "rds!db-1_x+=.@y", jsonKey: undefined }],
  ["ssm:/prod/slack", { from: "ssm", name: "/prod/slack" }],
  ["ssm:slack:3", { from: "ssm", name: "slack:3" }],
  ["credstash:slack.token", { from: "credstash", name: "slack.token", table: undefined }],
  ["credstash:slack:token@other-table", { from: "credstash", name: "slack:token", table: "other-table" }],
];

for (const [written, want] of places) {
  test(`${written} is a place`, async (t) => {
    t.strictSame(parseValue(secretSource(), written, true), { ok: true, value: want });
    t.equal(formatSecretSource(want), written);
  });
}

const noPlaces: readonly unknown[] = [
  "xoxb-123-abc",
  "ATATT3xFfGF0=A1",
  "",
  " env:X",
  "ENV:X",
  "vault:x",
  "env:",
  "env:1X",
  "env:xoxb-123-abc",
  "env:X\nY",
  "file:",
  "file: ",
  "secretsmanager:",
  "secretsmanager:#key",
  "secretsmanager:x#",
  "secretsmanager:a b",
  "ssm:",
  "ssm:a b",
  "credstash:",
  "credstash:@table",
  "credstash:x@",
  "credstash:a b",
  42,
  { env: "X" },
];

for (const raw of noPlaces) {
  test(`${JSON.stringify(raw)} is no place, and is not repeated`, async (t) => {
    const says = typeof raw === "object" ? `not ${expects}` : `[redacted] is not ${expects}`;
    t.strictSame(parseValue(secretSource(), raw, true), { ok: false, wrong: [{ path: [], says }] });
  });
}

const expects =
  "a place to read the secret from: env:NAME, file:PATH, secretsmanager:ID, secretsmanager:ID#JSON_KEY, ssm:NAME, credstash:NAME or credstash:NAME@TABLE";

test("the original's name of a secret in credstash is taken as it stands", async (t) => {
  for (const name of ["slack_api_token", "env:X", "a@b"])
    t.strictSame(parseValue(credstashName(), name), { ok: true, value: { from: "credstash", name, table: undefined } });
  for (const name of ["", "a b"]) t.match(parseValue(credstashName(), name), { ok: false });
});

const declared = declareSettings("keycheck", {
  slackToken: secretSetting("Slack bot token."),
  credstashKeynameSlackApiToken: credstashNameSetting(
    "credstash_keyname_slack_api_token",
    "The Slack bot token's name in credstash.",
  ),
  ...credstashSettings,
});

const settle = (environment: Record<string, string>, flags: Record<string, readonly string[]> = {}, value?: unknown) =>
  resolveSettings(
    [declared],
    [
      readFlags([declared], { flags, words: [], rest: [] }),
      readEnvironment([declared], environment),
      readFileSettings([declared], { ...noFile, path: "s.yaml", value }),
    ],
  );

test("the original's own variables are understood", async (t) => {
  const environment = {
    credstash_aws_profile_name: "secrets",
    credstash_region: "us-west-2",
    credstash_keyname_slack_api_token: "slack",
  };
  t.match(settle(environment), {
    ok: true,
    settings: [
      {
        credstashProfile: "secrets",
        credstashRegion: "us-west-2",
        credstashKeynameSlackApiToken: { from: "credstash", name: "slack", table: undefined },
        slackToken: undefined,
      },
    ],
  });
});

const token = "xoxb-123-secret";

const literal = [
  { name: "a flag", want: "flag --slack-token", settled: settle({}, { "slack-token": [token] }) },
  { name: "a variable", want: "environment KEYCHECK_SLACK_TOKEN", settled: settle({ KEYCHECK_SLACK_TOKEN: token }) },
  {
    name: "the file",
    want: "file s.yaml line 1, keycheck.slack_token",
    settled: settle({}, {}, { keycheck: { slack_token: token } }),
  },
];

for (const { name, want, settled } of literal)
  test(`a token itself in ${name} is refused unseen`, async (t) =>
    t.strictSame(settled, { ok: false, problems: [`${want}: [redacted] is not ${expects}`] }));

test("help and schema tell the forms", async (t) => {
  const help = formatHelp({ program: "keycheck", says: "x", examples: [] }, [declared]);
  t.match(help, /--slack-token SOURCE/);
  const schema = JSON.stringify(settingsJsonSchema([declared]));
  t.match(schema, /secretsmanager:/);
});
