import { policyDocument } from "../../../lib/aws/policy-document.ts";
import { credstashReadActions } from "../../../lib/aws/read/credstash.ts";
import { secretsManagerReadActions } from "../../../lib/aws/read/secrets-manager.ts";
import { ssmReadActions } from "../../../lib/aws/read/ssm.ts";
import { tableActions } from "../../../lib/state/dynamodb-actions.ts";
import { fenced, formatTable } from "./markdown.ts";

/** By mode, what a program calls in each account. */
export const describePolicies = (permissions: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(permissions)
    .map(([mode, actions]) => `Mode \`${mode}\`:\n\n${fenced("json", formatPolicy(actions))}`)
    .join("\n");

const formatPolicy = (actions: readonly string[]): string => JSON.stringify(policyDocument(actions), undefined, 2);

/** What makes a program call more in each account, in Markdown, and what that is. */
export type FurtherPermissions = readonly (readonly [by: string, actions: readonly string[]])[];

/** What a run calls beside its mode's policy, by what makes it. */
export const describeFurtherPermissions = (own: FurtherPermissions): string =>
  formatTable([
    ["with", "also", "on"],
    ...own.map(([by, actions]) => [by, list(actions), "`*`, in each account"]),
    ["`state = dynamodb`", list(Object.values(tableActions.use)), "the table"],
    ["the same, until the table is there", list(Object.values(tableActions.make)), "the table"],
    ["`secretsmanager:ID`", list(Object.values(secretsManagerReadActions)), "the secret"],
    ["`ssm:NAME`", list(Object.values(ssmReadActions)), "the parameter"],
    ["`credstash:NAME`", list(Object.values(credstashReadActions)), "credstash's table; its key"],
  ]);

const list = (actions: readonly string[]): string => actions.map((action) => `\`${action}\``).join(", ");
