import type { Directory } from "../directory.ts";

/** An instance of IAM Identity Center with its own directory. */
export interface IdentityCenter {
  /** That it is managed from. */
  readonly accountId: string;
  readonly region: string;
  readonly storeId: string;
  readonly users: Directory<{ readonly name: string }>;
}
