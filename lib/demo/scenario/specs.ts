import type { CallRule, Fault } from "../call-rules.ts";
import type { AccountState, Parameter, ReportBehaviour } from "../state.ts";
import type { RegionSpec } from "./region-specs.ts";

/** A scenario as data: ages instead of dates, and every identifier that is not said is derived. */
export interface OrganizationSpec {
  readonly partition: string;
  readonly accounts: readonly AccountSpec[];
  /** Id; undefined: no organization. */
  readonly management: string | undefined;
  readonly delegatedAdministrators: readonly string[];
  readonly units: readonly UnitSpec[];
  readonly accountStateFields: readonly ("State" | "Status")[];
  readonly identityCenters: readonly IdentityCenterSpec[];
  readonly denials: readonly CallRule[];
  readonly faults: readonly Fault[];
}

export interface IdentityCenterSpec {
  readonly accountId: string;
  readonly region: string;
  readonly storeId: string;
  readonly users: readonly string[];
}

export interface UnitSpec {
  readonly id: string;
  readonly name: string;
  /** The root if absent. */
  readonly parentId?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface AccountSpec {
  readonly id: string;
  readonly name: string;
  readonly alias: string | undefined;
  readonly email: string;
  readonly state: AccountState;
  /** The organization's root if undefined. */
  readonly parentId: string | undefined;
  readonly joinedMethod: "CREATED" | "INVITED";
  readonly tags: Readonly<Record<string, string>>;
  readonly users: readonly UserSpec[];
  readonly groups: readonly GroupSpec[];
  readonly roles: readonly RoleSpec[];
  readonly instanceProfiles: readonly InstanceProfileSpec[];
  readonly secrets: readonly SecretSpec[];
  readonly parameters: readonly ParameterSpec[];
  /** Exactly these; none: those that an account of the partition usually has, all empty. */
  readonly regions: readonly RegionSpec[];
  readonly root: RootSpec;
  readonly report: Readonly<ReportBehaviour>;
}

export interface RootSpec {
  readonly ageDays: number;
  readonly passwordUsedDaysAgo: number | undefined;
  readonly hasMfa: boolean;
  readonly keys: readonly KeySpec[];
}

export interface UserSpec {
  readonly name: string;
  readonly path: string;
  readonly ageDays: number;
  readonly keys: readonly KeySpec[];
  readonly tags: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  /** Names of AWS managed policies, or ARNs. */
  readonly policies: readonly string[];
  readonly password: PasswordSpec | undefined;
  readonly hasMfa: boolean;
  readonly serviceCredentials: readonly ServiceCredentialSpec[];
}

export interface PasswordSpec {
  readonly changedDaysAgo: number;
  readonly usedDaysAgo?: number;
}

export interface KeySpec {
  readonly id?: string;
  readonly ageDays: number;
  readonly status: "Active" | "Inactive";
  /** Undefined: never. */
  readonly usedDaysAgo: number | undefined;
  readonly usedService: string;
  readonly usedRegion: string;
  /** What the credential report says of its rotation; undefined: its creation. */
  readonly rotatedDaysAgo: number | "N/A" | undefined;
  /** Set in the console: a tag of the user whose key is the access key id. */
  readonly description: string | undefined;
}

export interface ServiceCredentialSpec {
  readonly service: string;
  readonly ageDays: number;
  readonly status: "Active" | "Inactive";
  readonly expiresInDays?: number;
}

export interface GroupSpec {
  readonly name: string;
  readonly policies?: readonly string[];
}

export interface RoleSpec {
  readonly name: string;
  readonly path: string;
  readonly policies: readonly string[];
  readonly trusts: readonly string[];
  readonly externalId: string | undefined;
  readonly maxSessionSeconds: number;
  /** As IAM would answer it; undefined: what `trusts` says, as a policy. */
  readonly trustPolicy: string | undefined;
}

export interface InstanceProfileSpec {
  readonly name: string;
  readonly path: string;
  readonly roleName: string | undefined;
}

export interface SecretSpec {
  readonly name: string;
  readonly value: string;
  readonly isBinary: boolean;
  readonly isDecryptable: boolean;
  readonly isDeleted: boolean;
  readonly ageDays: number;
}

export interface ParameterSpec {
  readonly name: string;
  readonly type: Parameter["type"];
  readonly value: string;
  readonly isDecryptable: boolean;
  readonly ageDays: number;
}
