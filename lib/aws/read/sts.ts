import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { OpsError } from "../../core/errors.ts";
import { type Calling, call } from "../call.ts";
import type { Credentials } from "../session.ts";

export interface CallerIdentity {
  readonly partition: string;
  readonly accountId: string;
  readonly arn: string;
}

/** Needs no permission: STS answers it even to an explicit deny (GetCallerIdentity, STS API reference). */
export async function getCallerIdentity({ client, stop }: Calling<STSClient>): Promise<CallerIdentity> {
  const action = "sts:GetCallerIdentity";
  const { Account: accountId, Arn: arn } = await call(action, stop, () =>
    client.send(new GetCallerIdentityCommand({}), { abortSignal: stop }),
  );
  const partition = arn?.split(":")[1];
  if (accountId === undefined || arn === undefined || partition === undefined) {
    throw new OpsError("other", `${action}: the answer names no account`);
  }
  return { partition, accountId, arn };
}

export interface RoleRequest {
  readonly roleArn: string;
  readonly externalId: string | undefined;
  /** Shows in the account's CloudTrail as the session's name. */
  readonly sessionName: string;
}

export async function assumeRole({ client, stop }: Calling<STSClient>, request: RoleRequest): Promise<Credentials> {
  const action = `sts:AssumeRole of "${request.roleArn}"`;
  const { Credentials: granted } = await call(action, stop, () =>
    client.send(
      new AssumeRoleCommand({
        RoleArn: request.roleArn,
        RoleSessionName: request.sessionName,
        ExternalId: request.externalId,
      }),
      { abortSignal: stop },
    ),
  );
  if (granted?.AccessKeyId === undefined || granted.SecretAccessKey === undefined) {
    throw new OpsError("other", `${action}: the answer carries no credentials`);
  }
  return {
    accessKeyId: granted.AccessKeyId,
    secretAccessKey: granted.SecretAccessKey,
    ...(granted.SessionToken === undefined ? {} : { sessionToken: granted.SessionToken }),
    ...(granted.Expiration === undefined ? {} : { expiration: granted.Expiration }),
  };
}
