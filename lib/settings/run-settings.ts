import { actSettings } from "./act-settings.ts";
import { accountId, externalId, organizationalUnit, region, roleArn, roleName, tagFilter } from "./aws-kinds.ts";
import { declareSettings, type SettingsOf, setting } from "./declare.ts";
import { elasticsearchChecked, elasticsearchSettings, refuseElasticsearch } from "./elasticsearch-settings.ts";
import { choice, duration, integer, list, text, toggle } from "./kinds.ts";
import { jobIndexName, refuseShards, shard } from "./shard.ts";
import { stateSettings } from "./state-settings.ts";

const filePath = text({ pattern: /\S/, expects: "the path of a file", placeholder: "FILE" });

const sinkKinds = ["line-protocol", "json", "prometheus", "documents", "elasticsearch"] as const;

/** How the originals, written in Python, were told; as words and as numbers. */
const pythonLevels = {
  warning: "warn",
  critical: "error",
  "10": "debug",
  "20": "info",
  "30": "warn",
  "40": "error",
  "50": "error",
} as const;

/** How to run: what every program takes, beside its own settings. */
export const runSettings = declareSettings(
  "run",
  {
    profiles: setting(list(text({ pattern: /\S/, expects: "an AWS profile", placeholder: "PROFILE" })), {
      default: "",
      positional: true,
      says: "AWS profiles to scan, one account each; without any scope, the ambient credentials' account.",
    }),
    accounts: setting(filePath, {
      says: "YAML or JSON file that lists the accounts to scan, each with profile, role_arn or account_id.",
    }),
    roleArns: setting(list(roleArn()), {
      default: "",
      says: "Roles to assume, each scanning its account; a single profile may say whose credentials assume them.",
    }),
    externalId: setting(externalId(), { says: "External id that goes with every role that is assumed." }),
    organization: setting(toggle(), {
      default: "false",
      says: "Scan all active accounts of the organization, each by role_name.",
    }),
    roleName: setting(roleName(), { default: "stalewatch", says: "Role to assume in accounts named by their id." }),
    includeAccounts: setting(list(accountId()), { default: "", says: "Scan only these accounts." }),
    excludeAccounts: setting(list(accountId()), { default: "", says: "Never scan these accounts." }),
    includeOus: setting(list(organizationalUnit()), {
      default: "",
      says: "Scan only accounts below these organizational units or roots.",
    }),
    excludeOus: setting(list(organizationalUnit()), {
      default: "",
      says: "Never scan accounts below these organizational units.",
    }),
    includeTags: setting(list(tagFilter()), { default: "", says: "Scan only accounts with one of these tags." }),
    excludeTags: setting(list(tagFilter()), { default: "", says: "Never scan accounts with one of these tags." }),
    region: setting(region(), {
      says: "Region for AWS calls; unset: AWS_REGION, else the profile's, else us-east-1.",
    }),
    shard: setting(shard(), { says: "Scan only the accounts whose hash falls to part i of n." }),
    shards: setting(integer({ min: 1, max: 999_999 }), {
      says: "Number of parts, where shard_index says which one to scan.",
    }),
    shardIndex: setting(integer({ min: 0, max: 999_998 }), {
      original: jobIndexName,
      says: "Which of the parts to scan, from 0; a Kubernetes Indexed Job sets it by itself.",
    }),
    mode: setting(choice(["observe", "notify", "commit"]), {
      default: "observe",
      says: "How far to go: observe reads and reports, notify also tells owners, commit also changes AWS.",
    }),
    ...actSettings,
    ...stateSettings,
    deadline: setting(duration({ bare: "seconds", min: "1s" }), {
      default: "110s",
      says: "Time after which a run prints what it has; keep it below Telegraf's timeout.",
    }),
    concurrency: setting(integer({ min: 1, max: 100 }), {
      default: "20",
      unit: "calls per account",
      says: "AWS calls under way at once in one account.",
    }),
    accountConcurrency: setting(integer({ min: 1, max: 100 }), {
      default: "20",
      unit: "accounts",
      says: "Accounts scanned at once.",
    }),
    execd: setting(toggle(), {
      default: "false",
      from: ["flag"],
      says: "Stay, and scan anew for each line on stdin, as Telegraf's inputs.execd asks.",
    }),
    sink: setting(list(choice(sinkKinds, { also: { influx: "line-protocol" } })), {
      default: "line-protocol",
      says: "Where points go: stdout as line protocol, JSON lines, a file for Prometheus; and documents: stdout as JSON lines, Elasticsearch.",
    }),
    jsonFile: setting(filePath, { default: "-", says: "File that the sink json replaces in each run; - is stdout." }),
    prometheusFile: setting(filePath, {
      says: "File that the sink prometheus replaces, for node_exporter's textfile collector.",
    }),
    dumpMetricToConsole: setting(toggle(), {
      default: "true",
      original: "dump_metric_to_console",
      says: "False keeps line protocol off stdout.",
    }),
    ...elasticsearchSettings,
    logFormat: setting(choice(["text", "json"]), { default: "text", says: "How lines on stderr are written." }),
    logLevel: setting(choice(["error", "warn", "info", "debug"], { also: pythonLevels }), {
      default: "warn",
      original: "LOGGING_LEVEL",
      says: "The least severe lines to write on stderr; debug adds stack traces.",
    }),
  },
  (check) => [
    check(["accounts", "roleArns", "organization"], ({ accounts, roleArns, organization }) => {
      const ways = [accounts !== undefined, roleArns.length > 0, organization].filter(Boolean);
      return ways.length > 1 ? "only one of accounts, role_arns and organization can say what to scan" : undefined;
    }),
    check(["profiles", "accounts", "roleArns", "organization"], ({ profiles, accounts, roleArns, organization }) =>
      profiles.length > 1 && (accounts !== undefined || roleArns.length > 0 || organization)
        ? "beside accounts, role_arns or organization only one profile can be given, whose credentials are used"
        : undefined,
    ),
    check(["includeAccounts", "excludeAccounts"], ({ includeAccounts, excludeAccounts }) =>
      sayShared("account", includeAccounts, excludeAccounts),
    ),
    check(["includeOus", "excludeOus"], ({ includeOus, excludeOus }) =>
      sayShared("organizational unit", includeOus, excludeOus),
    ),
    check(["organization", "includeOus", "excludeOus", "includeTags", "excludeTags"], ({ organization, ...filters }) =>
      !organization && Object.values(filters).some((filter) => filter.length > 0)
        ? "accounts are known by organizational unit and tag only with organization = true"
        : undefined,
    ),
    check(["shard", "shards", "shardIndex"], (values, { shardIndex }) => refuseShards(values, shardIndex.where)),
    check(["sink", "prometheusFile"], ({ sink, prometheusFile }) =>
      sink.includes("prometheus") && prometheusFile === undefined
        ? "the sink prometheus needs prometheus_file"
        : undefined,
    ),
    check(["sink", "jsonFile", "dumpMetricToConsole"], refuseSharedStdout),
    check(["sink", ...elasticsearchChecked], refuseElasticsearch),
  ],
);

export type RunSettings = SettingsOf<typeof runSettings>;

interface Printing {
  readonly sink: readonly (typeof sinkKinds)[number][];
  readonly jsonFile: string;
  readonly dumpMetricToConsole: boolean;
}

/** Lines of two forms on one stream could be told apart by nobody. */
function refuseSharedStdout({ sink, jsonFile, dumpMetricToConsole }: Printing): string | undefined {
  const isPrinted = { "line-protocol": dumpMetricToConsole, json: jsonFile === "-", documents: true };
  const printed = (["line-protocol", "json", "documents"] as const).filter(
    (kind) => isPrinted[kind] && sink.includes(kind),
  );
  if (printed.length < 2) return undefined;
  const way = printed.includes("json") ? "give json_file" : "name one of them in sink";
  return `${printed.join(" and ")} can't both go to stdout; ${way}`;
}

function sayShared(what: string, included: readonly string[], excluded: readonly string[]): string | undefined {
  const shared = included.filter((one) => excluded.includes(one));
  return shared.length === 0 ? undefined : `${what} ${shared.join(", ")} is both included and excluded`;
}
