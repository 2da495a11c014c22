import type { Millis } from "../../core/time.ts";
import { adminSessionOf } from "../admin-session.ts";
import { createDirectory } from "../directory.ts";
import { managedPolicyArn } from "../iam/policies.ts";
import { deriveId } from "../identifiers.ts";
import type {
  AccessKey,
  Account,
  Group,
  InstanceProfile,
  Organization,
  Role,
  RootUser,
  ServiceCredential,
  User,
} from "../state.ts";
import { ago, agoOrNever } from "./ages.ts";
import { buildRegion } from "./build-region.ts";
import { buildParameter, buildSecret } from "./build-secrets.ts";
import { usualRegions } from "./region-builders.ts";
import type { RegionSpec } from "./region-specs.ts";
import type {
  AccountSpec,
  GroupSpec,
  InstanceProfileSpec,
  KeySpec,
  OrganizationSpec,
  RoleSpec,
  RootSpec,
  ServiceCredentialSpec,
  UserSpec,
} from "./specs.ts";

/** A scenario brought to life at an instant. */
export function buildOrganization(spec: OrganizationSpec, now: Millis): Organization {
  const { partition } = spec;
  const rootId = "r-demo";
  const accounts = spec.accounts.map((account) => buildAccount(account, { partition, rootId, now }));
  const sessions = accounts.map(adminSessionOf);
  return {
    partition,
    id: "o-demo000000",
    rootId,
    accounts,
    units: spec.units.map(({ id, name, parentId, tags }) => ({
      id,
      name,
      parentId: parentId ?? rootId,
      tags: textMap(tags ?? {}),
    })),
    managementAccountId: spec.management,
    delegatedAdministrators: [...spec.delegatedAdministrators],
    accountStateFields: spec.accountStateFields,
    sessions: new Map(sessions.map((session) => [session.accessKeyId, session])),
    sessionsIssued: 0,
    identityCenters: spec.identityCenters.map((one) => ({
      ...one,
      users: createDirectory(one.users.map((name) => ({ name }))),
    })),
    denials: [...spec.denials],
    faults: [...spec.faults],
  };
}

interface Place {
  readonly partition: string;
  readonly rootId: string;
  readonly now: Millis;
}

function buildAccount(spec: AccountSpec, { partition, rootId, now }: Place): Account {
  const { id, name, alias, email, state, joinedMethod, root } = spec;
  const owner: Owner = { partition, id, now };
  return {
    id,
    partition,
    name,
    alias,
    email,
    state,
    joinedMethod,
    parentId: spec.parentId ?? rootId,
    joinedAt: ago(now, root.ageDays),
    tags: textMap(spec.tags),
    root: buildRoot(root, owner),
    users: createDirectory(spec.users.map((user) => buildUser(user, owner))),
    groups: createDirectory(spec.groups.map((group) => buildGroup(group, owner))),
    roles: createDirectory(spec.roles.map((role) => buildRole(role, owner))),
    instanceProfiles: createDirectory(spec.instanceProfiles.map((profile) => buildProfile(profile, owner))),
    secrets: createDirectory(spec.secrets.map((secret) => buildSecret(secret, owner))),
    parameters: createDirectory(spec.parameters.map((parameter) => buildParameter(parameter, owner))),
    regions: createDirectory(regionsOf(spec, partition).map((region) => buildRegion(region, owner))),
    report: { ...spec.report },
    storedReport: undefined,
  };
}

const regionsOf = ({ regions }: AccountSpec, partition: string): readonly RegionSpec[] =>
  regions.length > 0 ? regions : usualRegions([], partition);

interface Owner {
  readonly partition: string;
  readonly id: string;
  readonly now: Millis;
}

const buildRoot = ({ ageDays, passwordUsedDaysAgo, hasMfa, keys }: RootSpec, { id, now }: Owner): RootUser => ({
  createdAt: ago(now, ageDays),
  passwordLastUsed: agoOrNever(now, passwordUsedDaysAgo),
  hasMfa,
  keys: keys.map((key, index) => buildKey(key, now, `${id} root ${index}`)),
});

const buildGroup = ({ name, policies = [] }: GroupSpec, { partition, id }: Owner): Group => ({
  name,
  id: deriveId("AGPA", `${id} ${name}`),
  policies: policyArns(partition, policies),
});

