import { devNull } from "node:os";
import { adminSessionOf } from "./admin-session.ts";
import { secretOf, sessionTokenOf } from "./identifiers.ts";
import { isEnabled } from "./region.ts";
import { type Account, demoRegion, type Organization } from "./state.ts";

/** A profile's name in `configFile`. */
export const profileName = ({ alias, id }: Account): string => alias ?? id;

/**
 * Variables for a child process that reaches the offline AWS and nothing else, as the administrator of an account (by id,
 * alias or name; the first if not said) or as the holder of an access key.
 */
export function environmentFor(
  { organization, url }: { readonly organization: Organization; readonly url: string },
  identity: string | undefined,
): Record<string, string> {
  const region = isKeyId(identity) ? demoRegion : homeRegion(chooseAccount(organization, identity));
  return {
    ...credentialVariables(organization, identity),
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    // What boto3 goes by.
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** The offline AWS's own region or, in an account without that, the first. */
const homeRegion = ({ regions }: Account): string =>
  regions.find(demoRegion)?.name ?? regions.list().find(isEnabled)?.name ?? demoRegion;

const isKeyId = (identity: string | undefined): identity is string => identity?.startsWith("AKIA") === true;

function credentialVariables(organization: Organization, identity: string | undefined): Record<string, string> {
  if (isKeyId(identity)) return { AWS_ACCESS_KEY_ID: identity, AWS_SECRET_ACCESS_KEY: secretOf(identity) };
  const { accessKeyId } = adminSessionOf(chooseAccount(organization, identity));
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretOf(accessKeyId),
    AWS_SESSION_TOKEN: sessionTokenOf(accessKeyId),
  };
}

function chooseAccount({ accounts }: Organization, identity: string | undefined): Account {
  const account =
    identity === undefined ? accounts[0] : accounts.find(({ id, alias, name }) => [id, alias, name].includes(identity));
  if (account === undefined) throw new Error(`the offline AWS has no account "${identity ?? ""}"`);
  return account;
}

/** An AWS config file with one administrator profile per account, and `<profile>-<role>` for every role in it. */
export const configFileFor = (organization: Organization): string =>
  organization.accounts
    .flatMap((account) => [adminProfile(account), ...roleProfiles(organization, account)])
    .join("\n");

function adminProfile(account: Account): string {
  const { accessKeyId } = adminSessionOf(account);
  return section(profileName(account), {
    aws_access_key_id: accessKeyId,
    aws_secret_access_key: secretOf(accessKeyId),
    aws_session_token: sessionTokenOf(accessKeyId),
    region: homeRegion(account),
  });
}

/** The source is the first account's administrator, as a management account's would be. */
function roleProfiles({ accounts, partition }: Organization, account: Account): readonly string[] {
  const [source = account] = accounts;
  return account.roles.list().map((role) =>
    section(`${profileName(account)}-${role.name}`, {
      role_arn: `arn:${partition}:iam::${account.id}:role${role.path}${role.name}`,
      source_profile: profileName(source),
      external_id: role.externalId,
      region: homeRegion(account),
    }),
  );
}

function section(name: string, settings: Readonly<Record<string, string | undefined>>): string {
  const lines = Object.entries(settings).flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${value}`]));
  return `${[`[profile ${name}]`, ...lines].join("\n")}\n`;
}
