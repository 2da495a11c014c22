import type { Millis } from "../core/time.ts";
import type { CallRule, Fault } from "./call-rules.ts";
import type { Directory } from "./directory.ts";
import type { IdentityCenter } from "./identitystore/directory.ts";
import type { Region } from "./region.ts";

/** Where the offline AWS is, for clients that must name a region. */
export const demoRegion = "us-east-1";

/** Everything the offline AWS knows; tests change it between calls, so what they change is not readonly. */
export interface Organization {
  readonly partition: string;
  readonly id: string;
  readonly rootId: string;
  readonly accounts: Account[];
  readonly units: OrganizationalUnit[];
  /** Undefined: the accounts stand alone and Organizations answers that it is not in use. */
  managementAccountId: string | undefined;
  readonly delegatedAdministrators: string[];
  /** Which of the two fields ListAccounts answers: `Status` is the older one, to be retired on 9 September 2026. */
  accountStateFields: readonly ("State" | "Status")[];
  /** Temporary credentials by access key id. */
  readonly sessions: Map<string, Session>;
  sessionsIssued: number;
  readonly identityCenters: IdentityCenter[];
  readonly denials: CallRule[];
  readonly faults: Fault[];
}

export interface OrganizationalUnit {
  readonly id: string;
  readonly name: string;
  readonly parentId: string;
  readonly tags: Map<string, string>;
}

export type AccountState = "PENDING_ACTIVATION" | "ACTIVE" | "SUSPENDED" | "PENDING_CLOSURE" | "CLOSED";

export interface Account {
  readonly id: string;
  readonly partition: string;
  name: string;
  email: string;
  alias: string | undefined;
  state: AccountState;
  /** The organizational unit or root it hangs from. */
  parentId: string;
  readonly joinedAt: Millis;
  readonly joinedMethod: "CREATED" | "INVITED";
  /** Tags of the account as a resource of the organization. */
  readonly tags: Map<string, string>;
  readonly root: RootUser;
  readonly users: Directory<User>;
  readonly groups: Directory<Group>;
  readonly roles: Directory<Role>;
  readonly instanceProfiles: Directory<InstanceProfile>;
  readonly secrets: Directory<StoredSecret>;
  readonly parameters: Directory<Parameter>;
  readonly regions: Directory<Region>;
  readonly report: ReportBehaviour;
  storedReport: StoredReport | undefined;
}

export interface RootUser {
  readonly createdAt: Millis;
  passwordLastUsed: Millis | undefined;
  hasMfa: boolean;
  readonly keys: AccessKey[];
}

export interface User {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly createdAt: Millis;
  password: Password | undefined;
  hasMfa: boolean;
  keys: AccessKey[];
  readonly groups: string[];
  /** ARNs of attached managed policies. */
  readonly policies: string[];
  readonly tags: Map<string, string>;
  readonly serviceCredentials: ServiceCredential[];
}

export interface Password {
  readonly changedAt: Millis;
  readonly lastUsedAt: Millis | undefined;
}

export interface AccessKey {
  readonly id: string;
  readonly createdAt: Millis;
  status: "Active" | "Inactive";
  lastUsed: KeyUse | undefined;
  /** What the credential report says of its rotation; undefined: its creation. */
  reportedRotation: Millis | "N/A" | undefined;
}

export interface KeyUse {
  readonly at: Millis;
  readonly service: string;
  readonly region: string;
}

export interface ServiceCredential {
  readonly id: string;
  readonly service: string;
  /** CodeCommit and Keyspaces have a user name, Bedrock and CloudWatch Logs an alias. */
  readonly serviceUserName: string | undefined;
  readonly alias: string | undefined;
  readonly createdAt: Millis;
  readonly expiresAt: Millis | undefined;
  status: "Active" | "Inactive";
}

export interface Group {
  readonly name: string;
  readonly id: string;
  readonly policies: string[];
}

export interface Role {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly policies: string[];
  /** Account ids or ARNs that may assume it; `*` is anyone. */
  readonly trusts: readonly string[];
  readonly externalId: string | undefined;
  readonly maxSessionSeconds: number;
  readonly createdAt: Millis;
  /** What IAM answers for its trust policy; undefined: what `trusts` says, as a policy. */
  trustPolicy: string | undefined;
}

export interface InstanceProfile {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly createdAt: Millis;
  /** It has one or none. */
  roleName: string | undefined;
}

/** A secret of Secrets Manager. */
export interface StoredSecret {
  readonly name: string;
  readonly versionId: string;
  value: string;
  readonly isBinary: boolean;
  /** Whether its KMS key lets it be read. */
  isDecryptable: boolean;
  /** Marked for deletion, and no longer to be read. */
  isDeleted: boolean;
  readonly createdAt: Millis;
}

/** A parameter of Systems Manager's Parameter Store. */
export interface Parameter {
  readonly name: string;
  readonly type: "String" | "StringList" | "SecureString";
  value: string;
  /** Whether the KMS key of a SecureString lets it be read. */
  isDecryptable: boolean;
  readonly changedAt: Millis;
}

/** Credentials of an assumed role. */
export interface Session {
  readonly accessKeyId: string;
  readonly accountId: string;
  readonly roleName: string;
  readonly roleId: string;
  readonly sessionName: string;
  expiresAt: Millis;
}

export interface ReportBehaviour {
  /** How many calls after the first still answer that the report is in progress. */
  pollsUntilComplete: number;
  /** How long generation takes at least, by the server's clock. */
  generationMs: Millis;
  refusesGeneration: boolean;
  /** Documented, but absent from the reports of ordinary accounts. */
  hasAdditionalCredentialsColumn: boolean;
  /** Both are seen in the wild. */
  zone: "Z" | "+00:00";
  /** Whether a field with a comma is quoted; AWS documents neither. */
  quotesFields: boolean;
}

export interface StoredReport {
  readonly content: string;
  readonly generatedAt: Millis;
  readonly completeFrom: Millis;
  pollsLeft: number;
}

export const userArn = (account: Account, user: User): string =>
  `arn:${account.partition}:iam::${account.id}:user${user.path}${user.name}`;

export const roleArn = (account: Account, role: Role): string =>
  `arn:${account.partition}:iam::${account.id}:role${role.path}${role.name}`;

export const instanceProfileArn = (account: Account, profile: InstanceProfile): string =>
  `arn:${account.partition}:iam::${account.id}:instance-profile${profile.path}${profile.name}`;

export const sessionArn = (partition: string, session: Session): string =>
  `arn:${partition}:sts::${session.accountId}:assumed-role/${session.roleName}/${session.sessionName}`;

export const findAccount = (organization: Organization, id: string): Account | undefined =>
  organization.accounts.find((account) => account.id === id);