function buildUser(spec: UserSpec, { partition, id, now }: Owner): User {
  const { name, path, password } = spec;
  const keys = spec.keys.map((key, index) => buildKey(key, now, `${id} ${name} ${index}`));
  return {
    name,
    path,
    id: deriveId("AIDA", `${id} ${name}`),
    createdAt: ago(now, spec.ageDays),
    password: password && {
      changedAt: ago(now, password.changedDaysAgo),
      lastUsedAt: agoOrNever(now, password.usedDaysAgo),
    },
    hasMfa: spec.hasMfa,
    keys,
    groups: [...spec.groups],
    policies: policyArns(partition, spec.policies),
    tags: new Map([...Object.entries(spec.tags), ...describedKeys(spec.keys, keys)]),
    serviceCredentials: spec.serviceCredentials.map((credential, index) =>
      buildServiceCredential(credential, { now, accountId: id, userName: name, index }),
    ),
  };
}

/** The console keeps a key's description in a tag of its user, under the access key id. */
const describedKeys = (specs: readonly KeySpec[], keys: readonly AccessKey[]) =>
  specs.flatMap(({ description }, index) => {
    const key = keys[index];
    return description === undefined || key === undefined ? [] : [[key.id, description] as const];
  });

function buildKey(spec: KeySpec, now: Millis, origin: string): AccessKey {
  const { usedDaysAgo, usedService, usedRegion, rotatedDaysAgo } = spec;
  return {
    id: spec.id ?? deriveId("AKIA", origin),
    createdAt: ago(now, spec.ageDays),
    status: spec.status,
    lastUsed:
      usedDaysAgo === undefined ? undefined : { at: ago(now, usedDaysAgo), service: usedService, region: usedRegion },
    reportedRotation: rotatedDaysAgo === "N/A" ? "N/A" : agoOrNever(now, rotatedDaysAgo),
  };
}

interface Issue {
  readonly now: Millis;
  readonly accountId: string;
  readonly userName: string;
  readonly index: number;
}

/** Bedrock's and CloudWatch Logs' keys have an alias instead of a service user name. */
function buildServiceCredential(spec: ServiceCredentialSpec, issue: Issue): ServiceCredential {
  const { now, accountId, userName, index } = issue;
  const hasAlias = /^(?:bedrock|logs)\./.test(spec.service);
  return {
    id: deriveId("ACCA", `${accountId} ${userName} ${index}`),
    service: spec.service,
    serviceUserName: hasAlias ? undefined : `${userName}-at-${accountId}`,
    alias: hasAlias ? `${userName}-key-${index + 1}` : undefined,
    createdAt: ago(now, spec.ageDays),
    expiresAt: spec.expiresInDays === undefined ? undefined : ago(now, -spec.expiresInDays),
    status: spec.status,
  };
}

const buildRole = (spec: RoleSpec, { partition, id, now }: Owner): Role => ({
  ...spec,
  id: deriveId("AROA", `${id} ${spec.name}`),
  createdAt: ago(now, roleAgeDays),
  policies: policyArns(partition, spec.policies),
});

const roleAgeDays = 400;

const buildProfile = (spec: InstanceProfileSpec, { id, now }: Owner): InstanceProfile => ({
  ...spec,
  id: deriveId("AIPA", `${id} ${spec.name}`),
  createdAt: ago(now, roleAgeDays),
});

/** A user added to a running offline AWS. */
export function addUser(account: Account, spec: UserSpec, now: Millis): User {
  const user = buildUser(spec, { partition: account.partition, id: account.id, now });
  account.users.add(user);
  return user;
}

/** A key added to a user of a running offline AWS. */
export function addKey(account: Account, user: User, { spec, now }: { spec: KeySpec; now: Millis }): AccessKey {
  const key = buildKey(spec, now, `${account.id} ${user.name} added ${user.keys.length} ${now}`);
  user.keys.push(key);
  if (spec.description !== undefined) user.tags.set(key.id, spec.description);
  return key;
}

const policyArns = (partition: string, names: readonly string[]): string[] =>
  names.map((name) => (name.startsWith("arn:") ? name : managedPolicyArn(partition, name)));

const textMap = (texts: Readonly<Record<string, string>>): Map<string, string> => new Map(Object.entries(texts));
