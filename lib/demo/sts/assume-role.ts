import { seconds } from "../../core/time.ts";
import { AwsError, validationError } from "../aws-error.ts";
import { deriveId, secretOf, sessionTokenOf } from "../identifiers.ts";
import type { Call, Operation } from "../operation.ts";
import { type CountLimits, readCount, readText, requireText } from "../parameters.ts";
import { type Account, findAccount, type Role, roleArn, type Session, sessionArn } from "../state.ts";

/** Credentials of the role's account: the ARN says which. */
export const assumeRole: Operation = {
  action: "AssumeRole",
  resource: ({ parameters }) => readText(parameters, "RoleArn") ?? "",
  answer(call) {
    const { account, role } = findTrustingRole(call);
    const session = openSession(call, account, role);
    return {
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: secretOf(session.accessKeyId),
        SessionToken: sessionTokenOf(session.accessKeyId),
        Expiration: new Date(session.expiresAt),
      },
      AssumedRoleUser: {
        AssumedRoleId: `${role.id}:${session.sessionName}`,
        Arn: sessionArn(account.partition, session),
      },
    };
  },
};

/** AWS does not tell a missing role, a distrusting one and a wrong external id apart. */
function findTrustingRole(call: Call): { readonly account: Account; readonly role: Role } {
  const arn = requireText(call.parameters, "RoleArn");
  const accountId = /^arn:[\w-]+:iam::(\d{12}):role\/.+$/.exec(arn)?.[1];
  if (accountId === undefined) throw validationError(`${arn} is invalid`);
  const account = findAccount(call.organization, accountId);
  const role = account?.roles.list().find((candidate) => roleArn(account, candidate) === arn);
  if (account?.state !== "ACTIVE" || role === undefined || !trusts(role, call))
    throw new AwsError(
      "AccessDenied",
      403,
      `User: ${call.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
    );
  return { account, role };
}

function trusts(role: Role, { caller, parameters }: Call): boolean {
  const { id, partition } = caller.account;
  const names = ["*", id, `arn:${partition}:iam::${id}:root`, caller.arn];
  if (!role.trusts.some((trusted) => names.includes(trusted))) return false;
  return role.externalId === undefined || role.externalId === readText(parameters, "ExternalId");
}

const hour = 3600;

function openSession(call: Call, account: Account, role: Role): Session {
  const { organization, sessionNow } = call;
  const sessionName = readSessionName(call);
  const lifetime = seconds(readDuration(call, role));
  for (const [id, { expiresAt }] of organization.sessions)
    if (expiresAt <= sessionNow - seconds(hour)) organization.sessions.delete(id);
  organization.sessionsIssued += 1;
  const session: Session = {
    accessKeyId: deriveId("ASIA", `${account.id} ${role.name} ${organization.sessionsIssued}`),
    accountId: account.id,
    roleName: role.name,
    roleId: role.id,
    sessionName,
    expiresAt: sessionNow + lifetime,
  };
  organization.sessions.set(session.accessKeyId, session);
  return session;
}

function readSessionName({ parameters }: Call): string {
  const name = requireText(parameters, "RoleSessionName");
  if (/^[\w+=,.@-]{2,64}$/.test(name)) return name;
  throw validationError(
    `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
  );
}

/** From 15 minutes to 12 hours, and no more than the role allows; an hour at most from a role to a role. */
function readDuration({ parameters, caller }: Call, role: Role): number {
  const limits: CountLimits = { fallback: Math.min(hour, role.maxSessionSeconds), most: 12 * hour };
  const asked = readCount(parameters, "DurationSeconds", limits);
  if (readText(parameters, "DurationSeconds") !== undefined && asked < 900)
    throw validationError(
      `1 validation error detected: Value '${asked}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900`,
    );
  if (asked > role.maxSessionSeconds)
    throw validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  if (asked > hour && caller.user === undefined)
    throw validationError(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  return asked;
}
