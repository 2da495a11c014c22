import type { Grant } from "../aws/policy-document.ts";
import { credstashReadActions } from "../aws/read/credstash.ts";
import { organizationsReadActions } from "../aws/read/organizations.ts";
import { secretsManagerReadActions } from "../aws/read/secrets-manager.ts";
import { ssmReadActions } from "../aws/read/ssm.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { SecretSource } from "../settings/secret-settings.ts";
import type { StateSettings } from "../settings/state-settings.ts";
import { tableActions } from "../state/dynamodb-actions.ts";

/** Where something lies that a policy names; what is not known is any. */
export interface Place {
  readonly region: string | undefined;
  readonly account: string | undefined;
}

interface Resource extends Place {
  readonly service: string;
  readonly path: string;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const arnOf = ({ service, region = "*", account = "*", path }: Resource): string =>
  `arn:${partitionOf(region)}:${service}:${region}:${account}:${path}`;

export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** What the base credentials need to list an organization's accounts and to get into each; nothing where they scan their own. */
export function grantScopes(run: ScopeSettings): Grant[] {
  const { organization, includeOus, excludeOus, includeTags, excludeTags } = run;
  const { listAccounts, findParent, listTags } = organizationsReadActions;
  const actions = [
    ...(organization ? [listAccounts] : []),
    ...(includeOus.length + excludeOus.length > 0 ? [findParent] : []),
    ...(includeTags.length + excludeTags.length > 0 ? [listTags] : []),
  ];
  const partition = partitionOf(run.region ?? "");
  const roles = organization ? [`arn:${partition}:iam::*:role/${run.roleName}`] : [...new Set(run.roleArns)];
  const grants: Grant[] = [
    { sid: "Organization", actions: actions.sort(), resources: actions.length > 0 ? "*" : [] },
    { sid: "AssumeRoles", actions: ["sts:AssumeRole"], resources: roles },
  ];
  return grants.filter((grant) => grant.resources.length > 0);
}

type ScopeSettings = Pick<
  RunSettings,
  "organization" | "includeOus" | "excludeOus" | "includeTags" | "excludeTags" | "roleArns" | "roleName" | "region"
>;

/** What the store needs; the second grant only until its table is there. */
export function grantState({ state, stateTable }: Pick<StateSettings, "state" | "stateTable">, place: Place): Grant[] {
  if (state !== "dynamodb") return [];
  const resources = [arnOf({ ...place, service: "dynamodb", path: `table/${stateTable}` })];
  return [
    { sid: "State", actions: Object.values(tableActions.use).sort(), resources },
    { sid: "MakeStateTable", actions: Object.values(tableActions.make).sort(), resources },
  ];
}

/** What reading secrets needs, each kind of place on its own. */
export function grantSecrets(sources: readonly SecretSource[], place: Place, credstash: Place): Grant[] {
  const resources = (of: (source: SecretSource) => readonly Resource[]) => [
    ...new Set(sources.flatMap(of).map((one) => (isArn(one.path) ? one.path : arnOf(one)))),
  ];
  const grants: Grant[] = [
    {
      sid: "Secrets",
      actions: Object.values(secretsManagerReadActions),
      resources: resources((source) => secretOf(source, place)),
    },
    { sid: "Parameters", actions: Object.values(ssmReadActions), resources: resources((s) => parameterOf(s, place)) },
    {
      sid: "Credstash",
      actions: [credstashReadActions.findSealedSecret],
      resources: resources((source) => credstashTableOf(source, credstash)),
    },
    {
      sid: "CredstashKey",
      actions: [credstashReadActions.decryptKey],
      // Which key credstash was set up with, only its records tell.
      resources: resources(({ from }) =>
        from === "credstash" ? [{ ...credstash, service: "kms", path: "key/*" }] : [],
      ),
    },
  ];
  return grants.filter((grant) => grant.resources.length > 0);
}

const isArn = (name: string): boolean => name.startsWith("arn:");

/** In its ARN, Secrets Manager adds a dash and six characters to a secret's name. */
const secretOf = (source: SecretSource, place: Place): readonly Resource[] =>
  source.from === "secretsmanager"
    ? [{ ...place, service: "secretsmanager", path: isArn(source.id) ? source.id : `secret:${source.id}-??????` }]
    : [];

/** A version or label behind the name is not part of the ARN. */
function parameterOf(source: SecretSource, place: Place): readonly Resource[] {
  if (source.from !== "ssm") return [];
  const [name = ""] = isArn(source.name) ? [source.name] : source.name.split(":");
  const path = isArn(name) ? name : `parameter/${name.replace(/^\//, "")}`;
  return [{ ...place, service: "ssm", path }];
}

const credstashTableOf = (source: SecretSource, place: Place): readonly Resource[] =>
  source.from === "credstash"
    ? [{ ...place, service: "dynamodb", path: `table/${source.table ?? "credential-store"}` }]
    : [];
