import { AwsError } from "../aws-error.ts";
import { deriveId } from "../identifiers.ts";
import type { Call, Operation } from "../operation.ts";
import { takePage } from "../paging.ts";
import { readCount, readText, requireText } from "../parameters.ts";
import type { IdentityCenter } from "./directory.ts";

/** https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_ListUsers.html */
const listUsers: Operation = {
  action: "ListUsers",
  resource: ({ caller, parameters, organization }) =>
    `arn:${organization.partition}:identitystore::${caller.account.id}:identitystore/${readText(parameters, "IdentityStoreId") ?? ""}`,
  answer(call) {
    const { users, storeId } = requireStore(call);
    const { items, next } = takePage(
      call,
      { items: users.list(), orderOf: users.orderOf },
      {
        size: readCount(call.parameters, "MaxResults", { fallback: 100, most: 100 }),
        marker: readText(call.parameters, "NextToken"),
        invalidMarker: () => new AwsError("ValidationException", 400, "Invalid NextToken."),
      },
    );
    return {
      Users: items.map(({ name }) => ({
        IdentityStoreId: storeId,
        UserId: deriveId("", `${storeId} ${name}`),
        UserName: name,
      })),
      NextToken: next,
    };
  },
};

/** A store answers in its own region, and to the account that manages it. */
function requireStore(call: Call): IdentityCenter {
  const asked = requireText(call.parameters, "IdentityStoreId");
  const found = instancesOf(call).find(({ storeId }) => storeId === asked);
  if (found === undefined) throw new AwsError("ResourceNotFoundException", 400, "IDENTITY_STORE not found.");
  return found;
}

/** https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListInstances.html */
const listInstances: Operation = {
  action: "ListInstances",
  resource: () => "*",
  answer: (call) => ({
    Instances: instancesOf(call).map(({ accountId, storeId }) => ({
      IdentityStoreId: storeId,
      InstanceArn: `arn:${call.organization.partition}:sso:::instance/ssoins-${storeId.slice(2)}`,
      OwnerAccountId: accountId,
      Status: "ACTIVE",
    })),
  }),
};

const instancesOf = ({ caller, region, organization: { identityCenters } }: Call): readonly IdentityCenter[] =>
  identityCenters.filter((one) => one.accountId === caller.account.id && one.region === region);

export const identitystoreOperations: readonly Operation[] = [listUsers];
export const ssoOperations: readonly Operation[] = [listInstances];
