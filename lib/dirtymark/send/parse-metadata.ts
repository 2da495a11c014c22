import { asRecord, type ForeignRecord, parseJson, quoteForeign, textOf } from "../../host-events/foreign-json.ts";
import { isInstanceId, parsePlace } from "../../host-events/place.ts";

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly says: string };

export interface Identity {
  readonly region: string;
  readonly instanceId: string;
  /** The document as it was answered. */
  readonly document: ForeignRecord;
}

export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const wrong = (says: string) => ({ ok: false, says }) as const;

/** A document that whoever reads the message would refuse is not sent. */
export function parseIdentity(text: string): Parsed<Identity> {
  const document = asRecord(parseJson(text));
  if (document === undefined) return wrong("no JSON object");
  const instanceId = textOf(document, "instanceId");
  const place = parsePlace(textOf(document, "accountId"), textOf(document, "region"));
  if (!place.ok) return wrong(place.says);
  if (!isInstanceId(instanceId)) return wrong(`instance ${quoteForeign(instanceId)} is no instance id`);
  return { ok: true, value: { region: place.place.region, instanceId, document } };
}

/** IAM's form of a role's name; an instance profile holds one role at most. */
export function parseRoleName(text: string): Parsed<string> {
  const name = text.trim();
  return /^[\w+=,.@-]{1,64}$/.test(name) ? { ok: true, value: name } : wrong(`${quoteForeign(name)} is no role's name`);
}

export function parseCredentials(text: string): Parsed<RoleCredentials> {
  const answer = asRecord(parseJson(text));
  const code = textOf(answer ?? {}, "Code");
  // Otherwise it names why the role can't be assumed, such as AssumeRoleUnauthorizedAccess.
  if (answer === undefined || code !== "Success") return wrong(`code ${quoteForeign(code)} in place of credentials`);
  const accessKeyId = textOf(answer, "AccessKeyId");
  const secretAccessKey = textOf(answer, "SecretAccessKey");
  const sessionToken = textOf(answer, "Token");
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined)
    return wrong("credentials without key, secret or token");
  return { ok: true, value: { accessKeyId, secretAccessKey, sessionToken } };
}
