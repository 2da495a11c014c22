import type { Millis } from "../core/time.ts";

/** What all documents of one account's run say of it. */
export interface AuditRun {
  /** The same for a run that is delivered twice, and for no other. */
  readonly runId: string;
  readonly accountId: string;
  /** The original's is `aws-audits`. */
  readonly index: string;
  /** The account's alias, or its id where it has none. */
  readonly account: string;
  /** The scheme as documents show it. */
  readonly tagScheme: string;
  readonly now: Millis;
  /** Whether the names of the Elastic Common Schema stand beside the original's. */
  readonly ecs: boolean;
}
