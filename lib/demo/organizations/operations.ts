import { AwsError } from "../aws-error.ts";
import { describeTags, tagListing } from "../iam/tags.ts";
import type { Call, Operation } from "../operation.ts";
import { requireText } from "../parameters.ts";
import { demandAdministrator, findManagementAccount, organizationArn } from "./access.ts";
import { listAccounts, listAccountsForParent } from "./accounts.ts";
import { takeOrganizationsPage } from "./pages.ts";

/** Any member may ask, which is how it learns its management account. */
const describeOrganization: Operation = {
  action: "DescribeOrganization",
  resource: () => "*",
  answer(call) {
    const management = findManagementAccount(call);
    return {
      Organization: {
        Id: call.organization.id,
        Arn: organizationArn(call, "organization"),
        FeatureSet: "ALL",
        MasterAccountArn: organizationArn(call, "account", management.id),
        MasterAccountId: management.id,
        MasterAccountEmail: management.email,
      },
    };
  },
};

/** An account or unit hangs from exactly one parent, in a list all the same. */
const listParents: Operation = {
  action: "ListParents",
  resource: () => "*",
  answer(call) {
    demandAdministrator(call);
    const child = findMember(call, requireText(call.parameters, "ChildId"));
    if (child === undefined)
      throw new AwsError("ChildNotFoundException", 400, "You specified a child that doesn't exist.");
    const { parentId } = child;
    const { items, end } = takeOrganizationsPage(call, { items: [parentId], orderOf: (id) => id });
    const type = parentId === call.organization.rootId ? "ROOT" : "ORGANIZATIONAL_UNIT";
    return { Parents: items.map((id) => ({ Id: id, Type: type })), ...end };
  },
};

const listTagsForResource: Operation = {
  action: "ListTagsForResource",
  resource: () => "*",
  answer(call) {
    demandAdministrator(call);
    const target = findMember(call, requireText(call.parameters, "ResourceId"));
    if (target === undefined)
      throw new AwsError("TargetNotFoundException", 400, "You specified a target that doesn't exist.");
    const { items, end } = takeOrganizationsPage(call, tagListing(target.tags));
    return { Tags: describeTags(items), ...end };
  },
};

const findMember = ({ organization: { accounts, units } }: Call, id: string) =>
  accounts.find((account) => account.id === id) ?? units.find((unit) => unit.id === id);

export const organizationsOperations: readonly Operation[] = [
  describeOrganization,
  listAccounts,
  listAccountsForParent,
  listParents,
  listTagsForResource,
];
