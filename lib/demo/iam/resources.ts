import type { Call } from "../operation.ts";
import { readText } from "../parameters.ts";

/** How IAM's AccessDenied names what was refused. */
export const everything = (): string => "*";

export const allUsers = ({ caller: { account }, parameters }: Call): string =>
  `arn:${account.partition}:iam::${account.id}:user${readText(parameters, "PathPrefix") ?? "/"}`;

export const allInstanceProfiles = ({ caller: { account }, parameters }: Call): string =>
  `arn:${account.partition}:iam::${account.id}:instance-profile${readText(parameters, "PathPrefix") ?? "/"}`;

export const oneInstanceProfile = ({ parameters }: Call): string =>
  `instance profile ${readText(parameters, "InstanceProfileName") ?? ""}`;

export const oneUser = ({ caller, parameters }: Call): string =>
  `user ${readText(parameters, "UserName") ?? caller.user?.name ?? ""}`;

export const oneKey = ({ parameters }: Call): string => `access key ${readText(parameters, "AccessKeyId") ?? ""}`;

export const onePolicy = ({ parameters }: Call): string => `policy ${readText(parameters, "PolicyArn") ?? ""}`;
