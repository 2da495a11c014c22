import { policyDocument } from "../../../lib/aws/policy-document.ts";
import { credstashReadActions } from "../../../lib/aws/read/credstash.ts";
import { secretsManagerReadActions } from "../../../lib/aws/read/secrets-manager.ts";
import { ssmReadActions } from "../../../lib/aws/read/ssm.ts";
import { keycheckDetailPermissions, keycheckPermissions } from "../../../lib/keycheck/permissions.ts";
import { tableActions } from "../../../lib/state/dynamodb-actions.ts";
import { fenced, formatTable } from "./markdown.ts";

/** The policy of each mode. */
export const describePolicies = (): string =>
  Object.entries(keycheckPermissions)
    .map(([mode, actions]) => `Mode \`${mode}\`:\n\n${fenced("json", formatPolicy(actions))}`)
    .join("\n");

const formatPolicy = (actions: readonly string[]): string => JSON.stringify(policyDocument(actions), undefined, 2);

/** What a run calls beside that, by what makes it. */
export const describeFurtherPermissions = (): string =>
  formatTable([
    ["with", "also", "on"],
    ["`group` or `tag` in `kinds`", list(keycheckDetailPermissions), "`*`, in each account"],
    ["`state = dynamodb`", list(Object.values(tableActions.use)), "the table"],
    ["the same, until the table is there", list(Object.values(tableActions.make)), "the table"],
    ["`secretsmanager:ID`", list(Object.values(secretsManagerReadActions)), "the secret"],
    ["`ssm:NAME`", list(Object.values(ssmReadActions)), "the parameter"],
    ["`credstash:NAME`", list(Object.values(credstashReadActions)), "credstash's table; its key"],
  ]);

const list = (actions: readonly string[]): string => actions.map((action) => `\`${action}\``).join(", ");
