import type { IncomingHttpHeaders } from "node:http";
import type { Millis } from "../core/time.ts";
import { secretOf, sessionTokenOf } from "./identifiers.ts";
import type { KeyIndex } from "./key-index.ts";
import type { Caller } from "./operation.ts";
import type { RefusalKind } from "./protocol.ts";
import { isSignedWith, parseAuthorization, type SignedRequest, signedRegion } from "./signature.ts";
import { findAccount, type Organization, type Session, sessionArn, userArn } from "./state.ts";

export interface Credentials {
  readonly organization: Organization;
  readonly keys: KeyIndex;
  readonly verifySignatures: boolean;
  readonly sessionNow: Millis;
}

export interface Authenticated {
  readonly caller: Caller;
  readonly region: string;
}

/** Who signed the request, or how AWS refuses it; the checks come in AWS's order. */
export function authenticate(request: SignedRequest, credentials: Credentials): Authenticated | RefusalKind {
  const header = request.headers.authorization;
  if (header === undefined) return "missing_token";
  const authorization = parseAuthorization(header);
  if (authorization === undefined) return "incomplete_signature";
  const caller = findCaller(authorization.accessKeyId, request.headers, credentials);
  if (typeof caller === "string") return caller;
  if (credentials.verifySignatures && !isSignedWith(secretOf(caller.accessKeyId), request, authorization))
    return "bad_signature";
  return { caller, region: signedRegion(authorization) };
}

function findCaller(
  accessKeyId: string,
  headers: IncomingHttpHeaders,
  { organization, keys, sessionNow }: Credentials,
): Caller | RefusalKind {
  const session = organization.sessions.get(accessKeyId);
  if (session !== undefined) return sessionCaller(session, headers, { organization, sessionNow });
  const held = keys.find(accessKeyId);
  if (held === undefined || held.key.status !== "Active") return "unknown_key";
  const { account, user } = held;
  return { accessKeyId, account, user, arn: userArn(account, user), userId: user.id };
}

function sessionCaller(
  session: Session,
  headers: IncomingHttpHeaders,
  { organization, sessionNow }: Pick<Credentials, "organization" | "sessionNow">,
): Caller | RefusalKind {
  const account = findAccount(organization, session.accountId);
  if (account === undefined) return "unknown_key";
  if (headers["x-amz-security-token"] !== sessionTokenOf(session.accessKeyId)) return "unknown_key";
  if (session.expiresAt <= sessionNow) return "expired";
  return {
    accessKeyId: session.accessKeyId,
    account,
    user: undefined,
    arn: sessionArn(organization.partition, session),
    userId: `${session.roleId}:${session.sessionName}`,
  };
}
