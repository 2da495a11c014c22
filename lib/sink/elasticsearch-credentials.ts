import type { Secret } from "../core/secret.ts";
import type { ElasticsearchSettings } from "../settings/elasticsearch-settings.ts";
import type { SecretSource } from "../settings/secret-settings.ts";
import type { ElasticsearchAuth } from "./elasticsearch-client.ts";

export interface Credentials {
  readonly auth: ElasticsearchAuth | undefined;
  /** Takes them out of what a server says. */
  readonly hide: (text: string) => string;
}

type Sources = Pick<ElasticsearchSettings, "elasticsearchApiKey" | "elasticsearchUser" | "elasticsearchPassword">;

export async function readCredentials(
  { elasticsearchApiKey, elasticsearchUser, elasticsearchPassword }: Sources,
  readSecret: (source: SecretSource) => Promise<Secret>,
): Promise<Credentials> {
  if (elasticsearchApiKey !== undefined) return forApiKey((await readSecret(elasticsearchApiKey)).reveal());
  if (elasticsearchUser === undefined || elasticsearchPassword === undefined)
    return { auth: undefined, hide: (text) => text };
  const [username, password] = await Promise.all([readSecret(elasticsearchUser), readSecret(elasticsearchPassword)]);
  return forUser(username.reveal(), password.reveal());
}

/** As Elasticsearch shows it: encoded, or its two parts, which the client encodes. */
function forApiKey(written: string): Credentials {
  const encoded = written.includes(":") ? encode(written) : written;
  const key = decode(encoded).replace(/^[^:]*:/, "");
  return { auth: { apiKey: encoded }, hide: hiding([written, encoded, key]) };
}

const forUser = (username: string, password: string): Credentials => ({
  auth: { username, password },
  hide: hiding([encode(`${username}:${password}`), password]),
});

const encode = (text: string): string => Buffer.from(text).toString("base64");
const decode = (text: string): string => Buffer.from(text, "base64").toString();

const hiding = (secrets: readonly string[]) => (text: string) =>
  secrets.reduce((shown, secret) => (secret === "" ? shown : shown.replaceAll(secret, "[redacted]")), text);
