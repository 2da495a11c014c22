import type { FailureCode } from "./errors.ts";

/** Something a scan meant to read and could not. */
export interface Missing {
  /** What is missing, such as `access keys of user "x"`. */
  readonly what: string;
  readonly code: FailureCode;
  readonly reason: string;
}

/** What a scan could not read: none missing is what permits are made of. */
export interface Coverage {
  readonly missing: readonly Missing[];
  /** Counts on where `missing` stops, so that an account denied user by user costs no memory. */
  readonly missingTotal: number;
}

const kept = 20;

export interface CoverageNotes {
  note(missing: Missing): void;
  coverage(): Coverage;
}

export function trackCoverage(): CoverageNotes {
  const missing: Missing[] = [];
  let missingTotal = 0;
  return {
    note(entry) {
      missingTotal += 1;
      if (missing.length < kept) missing.push(entry);
    },
    coverage: () => ({ missing: [...missing], missingTotal }),
  };
}

/** One line for the log and the status point: the first cause, and how many more there are. */
export function formatMissing({ missing, missingTotal }: Coverage): string | undefined {
  const [first] = missing;
  if (first === undefined) return undefined;
  const more = missingTotal > 1 ? ` (and ${missingTotal - 1} more)` : "";
  return `${first.what}: ${first.reason}${more}`;
}
