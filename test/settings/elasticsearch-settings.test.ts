import { test } from "tap";
import { stringify } from "yaml";
import { declareSettings, settingNames, settingsIn } from "../../lib/settings/declare.ts";
import {
  type ElasticsearchSettings,
  elasticsearchSettings,
  refuseElasticsearch,
} from "../../lib/settings/elasticsearch-settings.ts";
import { loadYaml } from "../../lib/settings/load-yaml.ts";
import { readFileSettings } from "../../lib/settings/read-file.ts";
import { readFlags } from "../../lib/settings/read-flags.ts";
import { resolveSettings } from "../../lib/settings/resolve.ts";

const declared = declareSettings("run", elasticsearchSettings);

const resolve = (section: Readonly<Record<string, unknown>>) =>
  resolveSettings([declared], [readFileSettings([declared], loadYaml("s.yaml", stringify({ run: section })))]);

test("what holds when nothing is said", async (t) => {
  const resolved = resolve({});
  if (!resolved.ok) return t.fail(resolved.problems.join());
  t.strictSame(resolved.settings[0], {
    ...{ elasticsearchUrl: [], elasticsearchApiKey: undefined, elasticsearchUser: undefined },
    ...{ elasticsearchPassword: undefined, elasticsearchCaFile: undefined, elasticsearchIndex: "aws-audits" },
  });
});

const accepted = [
  { key: "elasticsearch_url", value: "http://127.0.0.1:9200", want: { elasticsearchUrl: ["http://127.0.0.1:9200"] } },
  { key: "elasticsearch_url", value: "https://[::1]:9200/", want: { elasticsearchUrl: ["https://[::1]:9200/"] } },
  {
    key: "elasticsearch_url",
    value: "https://a.example.com,https://b.example.com/es",
    want: { elasticsearchUrl: ["https://a.example.com", "https://b.example.com/es"] },
  },
  { key: "elasticsearch_api_key", value: "env:KEY", want: { elasticsearchApiKey: { from: "env", name: "KEY" } } },
  { key: "elasticsearch_user", value: "file:/user", want: { elasticsearchUser: { from: "file", path: "/user" } } },
  { key: "elasticsearch_ca_file", value: "/ca.pem", want: { elasticsearchCaFile: "/ca.pem" } },
  { key: "elasticsearch_index", value: "a", want: { elasticsearchIndex: "a" } },
  { key: "elasticsearch_index", value: "a.b_c-9".padEnd(200, "x"), want: {} },
] as const;

for (const { key, value, want } of accepted)
  test(`${key} takes ${value.slice(0, 60)}`, async (t) =>
    t.match(resolve({ [key]: value }), { ok: true, settings: [want] }));

test("several addresses may be a list of the file, or the flag of the program's page", async (t) => {
  const elasticsearchUrl = ["https://a", "https://b"];
  t.match(resolve({ elasticsearch_url: elasticsearchUrl }), { ok: true, settings: [{ elasticsearchUrl }] });
  const flags = readFlags([declared], { flags: { elasticsearch: ["https://a,https://b"] }, words: [], rest: [] });
  t.match(resolveSettings([declared], [flags]), { ok: true, settings: [{ elasticsearchUrl }] });
});

const address = "a web address such as https://example.com:9200, without user or password";
const indexName = "the name of an index: lower-case letters, digits or ._-, beginning with none of _-";
const refused = [
  { key: "elasticsearch_url", value: "example.com:9200", expects: address },
  { key: "elasticsearch_url", value: "ftp://example.com", expects: address },
  { key: "elasticsearch_url", value: "https://example.com/?pretty", expects: address },
  { key: "elasticsearch_url", value: "https://user:hidden@example.com", expects: address },
  { key: "elasticsearch_url", value: "https://hidden@example.com", expects: address },
  { key: "elasticsearch_url", value: "https://example.com,https://user:hidden@example.com", expects: address },
  { key: "elasticsearch_index", value: "Audits", expects: indexName },
  { key: "elasticsearch_index", value: "_all", expects: indexName },
  { key: "elasticsearch_index", value: "-a", expects: indexName },
  { key: "elasticsearch_index", value: "..", expects: indexName },
  { key: "elasticsearch_index", value: "a*", expects: indexName },
  { key: "elasticsearch_index", value: "a/b", expects: indexName },
  { key: "elasticsearch_index", value: "a".repeat(201), expects: indexName },
  { key: "elasticsearch_ca_file", value: " ", expects: "the path of a file" },
] as const;

for (const { key, value, expects } of refused)
  test(`${key} refuses ${value.slice(0, 60)}, and shows no credentials`, async (t) => {
    const resolved = resolve({ [key]: value });
    const [problem = "", ...others] = resolved.ok ? [] : resolved.problems;
    t.ok(problem.startsWith(`file s.yaml line 2, run.${key}`), problem);
    t.ok(problem.endsWith(` is not ${expects}`), problem);
    t.notMatch(problem, /hidden/);
    t.strictSame(others, []);
  });

test("a secret in place of where it is kept is refused and not repeated", async (t) => {
  for (const key of ["elasticsearch_api_key", "elasticsearch_user", "elasticsearch_password"]) {
    const resolved = resolve({ [key]: "not-to-be-seen" });
    if (resolved.ok) return t.fail("taken");
    t.match(resolved.problems, [/ is not a place to read the secret from/]);
    t.notMatch(resolved.problems.join(), /not-to-be-seen/);
  }
});

const kept = { from: "env", name: "X" } as const;
const urls = ["https://a"];
type Judged = Parameters<typeof refuseElasticsearch>[0];
const nothing: Judged & Partial<ElasticsearchSettings> = {
  ...{ sink: ["line-protocol"], elasticsearchUrl: [] },
  ...{ elasticsearchApiKey: undefined, elasticsearchUser: undefined, elasticsearchPassword: undefined },
};

const together = "elasticsearch_user and elasticsearch_password go together";
const judged: readonly { readonly name: string; readonly values: Partial<Judged>; readonly want?: string }[] = [
  { name: "nothing is needed without the sink", values: {} },
  { name: "an address without the sink does no harm", values: { elasticsearchUrl: urls } },
  {
    name: "the sink needs an address",
    values: { sink: ["json", "elasticsearch"] },
    want: "the sink elasticsearch needs elasticsearch_url",
  },
  { name: "an address is enough", values: { sink: ["elasticsearch"], elasticsearchUrl: urls } },
  { name: "an API key is enough to sign in", values: { elasticsearchApiKey: kept } },
  { name: "a user and a password", values: { elasticsearchUser: kept, elasticsearchPassword: kept } },
  { name: "a user without a password", values: { elasticsearchUser: kept }, want: together },
  { name: "a password without a user", values: { elasticsearchPassword: kept }, want: together },
  {
    name: "two ways to sign in",
    values: { elasticsearchApiKey: kept, elasticsearchUser: kept, elasticsearchPassword: kept },
    want: "only one of elasticsearch_api_key and elasticsearch_user can be given",
  },
];

for (const { name, values, want } of judged)
  test(name, async (t) => t.equal(refuseElasticsearch({ ...nothing, ...values }), want));

test("no name is given twice, and each setting says what it means in a sentence", async (t) => {
  for (const names of Object.values(settingNames(declared))) t.strictSame(names, [...new Set(names)]);
  for (const { names, says } of settingsIn([declared])) t.match(says, /^[A-Z].*\.$/, names.stem);
});
