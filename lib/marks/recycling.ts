import type { Failures } from "../act/failures.ts";
import type { Millis } from "../core/time.ts";

/** What was done to have an instance that a person has touched replaced by a clean one. */
export interface Recycling {
  /** Its group was told to terminate it, and did; with the journal's id of that. */
  readonly done?: { readonly at: Millis; readonly id: string };
  readonly failures?: Failures;
}
