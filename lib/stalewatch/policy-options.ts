import type { Kind } from "../settings/kind.ts";
import { text } from "../settings/kinds.ts";

/** Whose policy of dirtymark: what drains the queue; each account's role, and who may assume it; everybody else. */
export const policyAudiences = ["consumer", "mark-role", "mark-role-trust", "others"] as const;

export interface PolicyOptions {
  /** Absent: the program's own. */
  readonly for: (typeof policyAudiences)[number] | undefined;
  /** Of the queue, the state's table and the secrets; undefined: not known. */
  readonly account: string | undefined;
  /** ARNs: who may assume the mark role, or may change the tag beside it. */
  readonly principals: readonly string[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns */
export const principalArn = (): Kind<string> =>
  text({
    pattern: /^arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)\/[\w+=,.@/-]+)$/,
    expects: "the ARN of a role, a user or an account's root",
    placeholder: "ARN",
  });
