import type { ActCounts } from "../core/scan-report.ts";
import type { Ending, Outcome, Refusal } from "./action.ts";

interface Counted {
  readonly planned: number;
  readonly permitted: number;
  readonly refusals: readonly Refusal[];
  readonly outcomes: readonly Outcome[];
}

/** What the status point says of a run's acts; `unneeded` is neither done nor failed. */
export function countActs(acts: Counted | undefined): ActCounts | undefined {
  if (acts === undefined) return undefined;
  const { planned, permitted, refusals, outcomes } = acts;
  const ended = (...endings: Ending[]) => outcomes.filter(({ ending }) => endings.includes(ending)).length;
  return {
    planned,
    permitted,
    refused: refusals.length,
    applied: ended("applied"),
    failed: ended("failed", "unknown"),
  };
}
