import { test } from "tap";
import { stringify } from "yaml";
import { declareSettings, settingNames, settingsIn } from "../../lib/settings/declare.ts";
import { loadYaml } from "../../lib/settings/load-yaml.ts";
import { readEnvironment } from "../../lib/settings/read-environment.ts";
import { readFileSettings } from "../../lib/settings/read-file.ts";
import { resolveSettings } from "../../lib/settings/resolve.ts";
import { slackSettings } from "../../lib/settings/slack-settings.ts";

const declared = declareSettings("keycheck", slackSettings);

function resolve(section: Readonly<Record<string, unknown>>, environment: Readonly<Record<string, string>> = {}) {
  const file = loadYaml("s.yaml", stringify({ keycheck: section }));
  return resolveSettings([declared], [readEnvironment([declared], environment), readFileSettings([declared], file)]);
}

test("what holds when nothing is said", async (t) => {
  const resolved = resolve({});
  if (!resolved.ok) return t.fail(resolved.problems.join());
  t.strictSame(resolved.settings[0], {
    ...{ sendSlack: true, slackToken: undefined, slackTokenCredstash: undefined, slackMap: undefined },
    ...{ slackFallbackChannel: undefined, slackApiUrl: "https://slack.com/api/" },
  });
});

const accepted = [
  { key: "slack_token", value: "env:SLACK_TOKEN", want: { slackToken: { from: "env", name: "SLACK_TOKEN" } } },
  { key: "slack_map", value: "owners.yaml", want: { slackMap: "owners.yaml" } },
  { key: "slack_fallback_channel", value: "C0123ABCD", want: { slackFallbackChannel: "C0123ABCD" } },
  { key: "slack_fallback_channel", value: "G01", want: { slackFallbackChannel: "G01" } },
  { key: "slack_fallback_channel", value: "#säkerhet-1", want: { slackFallbackChannel: "#säkerhet-1" } },
  { key: "slack_api_url", value: "https://slack-gov.com/api/", want: { slackApiUrl: "https://slack-gov.com/api/" } },
  { key: "slack_api_url", value: "https://slack.example:8443", want: { slackApiUrl: "https://slack.example:8443" } },
  { key: "slack_api_url", value: "http://127.0.0.1:4000/api/", want: { slackApiUrl: "http://127.0.0.1:4000/api/" } },
  { key: "slack_api_url", value: "http://[::1]:4000/", want: { slackApiUrl: "http://[::1]:4000/" } },
] as const;

for (const { key, value, want } of accepted)
  test(`${key} takes ${value}`, async (t) => t.match(resolve({ [key]: value }), { ok: true, settings: [want] }));

const channel = "a channel's id such as C0123ABCD, or its name such as #security";
const address = "an https address, or an http address of this machine";
const refused = [
  { key: "slack_fallback_channel", value: "security", expects: channel },
  { key: "slack_fallback_channel", value: "U0123ABCD", expects: channel },
  { key: "slack_fallback_channel", value: "#", expects: channel },
  { key: "slack_fallback_channel", value: "<!channel>", expects: channel },
  { key: "slack_fallback_channel", value: `#${"x".repeat(81)}`, expects: channel },
  { key: "slack_api_url", value: "http://slack.com/api/", expects: address },
  { key: "slack_api_url", value: "http://127.0.0.1.evil.example/", expects: address },
  { key: "slack_api_url", value: "http://localhost@evil.example/", expects: address },
  { key: "slack_api_url", value: "https://slack.com@evil.example/", expects: address },
  { key: "slack_api_url", value: "https://slack.com/api/?x=", expects: address },
  { key: "slack_api_url", value: "slack.com", expects: address },
  { key: "slack_map", value: " ", expects: "the path of a file" },
] as const;

for (const { key, value, expects } of refused) {
  test(`${key} refuses ${value.slice(0, 40)}`, async (t) => {
    const resolved = resolve({ [key]: value });
    const [problem = "", ...others] = resolved.ok ? [] : resolved.problems;
    t.ok(problem?.startsWith(`file s.yaml line 2, keycheck.${key}: "`), problem);
    t.ok(problem?.endsWith(`" is not ${expects}`), problem);
    t.strictSame(others, []);
  });
}

test("a token in place of where it is kept is refused and not repeated", async (t) => {
  const resolved = resolve({ slack_token: "xoxb-not-to-be-seen" });
  if (resolved.ok) return t.fail("taken");
  t.match(resolved.problems, [/keycheck\.slack_token: .* is not a place to read the secret from/]);
  t.notMatch(resolved.problems.join(), /not-to-be-seen/);
});

const originals = [
  { environment: { send_slack: "False" }, want: { sendSlack: false } },
  {
    environment: { credstash_keyname_slack_api_token: "slack.token" },
    want: { slackTokenCredstash: { from: "credstash", name: "slack.token", table: undefined } },
  },
] as const;

for (const { environment, want } of originals)
  test(`takes ${Object.keys(environment).join()} from the environment`, async (t) =>
    t.match(resolve({}, environment), { ok: true, settings: [want] }));

test("no name is given twice, and each setting says what it means in a sentence", async (t) => {
  for (const names of Object.values(settingNames(declared))) t.strictSame(names, [...new Set(names)]);
  for (const { names, says } of settingsIn([declared])) t.match(says, /^[A-Z].*\.$/, names.stem);
});
