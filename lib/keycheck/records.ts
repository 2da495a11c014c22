import type { AccessKey, CredentialReport } from "../core/iam.ts";
import type { Millis } from "../core/time.ts";

/** What is known of a key's last use: `at` is absent for a key that was never used. */
export type LastUse = { readonly known: false } | { readonly known: true; readonly at: Millis | undefined };

export interface KeyRecord extends AccessKey {
  readonly lastUse: LastUse;
}

export interface UserRecord {
  readonly name: string;
  readonly keys: readonly KeyRecord[];
  /** Absent where the quarantine policies could not be read. */
  readonly quarantined: boolean | undefined;
}

/** What is read of the account beside its users; a member is absent where it could not be read. */
export interface AccountRecord {
  readonly report: CredentialReport | undefined;
  readonly serviceCredentials: number | undefined;
}
