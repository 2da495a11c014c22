import type { FailureCode } from "./errors.ts";

/** Something a scan meant to read and could not. */
export interface Missing {
  /** What is missing, such as `access keys of user "x"`. */
  readonly what: string;
  readonly code: FailureCode;
  readonly reason: string;
  /** Subjects themselves are missing, not only something that would be known of them: totals are lower bounds. */
  readonly subjects: boolean;
}

/** What a scan could not read: none missing is what permits are made of. */
export interface Coverage {
  /** The gravest first; cut short, so that an account denied user by user costs no memory. */
  readonly missing: readonly Missing[];
  readonly missingTotal: number;
  readonly subjectsMissing: boolean;
}

export const wholeCoverage: Coverage = { missing: [], missingTotal: 0, subjectsMissing: false };

const kept = 20;

export interface CoverageNotes {
  note(missing: Missing): void;
  /** Before all others: what makes most of them. */
  noteFirst(missing: Missing): void;
  coverage(): Coverage;
}

export function trackCoverage(): CoverageNotes {
  const missing: Missing[] = [];
  let missingTotal = 0;
  let subjectsMissing = false;
  const count = ({ subjects }: Missing) => {
    missingTotal += 1;
    subjectsMissing ||= subjects;
  };
  return {
    note(entry) {
      count(entry);
      if (missing.length < kept) missing.push(entry);
    },
    noteFirst(entry) {
      count(entry);
      missing.unshift(entry);
    },
    coverage: () => ({ missing: [...missing], missingTotal, subjectsMissing }),
  };
}

/** One line for the log and the status point: the gravest cause, and how many more there are. */
export function formatMissing({ missing, missingTotal }: Coverage): string | undefined {
  const [first] = missing;
  if (first === undefined) return undefined;
  const more = missingTotal > 1 ? ` (and ${missingTotal - 1} more)` : "";
  return `${first.what}: ${first.reason}${more}`;
}
