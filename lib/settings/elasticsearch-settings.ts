import { type SettingsOf, setting } from "./declare.ts";
import { list, text } from "./kinds.ts";
import { secretSource } from "./secret-settings.ts";

const filePath = text({ pattern: /\S/, expects: "the path of a file", placeholder: "FILE" });

/** Where documents are stored, for the run's declaration to spread. */
export const elasticsearchSettings = {
  elasticsearchUrl: setting(
    list(
      text({
        pattern: /^https?:\/\/[^\s/?#@,]+(\/[^\s?#@,]*)?$/,
        expects: "a web address such as https://example.com:9200, without user or password",
        placeholder: "URL",
      }),
    ),
    {
      default: "",
      original: "--elasticsearch",
      // Whoever writes a password into an address must not find it in a log.
      secret: true,
      says: "Addresses of the sink elasticsearch: nodes of one cluster, Elasticsearch 8 or 9.",
    },
  ),
  elasticsearchApiKey: setting(secretSource(), {
    secret: true,
    says: "Where the API key of Elasticsearch is kept, encoded or as ID:KEY.",
  }),
  elasticsearchUser: setting(secretSource(), {
    secret: true,
    says: "Where the name of the Elasticsearch user is kept, in place of an API key.",
  }),
  elasticsearchPassword: setting(secretSource(), {
    secret: true,
    says: "Where that user's password is kept.",
  }),
  elasticsearchCaFile: setting(filePath, {
    says: "PEM file of the certificates that sign those of Elasticsearch; unset: those that Node trusts.",
  }),
  elasticsearchIndex: setting(
    text({
      // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-create names what is legal.
      pattern: /^(?!\.{1,2}$)[a-z0-9.][a-z0-9._-]{0,199}$/,
      expects: "the name of an index: lower-case letters, digits or ._-, beginning with none of _-",
      placeholder: "INDEX",
    }),
    {
      default: "aws-audits",
      says: "Index of the documents; its template, which is made where it is missing, is stalewatch-INDEX.",
    },
  ),
} as const;

export type ElasticsearchSettings = SettingsOf<{ readonly settings: typeof elasticsearchSettings }>;

/** The settings that `refuseElasticsearch` judges, beside the run's sinks, for a check to name. */
export const elasticsearchChecked = [
  "elasticsearchUrl",
  "elasticsearchApiKey",
  "elasticsearchUser",
  "elasticsearchPassword",
] as const satisfies readonly (keyof typeof elasticsearchSettings)[];

/** What is missing where documents are to be stored, or given twice. */
export function refuseElasticsearch({
  sink,
  elasticsearchUrl,
  elasticsearchApiKey,
  elasticsearchUser,
  elasticsearchPassword,
}: Pick<ElasticsearchSettings, (typeof elasticsearchChecked)[number]> & {
  readonly sink: readonly string[];
}): string | undefined {
  if (sink.includes("elasticsearch") && elasticsearchUrl.length === 0)
    return "the sink elasticsearch needs elasticsearch_url";
  if ((elasticsearchUser === undefined) !== (elasticsearchPassword === undefined))
    return "elasticsearch_user and elasticsearch_password go together";
  if (elasticsearchApiKey !== undefined && elasticsearchUser !== undefined)
    return "only one of elasticsearch_api_key and elasticsearch_user can be given";
  return undefined;
}
