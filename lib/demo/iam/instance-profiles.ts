import { noSuchEntity } from "../aws-error.ts";
import type { Answer, Operation } from "../operation.ts";
import { readText, requireText } from "../parameters.ts";
import { type Account, type InstanceProfile, instanceProfileArn, type Role, roleArn } from "../state.ts";
import { takeIamPage } from "./pages.ts";
import { allInstanceProfiles, oneInstanceProfile } from "./resources.ts";

/** Answers roles and their trust policies, and no tags (ListInstanceProfiles, IAM API reference and CLI examples). */
export const listInstanceProfiles: Operation = {
  action: "ListInstanceProfiles",
  resource: allInstanceProfiles,
  answer(call) {
    const { account } = call.caller;
    const prefix = readText(call.parameters, "PathPrefix") ?? "/";
    const profiles = account.instanceProfiles.list().filter(({ path }) => path.startsWith(prefix));
    const { items, end } = takeIamPage(call, { items: profiles, orderOf: account.instanceProfiles.orderOf });
    return { InstanceProfiles: items.map((profile) => describeProfile(account, profile)), ...end };
  },
};

export const getInstanceProfile: Operation = {
  action: "GetInstanceProfile",
  resource: oneInstanceProfile,
  answer({ caller: { account }, parameters }) {
    const name = requireText(parameters, "InstanceProfileName");
    const profile = account.instanceProfiles.find(name);
    if (profile === undefined) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
    return { InstanceProfile: describeProfile(account, profile) };
  },
};

function describeProfile(account: Account, profile: InstanceProfile): Answer {
  const role = profile.roleName === undefined ? undefined : account.roles.find(profile.roleName);
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: instanceProfileArn(account, profile),
    CreateDate: new Date(profile.createdAt),
    Roles: role === undefined ? [] : [describeRole(account, role)],
  };
}

const describeRole = (account: Account, role: Role): Answer => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: roleArn(account, role),
  CreateDate: new Date(role.createdAt),
  AssumeRolePolicyDocument: encodePolicy(role.trustPolicy ?? trustPolicyOf(role)),
});

function trustPolicyOf({ trusts, externalId }: Role): string {
  const condition = externalId === undefined ? {} : { Condition: { StringEquals: { "sts:ExternalId": externalId } } };
  const statement = { Effect: "Allow", Principal: { AWS: trusts }, Action: "sts:AssumeRole", ...condition };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

/** By RFC 3986, which also takes what encodeURIComponent leaves (Role, IAM API reference). */
const encodePolicy = (policy: string): string =>
  encodeURIComponent(policy).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
