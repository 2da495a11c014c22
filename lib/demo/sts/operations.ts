import type { Operation } from "../operation.ts";
import { assumeRole } from "./assume-role.ts";

/** Needs no permission: AWS answers it even under an explicit deny. */
const getCallerIdentity: Operation = {
  action: "GetCallerIdentity",
  resource: undefined,
  answer: ({ caller }) => ({ UserId: caller.userId, Account: caller.account.id, Arn: caller.arn }),
};

export const stsOperations: readonly Operation[] = [assumeRole, getCallerIdentity];
