import { test } from "tap";
import { callSettings } from "../../lib/settings/call-settings.ts";
import { settingNames, settingsIn } from "../../lib/settings/declare.ts";
import { readEnvironment } from "../../lib/settings/read-environment.ts";
import { readFileSettings } from "../../lib/settings/read-file.ts";
import { resolveSettings } from "../../lib/settings/resolve.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";

function resolve(settings: Readonly<Record<string, unknown>>, environment: Readonly<Record<string, string>> = {}) {
  const file = { path: "s.yaml", value: { run: settings }, lineAt: () => 1, problems: [], isIncomplete: false };
  return resolveSettings(
    [runSettings],
    [readEnvironment([runSettings], environment), readFileSettings([runSettings], file)],
  );
}

test("what a run does when nothing is said", async (t) => {
  const resolved = resolve({});
  if (!resolved.ok) return t.fail(resolved.problems.join());
  const [run] = resolved.settings;
  t.strictSame(run, {
    ...{ profiles: [], accounts: undefined, roleArns: [], externalId: undefined, organization: false },
    ...{ roleName: "stalewatch", includeAccounts: [], excludeAccounts: [], includeOus: [], excludeOus: [] },
    ...{ includeTags: [], excludeTags: [], region: undefined },
    ...{ shard: undefined, shards: undefined, shardIndex: undefined },
    ...{ actOnAccounts: [], calendar: undefined, protected: [], maxEvidenceAge: 3_600_000 },
    ...{ overridePlan: undefined, leaseTime: 10_000 },
    ...{ state: "embedded", stateDirectory: undefined, stateTable: "stalewatch", statePersistent: false },
    ...{ stateProfile: undefined, stateRegion: undefined },
    ...{ mode: "observe", deadline: 110_000, concurrency: 20, accountConcurrency: 20, execd: false },
    ...{ sink: ["line-protocol"], jsonFile: "-", prometheusFile: undefined, dumpMetricToConsole: true },
    ...{ elasticsearchUrl: [], elasticsearchIndex: "aws-audits", elasticsearchCaFile: undefined },
    ...{ elasticsearchApiKey: undefined, elasticsearchUser: undefined, elasticsearchPassword: undefined },
    ...{ logFormat: "text", logLevel: "warn" },
  });
});

const arn = "arn:aws:iam::123456789012:role/x";

const accepted = [
  { name: "profiles", settings: { profiles: ["a", "b"] }, want: { profiles: ["a", "b"] } },
  {
    name: "a profile whose credentials assume roles",
    settings: { profiles: "a", role_arns: [arn] },
    want: { roleArns: [arn] },
  },
  {
    name: "a profile whose credentials list the organization",
    settings: { profiles: "a", organization: true },
    want: { organization: true },
  },
  {
    name: "a profile beside a file of accounts",
    settings: { profiles: "a", accounts: "a.yaml" },
    want: { accounts: "a.yaml" },
  },
  {
    name: "filters of an organization",
    settings: {
      organization: true,
      include_ous: "r-ab12",
      exclude_ous: "ou-ab12-cdefgh34",
      include_tags: "a=b",
      exclude_tags: "c",
    },
    want: {
      includeOus: ["r-ab12"],
      includeTags: [{ key: "a", value: "b" }],
      excludeTags: [{ key: "c", value: undefined }],
    },
  },
  {
    name: "accounts included and others excluded",
    settings: { include_accounts: ["123456789012"], exclude_accounts: ["123456789013"] },
    want: { includeAccounts: ["123456789012"], excludeAccounts: ["123456789013"] },
  },
  {
    name: "line protocol on stdout and JSON in a file",
    settings: { sink: "line-protocol,json", json_file: "a.json" },
    want: { jsonFile: "a.json" },
  },
  {
    name: "JSON on stdout, line protocol kept off it",
    settings: { sink: "line-protocol,json", dump_metric_to_console: false },
    want: { dumpMetricToConsole: false },
  },
  { name: "JSON alone on stdout", settings: { sink: "json" }, want: { sink: ["json"] } },
  {
    name: "a file for Prometheus",
    settings: { sink: "prometheus", prometheus_file: "a.prom" },
    want: { prometheusFile: "a.prom" },
  },
  { name: "influx as another word for line protocol", settings: { sink: "influx" }, want: { sink: ["line-protocol"] } },
  {
    name: "documents on stdout, line protocol kept off it",
    settings: { sink: "line-protocol,documents", dump_metric_to_console: false },
    want: { sink: ["line-protocol", "documents"] },
  },
  {
    name: "line protocol on stdout and documents in Elasticsearch",
    settings: { sink: ["line-protocol", "elasticsearch"], elasticsearch_url: "https://a.example.com" },
    want: { elasticsearchUrl: ["https://a.example.com"] },
  },
  { name: "a bare deadline in seconds", settings: { deadline: 1 }, want: { deadline: 1000 } },
  { name: "a shard", settings: { shard: "1/2" }, want: { shard: { index: 1, count: 2 } } },
] as const;

