import { readFile } from "node:fs/promises";
import type { Session } from "../aws/session.ts";
import { failureCodeOf, messageOf, OpsError } from "../core/errors.ts";
import { Secret } from "../core/secret.ts";
import { formatSecretSource, type SecretSource } from "../settings/secret-settings.ts";

export interface SecretReading {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whose credentials read what AWS keeps. */
  readonly session: Session;
  readonly stop: AbortSignal;
  /** Credentials and region of credstash, where they are others. */
  readonly credstash?: { readonly profile: string | undefined; readonly region: string | undefined };
}

/**
 * Reads a secret from where it is kept, without the line's end that editors leave behind it.
 *
 * @throws OpsError that names the source; it never holds the secret or a part of it, not in its cause either
 */
export async function readSecret(source: SecretSource, reading: SecretReading): Promise<Secret> {
  try {
    const text = (await readText(source, reading)).replace(/[\r\n]+$/, "");
    if (text.trim() === "") throw new OpsError("missing", "it is empty");
    return new Secret(text);
  } catch (thrown) {
    // Without a cause: what the SDK throws holds the answer.
    throw new OpsError(failureCodeOf(thrown), `secret "${formatSecretSource(source)}": ${reasonOf(thrown)}`);
  }
}

/** Of an answer that it can't parse the SDK quotes the place, which may be within the secret. */
function reasonOf(thrown: unknown): string {
  const cause = Object(thrown instanceof Error ? thrown.cause : undefined);
  const isUnread = "$response" in cause && !("$fault" in cause);
  return isUnread ? "the answer can't be read" : messageOf(thrown);
}

function readText(source: SecretSource, reading: SecretReading): Promise<string> {
  switch (source.from) {
    case "env":
      return readVariable(source.name, reading);
    case "file":
      return readFile(source.path, "utf8");
    case "secretsmanager":
      return readStoredSecret(source, reading);
    case "ssm":
      return readParameter(source.name, reading);
    case "credstash":
      return readCredstashSecret(source, reading);
  }
}

async function readVariable(name: string, { environment }: SecretReading): Promise<string> {
  const value = environment[name];
  if (value === undefined) throw new OpsError("missing", "no such environment variable");
  return value;
}

type From<Place extends SecretSource["from"]> = Extract<SecretSource, { readonly from: Place }>;

async function readStoredSecret({ id, jsonKey }: From<"secretsmanager">, { session, stop }: SecretReading) {
  const [{ secretsManagerClient }, { getSecretText }, { jsonMember }] = await Promise.all([
    import("../aws/client/secrets-manager.ts"),
    import("../aws/read/secrets-manager.ts"),
    import("./json-member.ts"),
  ]);
  const text = await getSecretText({ client: secretsManagerClient(session), stop }, id);
  return jsonKey === undefined ? text : jsonMember(text, jsonKey);
}

async function readParameter(name: string, { session, stop }: SecretReading): Promise<string> {
  const [{ ssmClient }, { getParameterText }] = await Promise.all([
    import("../aws/client/ssm.ts"),
    import("../aws/read/ssm.ts"),
  ]);
  return getParameterText({ client: ssmClient(session), stop }, name);
}

async function readCredstashSecret({ name, table }: From<"credstash">, { session, stop, credstash }: SecretReading) {
  const [{ readCredstash }, { openSession }] = await Promise.all([
    import("./read-credstash.ts"),
    import("../aws/session.ts"),
  ]);
  const { profile, region } = credstash ?? {};
  const owner =
    profile === undefined
      ? { ...session, region: region ?? session.region }
      : await openSession({ profile, region, counts: session.counts });
  return readCredstash(owner, { name, table, stop });
}
