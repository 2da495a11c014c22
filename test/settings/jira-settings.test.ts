import { test } from "tap";
import { declareSettings, settingNames } from "../../lib/settings/declare.ts";
import {
  type JiraValues,
  jiraChecked,
  jiraSecrets,
  jiraSettings,
  refuseJira,
} from "../../lib/settings/jira-settings.ts";
import { readEnvironment } from "../../lib/settings/read-environment.ts";
import { resolveSettings } from "../../lib/settings/resolve.ts";

const declared = declareSettings("keycheck", jiraSettings, (check) => [check(jiraChecked, refuseJira)]);

const resolve = (environment: Readonly<Record<string, string>>) =>
  resolveSettings([declared], [readEnvironment([declared], environment)]);

test("without a word no ticket is filed, and nothing is asked for", async (t) => {
  const resolved = resolve({});
  t.strictSame(resolved.ok && resolved.settings[0], {
    ...{ createJira: false, jiraServerAddress: undefined, jiraCloudId: undefined, jiraKind: undefined },
    ...{ jiraProjectKey: undefined, jiraIssueType: "Story", jiraLabel: "AWS-User-Key-Rotation", jiraAuth: "basic" },
    ...{ jiraEmail: undefined, jiraToken: undefined },
    ...{ credstashKeynameAtlassianApiEmail: undefined, credstashKeynameAtlassianApiToken: undefined },
    ...{ jiraSettleAfter: 5 * 60_000, jiraReopen: "reopen" },
  });
});

const originals = [
  "create_jira",
  "jira_server_address",
  "jira_project_key",
  "credstash_keyname_atlassian_api_email",
  "credstash_keyname_atlassian_api_token",
];

for (const original of originals) {
  test(`the original's ${original} is a name still`, async (t) =>
    t.ok(settingNames(declared).environment.includes(original)));
}

const asTheOriginal = {
  ...{ create_jira: "True", jira_server_address: "https://example.atlassian.net", jira_project_key: "OPS" },
  ...{ credstash_keyname_atlassian_api_email: "jira_email", credstash_keyname_atlassian_api_token: "jira_token" },
};

test("the original's settings are enough", async (t) => {
  const resolved = resolve(asTheOriginal);
  t.match(resolved, { ok: true, settings: [{ createJira: true, jiraProjectKey: "OPS" }] });
  t.strictSame(resolved.ok && jiraSecrets(resolved.settings[0]), {
    email: { from: "credstash", name: "jira_email", table: undefined },
    token: { from: "credstash", name: "jira_token", table: undefined },
  });
});

const written = [
  { name: "JIRA_SERVER_ADDRESS", good: ["http://jira.example.com:8080/jira", "https://example.com/"] },
  { name: "JIRA_PROJECT_KEY", good: ["OPS", "my_2"] },
  { name: "JIRA_LABEL", good: ["a", "a".repeat(255)] },
  { name: "JIRA_CLOUD_ID", good: ["11223344-a1b2-3b33-c444-def123456789"] },
  { name: "JIRA_KIND", good: ["cloud", "server"] },
  { name: "JIRA_REOPEN", good: ["new"] },
  { name: "JIRA_TOKEN", good: ["env:JIRA_TOKEN", "file:/run/secrets/jira"] },
] as const;

for (const { name, good } of written) {
  test(`${name} as it should be`, async (t) => {
    for (const value of good) t.equal(resolve({ [`KEYCHECK_${name}`]: value }).ok, true, value);
  });
}

const wrong = [
  {
    name: "JIRA_SERVER_ADDRESS",
    bad: ["example.com", "ftp://x", "https://me:pw@example.com", "https://x/?a=b", "https://x/#a"],
  },
  { name: "JIRA_PROJECT_KEY", bad: ["1OPS", 'OPS" OR 1', "OPS-1"] },
  { name: "JIRA_LABEL", bad: ["two words", "a".repeat(256)] },
  { name: "JIRA_CLOUD_ID", bad: ["a/b", "../x"] },
  { name: "JIRA_SETTLE_AFTER", bad: ["soon"] },
] as const;

for (const { name, bad } of wrong) {
  test(`${name} as it should not be`, async (t) => {
    for (const value of bad) t.equal(resolve({ [`KEYCHECK_${name}`]: value }).ok, false, value);
  });
}

test("a token in place of where it is kept is refused and not repeated", async (t) => {
  const resolved = resolve({ KEYCHECK_JIRA_TOKEN: "ATATT3xFfGF0-pasted" });
  t.equal(resolved.ok, false);
  t.notMatch(JSON.stringify(resolved), /ATATT3xFfGF0/);
});

const kept = { from: "env", name: "X" } as const;
const whole: JiraValues = {
  ...{ createJira: true, jiraServerAddress: "https://example.com", jiraCloudId: undefined, jiraKind: undefined },
  ...{ jiraProjectKey: "OPS", jiraAuth: "basic", jiraEmail: kept, jiraToken: kept },
  ...{ credstashKeynameAtlassianApiEmail: undefined, credstashKeynameAtlassianApiToken: undefined },
};

const nothing: JiraValues = {
  ...whole,
  ...{ jiraServerAddress: undefined, jiraProjectKey: undefined, jiraEmail: undefined, jiraToken: undefined },
};

const judged: readonly { readonly name: string; readonly values: JiraValues; readonly want: string | undefined }[] = [
  { name: "all that is needed", values: whole, want: undefined },
  {
    name: "a cloud id in place of an address",
    values: { ...whole, jiraServerAddress: undefined, jiraCloudId: "1" },
    want: undefined,
  },
  {
    name: "everything missing is said at once",
    values: nothing,
    want: "create_jira needs jira_server_address or jira_cloud_id, jira_project_key, jira_email (with jira_auth = basic), jira_token",
  },
  { name: "nothing is needed where no ticket is filed", values: { ...nothing, createJira: false }, want: undefined },
  {
    name: "bearer needs no e-mail address",
    values: { ...whole, jiraAuth: "bearer", jiraEmail: undefined },
    want: undefined,
  },
  {
    name: "the original's names of secrets count",
    values: {
      ...{ ...whole, jiraEmail: undefined, jiraToken: undefined },
      ...{ credstashKeynameAtlassianApiEmail: kept, credstashKeynameAtlassianApiToken: kept },
    },
    want: undefined,
  },
  {
    name: "one e-mail address",
    values: { ...whole, credstashKeynameAtlassianApiEmail: kept },
    want: "only one of jira_email and credstash_keyname_atlassian_api_email can be given",
  },
  {
    name: "one token",
    values: { ...whole, createJira: false, credstashKeynameAtlassianApiToken: kept },
    want: "only one of jira_token and credstash_keyname_atlassian_api_token can be given",
  },
  {
    name: "no server has a cloud id",
    values: { ...whole, jiraCloudId: "1", jiraKind: "server" },
    want: "jira_cloud_id goes with jira_kind = cloud",
  },
  { name: "a cloud may be called one", values: { ...whole, jiraCloudId: "1", jiraKind: "cloud" }, want: undefined },
];

for (const { name, values, want } of judged) {
  test(name, async (t) => t.equal(refuseJira(values), want));
}