for (const { name, settings, want } of accepted)
  test(`accepts ${name}`, async (t) => t.match(resolve(settings), { ok: true, settings: [want] }));

const line = "file s.yaml line 1, run";
const onlyOne = "only one of accounts, role_arns and organization can say what to scan";
const oneProfile =
  "beside accounts, role_arns or organization only one profile can be given, whose credentials are used";
const needsOrganization = "accounts are known by organizational unit and tag only with organization = true";

const refused = [
  {
    name: "a mode that there is not",
    settings: { mode: "act" },
    want: `${line}.mode: "act" is not one of observe, notify, commit`,
  },
  {
    name: "no calls at once",
    settings: { concurrency: 0 },
    want: `${line}.concurrency: "0" is not a whole number from 1 to 100`,
  },
  {
    name: "101 calls at once",
    settings: { concurrency: 101 },
    want: `${line}.concurrency: "101" is not a whole number from 1 to 100`,
  },
  {
    name: "51 accounts at once",
    settings: { account_concurrency: 101 },
    want: `${line}.account_concurrency: "101" is not a whole number from 1 to 100`,
  },
  {
    name: "no deadline",
    settings: { deadline: "999ms" },
    want: `${line}.deadline: "999ms" is not a duration of at least 1s, such as 90d, 36h or 15m; a bare number means seconds`,
  },
  {
    name: "a sink that there is not",
    settings: { sink: "influxdb" },
    want: `${line}.sink[0]: "influxdb" is not one of line-protocol, json, prometheus, documents, elasticsearch`,
  },
  {
    name: "roles and an organization",
    settings: { role_arns: [arn], organization: true },
    want: `${line}.role_arns and ${line}.organization: ${onlyOne}`,
  },
  {
    name: "a file of accounts and roles",
    settings: { accounts: "a", role_arns: [arn] },
    want: `${line}.accounts and ${line}.role_arns: ${onlyOne}`,
  },
  {
    name: "a file of accounts and an organization",
    settings: { accounts: "a", organization: true },
    want: `${line}.accounts and ${line}.organization: ${onlyOne}`,
  },
  {
    name: "two profiles beside roles",
    settings: { profiles: "a,b", role_arns: [arn] },
    want: `${line}.profiles and ${line}.role_arns: ${oneProfile}`,
  },
  {
    name: "two profiles beside an organization",
    settings: { profiles: "a,b", organization: true },
    want: `${line}.profiles and ${line}.organization: ${oneProfile}`,
  },
  {
    name: "two profiles beside a file of accounts",
    settings: { profiles: "a,b", accounts: "a" },
    want: `${line}.profiles and ${line}.accounts: ${oneProfile}`,
  },
  {
    name: "an account both included and excluded",
    settings: { include_accounts: "123456789012,123456789013", exclude_accounts: "123456789013" },
    want: `${line}.include_accounts and ${line}.exclude_accounts: account 123456789013 is both included and excluded`,
  },
  {
    name: "a unit both included and excluded",
    settings: { organization: true, include_ous: "r-ab12", exclude_ous: "r-ab12" },
    want: `${line}.include_ous and ${line}.exclude_ous: organizational unit r-ab12 is both included and excluded`,
  },
  ...["include_ous", "exclude_ous", "include_tags", "exclude_tags"].map((key) => ({
    ...{
      name: `${key} without an organization`,
      settings: { [key]: "r-ab12" },
      want: `${line}.${key}: ${needsOrganization}`,
    },
  })),
  {
    name: "a count of shards alone",
    settings: { shards: 2 },
    want: `${line}.shards: shards needs shard_index or JOB_COMPLETION_INDEX`,
  },
  {
    name: "an index of a shard alone",
    settings: { shard_index: 2 },
    want: `${line}.shard_index: shard_index needs shards`,
  },
  {
    name: "Prometheus without a file",
    settings: { sink: "prometheus" },
    want: `${line}.sink: the sink prometheus needs prometheus_file`,
  },
  {
    name: "line protocol and JSON on stdout",
    settings: { sink: "line-protocol,json" },
    want: `${line}.sink: line-protocol and json can't both go to stdout; give json_file`,
  },
  {
    name: "line protocol and documents on stdout",
    settings: { sink: "influx,documents" },
    want: `${line}.sink: line-protocol and documents can't both go to stdout; name one of them in sink`,
  },
  {
    name: "JSON and documents on stdout",
    settings: { sink: "documents,json" },
    want: `${line}.sink: json and documents can't both go to stdout; give json_file`,
  },
  {
    name: "Elasticsearch without an address",
    settings: { sink: "elasticsearch" },
    want: `${line}.sink: the sink elasticsearch needs elasticsearch_url`,
  },
  {
    name: "two ways to sign in at Elasticsearch",
    settings: { elasticsearch_api_key: "env:A", elasticsearch_user: "env:B", elasticsearch_password: "env:C" },
    want: `${line}.elasticsearch_api_key and ${line}.elasticsearch_user and ${line}.elasticsearch_password: only one of elasticsearch_api_key and elasticsearch_user can be given`,
  },
] as const;

