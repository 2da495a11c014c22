import { AwsError } from "../aws-error.ts";
import { compareText } from "../directory.ts";
import type { Answer, Call, Operation } from "../operation.ts";
import { requireText } from "../parameters.ts";
import type { Account, AccountState } from "../state.ts";
import { demandAdministrator, organizationArn } from "./access.ts";
import { takeOrganizationsPage } from "./pages.ts";

export const listAccounts: Operation = {
  action: "ListAccounts",
  resource: () => "*",
  answer(call) {
    demandAdministrator(call);
    return answerAccounts(call, call.organization.accounts);
  },
};

export const listAccountsForParent: Operation = {
  action: "ListAccountsForParent",
  resource: () => "*",
  answer(call) {
    demandAdministrator(call);
    const parentId = requireText(call.parameters, "ParentId");
    const { rootId, units, accounts } = call.organization;
    if (parentId !== rootId && !units.some(({ id }) => id === parentId))
      throw new AwsError("ParentNotFoundException", 400, "You specified parent that doesn't exist.");
    return answerAccounts(
      call,
      accounts.filter((account) => account.parentId === parentId),
    );
  },
};

function answerAccounts(call: Call, accounts: readonly Account[]): Answer {
  const sorted = [...accounts].sort((a, b) => compareText(a.id, b.id));
  const { items, end } = takeOrganizationsPage(call, { items: sorted, orderOf: ({ id }) => id });
  return { Accounts: items.map((account) => describeAccount(call, account)), ...end };
}

function describeAccount(call: Call, account: Account): Answer {
  const fields = call.organization.accountStateFields;
  return {
    Id: account.id,
    Arn: organizationArn(call, "account", account.id),
    Email: account.email,
    Name: account.name,
    Status: fields.includes("Status") ? olderStatus[account.state] : undefined,
    State: fields.includes("State") ? account.state : undefined,
    JoinedMethod: account.joinedMethod,
    JoinedTimestamp: new Date(account.joinedAt),
  };
}

/** The older field knows three values: what is not usable was "suspended". */
const olderStatus: Readonly<Record<AccountState, string>> = {
  PENDING_ACTIVATION: "SUSPENDED",
  ACTIVE: "ACTIVE",
  SUSPENDED: "SUSPENDED",
  PENDING_CLOSURE: "PENDING_CLOSURE",
  CLOSED: "SUSPENDED",
};
