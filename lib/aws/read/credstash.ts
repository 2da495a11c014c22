import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { DecryptCommand, type KMSClient } from "@aws-sdk/client-kms";
import { OpsError } from "../../core/errors.ts";
import { type Calling, call } from "../call.ts";

export const credstashReadActions = { findSealedSecret: "dynamodb:Query", decryptKey: "kms:Decrypt" } as const;

/** A record of credstash's table. */
export interface SealedSecret {
  /** The data key, itself encrypted by KMS. */
  readonly key: Uint8Array;
  readonly contents: Uint8Array;
  readonly hmac: Uint8Array;
  /** The HMAC's digest, in words such as `SHA256`. */
  readonly digest: string;
}

interface SealedName {
  readonly table: string;
  readonly name: string;
}

/** The highest version of a secret; undefined where there is none of that name. */
export async function findSealedSecret(
  { client, stop }: Calling<DynamoDBClient>,
  { table, name }: SealedName,
): Promise<SealedSecret | undefined> {
  const query = new QueryCommand({
    TableName: table,
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit: 1,
    KeyConditionExpression: "#name = :name",
    ExpressionAttributeNames: { "#name": "name" },
    ExpressionAttributeValues: { ":name": { S: name } },
  });
  const { Items: [item] = [] } = await call(credstashReadActions.findSealedSecret, stop, () =>
    client.send(query, { abortSignal: stop }),
  );
  return item && parseRecord(item);
}

/** A record made by Python 3 holds the HMAC's hexadecimal digits as bytes, by any other maker as text. */
function parseRecord({ key, contents, hmac, digest }: Record<string, AttributeValue>): SealedSecret {
  const digits = hmac?.B === undefined ? hmac?.S : new TextDecoder().decode(hmac.B);
  if (key?.S === undefined || contents?.S === undefined || digits === undefined)
    throw new OpsError("other", `${credstashReadActions.findSealedSecret}: the record lacks key, contents or hmac`);
  return {
    key: Buffer.from(key.S, "base64"),
    contents: Buffer.from(contents.S, "base64"),
    hmac: Buffer.from(digits, "hex"),
    digest: digest?.S ?? "SHA256",
  };
}

export async function decryptKey({ client, stop }: Calling<KMSClient>, key: Uint8Array): Promise<Uint8Array> {
  const action = credstashReadActions.decryptKey;
  const { Plaintext: plaintext } = await call(action, stop, () =>
    client.send(new DecryptCommand({ CiphertextBlob: key }), { abortSignal: stop }),
  );
  if (plaintext === undefined) throw new OpsError("other", `${action}: the answer lacks Plaintext`);
  return plaintext;
}