for (const { name, settings, want } of refused)
  test(`refuses ${name}`, async (t) => t.strictSame(resolve(settings), { ok: false, problems: [want] }));

const levels = [
  { written: "DEBUG", want: "debug" },
  { written: "INFO", want: "info" },
  { written: "WARNING", want: "warn" },
  { written: "ERROR", want: "error" },
  { written: "CRITICAL", want: "error" },
  { written: "20", want: "info" },
  { written: "Warn", want: "warn" },
] as const;

for (const { written, want } of levels)
  test(`Python's log level ${written}`, async (t) =>
    t.match(resolve({}, { LOGGING_LEVEL: written }), { ok: true, settings: [{ logLevel: want }] }));

const originals = [
  { environment: { dump_metric_to_console: "False" }, want: { dumpMetricToConsole: false } },
  { environment: { JOB_COMPLETION_INDEX: "1" }, want: { shardIndex: 1, shards: undefined } },
  { environment: { JOB_COMPLETION_INDEX: "1", STALEWATCH_SHARDS: "2" }, want: { shardIndex: 1, shards: 2 } },
] as const;

for (const { environment, want } of originals)
  test(`takes ${Object.keys(environment).join(" and ")} from the environment`, async (t) =>
    t.match(resolve({}, environment), { ok: true, settings: [want] }));

test("execd is asked for by flag only", async (t) => {
  t.notOk(resolve({}, { STALEWATCH_EXECD: "1" }).ok);
  t.notOk(resolve({ execd: true }).ok);
});

test("no name is given twice", async (t) => {
  for (const names of Object.values(settingNames(runSettings))) t.strictSame(names, [...new Set(names)]);
  const own = new Set(settingNames(callSettings).flag);
  t.strictSame(
    settingNames(runSettings).flag.filter((flag) => own.has(flag)),
    [],
  );
});

test("every setting says what it means in a sentence", async (t) => {
  for (const { names, says } of settingsIn([runSettings, callSettings])) t.match(says, /^[A-Z].*\.$/, names.stem);
});
