import { AwsError, validationError } from "../aws-error.ts";
import type { Answer, Call, Operation } from "../operation.ts";
import { readTexts } from "../parameters.ts";
import { type Account, type User, userArn } from "../state.ts";
import { takeIamPage } from "./pages.ts";
import { describePolicies } from "./policies.ts";
import { everything } from "./resources.ts";
import { describeTags } from "./tags.ts";

const entityTypes: readonly string[] = ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"];

export const getAccountAuthorizationDetails: Operation = {
  action: "GetAccountAuthorizationDetails",
  resource: everything,
  answer(call) {
    demandUsersOnly(call);
    const { account } = call.caller;
    const { items, end } = takeIamPage(call, { items: account.users.list(), orderOf: account.users.orderOf });
    return {
      UserDetailList: items.map((user) => describeUserDetail(account, user)),
      GroupDetailList: [],
      RoleDetailList: [],
      Policies: [],
      ...end,
    };
  },
};

/** An empty list of roles would be a lie, so the rest of the operation is refused until somebody needs it. */
function demandUsersOnly({ parameters }: Call): void {
  const filter = readTexts(parameters, "Filter");
  const stranger = filter.find((type) => !entityTypes.includes(type));
  if (stranger !== undefined)
    throw validationError(
      `1 validation error detected: Value '[${stranger}]' at 'filter' failed to satisfy constraint: Member must satisfy enum value set: [${entityTypes.join(", ")}]`,
    );
  if (filter.length === 0 || filter.some((type) => type !== "User"))
    throw new AwsError("NotImplemented", 501, 'the offline AWS answers authorization details for Filter "User" only');
}

const describeUserDetail = (account: Account, user: User): Answer => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: userArn(account, user),
  CreateDate: new Date(user.createdAt),
  GroupList: user.groups,
  AttachedManagedPolicies: describePolicies(user.policies),
  Tags: describeTags(user.tags),
});
