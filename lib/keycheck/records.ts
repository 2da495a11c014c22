import type { AccessKey, CredentialReport, UserDetail } from "../core/iam.ts";
import type { Millis } from "../core/time.ts";

/** What is known of a key's last use: `at` is absent for a key that was never used. */
export type LastUse = { readonly known: false } | { readonly known: true; readonly at: Millis | undefined };

export interface KeyRecord extends AccessKey {
  readonly lastUse: LastUse;
}

export interface UserRecord {
  readonly name: string;
  readonly path: string;
  /** Here and below, absent where no setting asks for it, and where it could not be read. */
  readonly groups?: UserDetail["groups"] | undefined;
  readonly tags?: UserDetail["tags"] | undefined;
  readonly keys: readonly KeyRecord[];
  /** When IAM listed its keys: this scan, or one before. */
  readonly listedAt: Millis;
  /** When IAM last said that they are so: by the listing, or by a credential report that agrees with it. */
  readonly confirmedAt: Millis;
  /** Absent where the quarantine policies could not be read. */
  readonly quarantined: boolean | undefined;
}

/** What is read of the account beside its users; a member is absent where it could not be read. */
export interface AccountRecord {
  readonly report: CredentialReport | undefined;
  readonly serviceCredentials: number | undefined;
}
