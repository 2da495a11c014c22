import { dynamoDbClient } from "../aws/client/dynamodb.ts";
import { kmsClient } from "../aws/client/kms.ts";
import { decryptKey, findSealedSecret } from "../aws/read/credstash.ts";
import type { Session } from "../aws/session.ts";
import { OpsError } from "../core/errors.ts";
import { openSealedSecret } from "./open-sealed-secret.ts";

interface CredstashRequest {
  readonly name: string;
  /** Absent: the one that credstash's own setup makes. */
  readonly table: string | undefined;
  readonly stop: AbortSignal;
}

/**
 * The highest version of a secret in credstash, read without nodecredstash: its 3.0.0 asks KMS with the process's own
 * credentials whatever it is given, and refuses the HMAC of records that credstash under Python 3 has written.
 */
export async function readCredstash(session: Session, { name, table, stop }: CredstashRequest): Promise<string> {
  const place = { table: table ?? "credential-store", name };
  const sealed = await findSealedSecret({ client: dynamoDbClient(session), stop }, place);
  if (sealed === undefined) throw new OpsError("missing", `table "${place.table}" has no such secret`);
  return openSealedSecret(sealed, await decryptKey({ client: kmsClient(session), stop }, sealed.key));
}
