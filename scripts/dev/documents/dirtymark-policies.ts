import { policyOf } from "../../../lib/aws/policy-document.ts";
import { dirtymarkBurialPermissions, dirtymarkPermissions } from "../../../lib/dirtymark/permissions.ts";
import { queueActions } from "../../../lib/queue/sqs-actions.ts";
import {
  grantMarkRole,
  grantOthers,
  type MarkSettings,
  queueArnsOf,
  trustConsumer,
} from "../../../lib/stalewatch/dirtymark-grants.ts";
import { tableActions } from "../../../lib/state/dynamodb-actions.ts";
import { fenced, formatTable } from "./markdown.ts";

const home = { account: "111122223333", region: "eu-central-1" };
const settings: MarkSettings = {
  ...{ queue: "skunky", senders: "hosts", tag: { key: "dirty", value: "skunked" }, markRole: "Skunky" },
  knownAccounts: [],
};
const arns = queueArnsOf(settings, home);

const list = (actions: readonly string[]): string => actions.map((action) => `\`${action}\``).join(", ");

/** What drains the queue calls, and on what. */
export const describeConsumer = (): string =>
  formatTable([
    ["what drains the queue calls", "on", "when"],
    [list(dirtymarkPermissions.observe), "the queue", "always"],
    [list(Object.values(queueActions.drain)), "the queue", "mode `commit`"],
    [list([queueActions.observe.findUrl, ...dirtymarkBurialPermissions]), "its dead-letter queue", "mode `commit`"],
    ["`sts:AssumeRole`", "the mark role of each known account", "mode `commit`"],
    [list(Object.values(tableActions.use)), "the table", "`state = dynamodb`"],
    [list(Object.values(tableActions.make)), "the table", "the same, until the table is there"],
  ]);

const format = (policy: object): string => fenced("json", JSON.stringify(policy, undefined, 2));

export const markRolePolicy = (): string => format(policyOf(grantMarkRole(settings, arns.partition)));

export const markRoleTrust = (): string =>
  format(policyOf(trustConsumer([`arn:aws:iam::${home.account}:role/dirtymark`], undefined)));

export const othersPolicy = (): string =>
  format(policyOf(grantOthers(settings, { arns, except: [`arn:aws:iam::${home.account}:role/dirtycount`] })));
