import type { Millis } from "./time.ts";

/** IAM's nouns as stages see them: every member that AWS always sends, times in epoch milliseconds. */
export interface IamUser {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Millis;
}

export interface AccessKey {
  readonly id: string;
  readonly active: boolean;
  readonly createdAt: Millis;
}

/** What a user's owner and kind are told by. */
export interface UserDetail {
  readonly name: string;
  readonly path: string;
  readonly groups: readonly string[];
  readonly tags: ReadonlyMap<string, string>;
}

/** One access key slot of the credential report; which key id sits in it, the report does not say. */
export interface ReportSlot {
  readonly active: boolean;
  /** When the key was created **or last changed**; absent for an empty slot, for some inactive keys and for root's. */
  readonly lastRotatedAt: Millis | undefined;
  /** Absent: never used since IAM tracks it (April 2015), or an empty slot. */
  readonly lastUsedAt: Millis | undefined;
}

export interface ReportRow {
  readonly user: string;
  readonly arn: string;
  readonly createdAt: Millis | undefined;
  readonly slots: readonly [ReportSlot, ReportSlot];
  /** What the report says of access keys or certificates beyond its slots; absent where it says nothing. */
  readonly additionalCredentials: string | undefined;
}

export interface CredentialReport {
  readonly generatedAt: Millis;
  readonly rows: ReadonlyMap<string, ReportRow>;
  /** The account's root user, whose keys no other call shows. */
  readonly root: ReportRow | undefined;
}
