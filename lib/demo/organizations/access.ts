import { AwsError } from "../aws-error.ts";
import type { Call } from "../operation.ts";
import { type Account, findAccount } from "../state.ts";

export const organizationsDenial = "You don't have permissions to access this resource.";

/** Reads of the organization are for its management account and delegated administrators. */
export function demandAdministrator(call: Call): void {
  const { managementAccountId, delegatedAdministrators } = call.organization;
  findManagementAccount(call);
  const { id } = call.caller.account;
  if (id !== managementAccountId && !delegatedAdministrators.includes(id))
    throw new AwsError("AccessDeniedException", 400, organizationsDenial);
}

export function findManagementAccount({ organization }: Call): Account {
  const { managementAccountId } = organization;
  const account = managementAccountId === undefined ? undefined : findAccount(organization, managementAccountId);
  if (account !== undefined) return account;
  throw new AwsError("AWSOrganizationsNotInUseException", 400, "Your account is not a member of an organization.");
}

export const organizationArn = (call: Call, kind: string, ...ids: readonly string[]): string => {
  const { partition, managementAccountId, id } = call.organization;
  return `arn:${partition}:organizations::${managementAccountId}:${[kind, id, ...ids].join("/")}`;
};
