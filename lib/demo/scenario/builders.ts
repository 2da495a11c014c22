import type {
  AccountSpec,
  InstanceProfileSpec,
  KeySpec,
  OrganizationSpec,
  ParameterSpec,
  RoleSpec,
  RootSpec,
  SecretSpec,
  ServiceCredentialSpec,
  UserSpec,
} from "./specs.ts";

/** Specs with everything a test does not care about filled in. */
export const aKey = (said: Partial<KeySpec> = {}): KeySpec => ({
  ageDays: 10,
  status: "Active",
  usedDaysAgo: undefined,
  usedService: "s3",
  usedRegion: "eu-central-1",
  rotatedDaysAgo: undefined,
  description: undefined,
  ...said,
});

export const aUser = (said: Partial<UserSpec> & Pick<UserSpec, "name">): UserSpec => ({
  path: "/",
  ageDays: oldestAge(said.keys ?? []) + 1,
  keys: [],
  tags: {},
  groups: [],
  policies: [],
  password: undefined,
  hasMfa: false,
  serviceCredentials: [],
  ...said,
});

export const aServiceCredential = (said: Partial<ServiceCredentialSpec> = {}): ServiceCredentialSpec => ({
  service: "codecommit.amazonaws.com",
  ageDays: 10,
  status: "Active",
  ...said,
});

/** Anybody of the organization may assume it unless said otherwise. */
export const aRole = (said: Partial<RoleSpec> & Pick<RoleSpec, "name">): RoleSpec => ({
  path: "/",
  policies: [],
  trusts: ["*"],
  externalId: undefined,
  maxSessionSeconds: 3600,
  trustPolicy: undefined,
  ...said,
});

/** A role that instances have, which EC2 alone may assume unless said otherwise. */
export const anInstanceRole = (said: Partial<RoleSpec> & Pick<RoleSpec, "name">): RoleSpec =>
  aRole({ trusts: [], trustPolicy: ec2TrustPolicy, ...said });

const ec2TrustPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** Of the role of its own name, as the console makes it. */
export const anInstanceProfile = (
  said: Partial<InstanceProfileSpec> & Pick<InstanceProfileSpec, "name">,
): InstanceProfileSpec => ({ path: "/", roleName: said.name, ...said });

export const aSecret = (said: Partial<SecretSpec> & Pick<SecretSpec, "name" | "value">): SecretSpec => ({
  isBinary: false,
  isDecryptable: true,
  isDeleted: false,
  ageDays: 100,
  ...said,
});

export const aParameter = (said: Partial<ParameterSpec> & Pick<ParameterSpec, "name" | "value">): ParameterSpec => ({
  type: "SecureString",
  isDecryptable: true,
  ageDays: 100,
  ...said,
});

type AccountSaid = Partial<Omit<AccountSpec, "root" | "report">> & {
  readonly root?: Partial<RootSpec>;
  readonly report?: Partial<AccountSpec["report"]>;
};

export function anAccount({ root, report, ...said }: AccountSaid = {}): AccountSpec {
  const { id = "111122223333", alias } = said;
  const name = said.name ?? alias ?? `account-${id}`;
  return {
    id,
    alias,
    name,
    email: `aws+${name}@example.com`,
    state: "ACTIVE",
    parentId: undefined,
    joinedMethod: "CREATED",
    tags: {},
    users: [],
    groups: [],
    roles: [aRole({ name: "stalewatch" })],
    instanceProfiles: [],
    secrets: [],
    parameters: [],
    regions: [],
    ...said,
    root: { ageDays: 2000, passwordUsedDaysAgo: undefined, hasMfa: true, keys: [], ...root },
    report: { ...promptReport, ...report },
  };
}

const promptReport: AccountSpec["report"] = {
  pollsUntilComplete: 1,
  generationMs: 0,
  refusesGeneration: false,
  hasAdditionalCredentialsColumn: false,
  zone: "+00:00",
  quotesFields: true,
};

/** The first account manages the others unless said otherwise. */
export const anOrganization = (
  said: Partial<OrganizationSpec> & Pick<OrganizationSpec, "accounts">,
): OrganizationSpec => ({
  partition: "aws",
  management: said.accounts[0]?.id,
  delegatedAdministrators: [],
  units: [],
  accountStateFields: ["State", "Status"],
  identityCenters: [],
  denials: [],
  faults: [],
  ...said,
});

const oldestAge = (keys: readonly KeySpec[]): number => Math.max(30, ...keys.map(({ ageDays }) => ageDays));
