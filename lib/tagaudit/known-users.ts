import type { CoverageNotes } from "../core/coverage.ts";
import { failureCodeOf, messageOf } from "../core/errors.ts";
import type { Scheme } from "./scheme.ts";

export const needsUsers = ({ rules }: Scheme): boolean => rules.some(({ value }) => value?.kind === "iam-user");

interface Reading {
  readonly reads: { listUsers(): AsyncIterable<readonly { readonly name: string }[]> };
  readonly fewest: number;
  readonly notes: CoverageNotes;
}

/**
 * Names of the account's IAM users; undefined where they can't be judged by, and then nothing is done to any instance: a
 * listing that breaks off, or an account whose people sign in elsewhere, would condemn them all.
 */
export async function readUsers({ reads, fewest, notes }: Reading): Promise<ReadonlySet<string> | undefined> {
  const what = "IAM users";
  const names = new Set<string>();
  try {
    for await (const page of reads.listUsers()) for (const { name } of page) names.add(name.toLowerCase());
  } catch (thrown) {
    notes.note({ what, code: failureCodeOf(thrown), reason: messageOf(thrown), subjects: false });
    return undefined;
  }
  if (names.size >= fewest) return names;
  const reason = `the account has ${names.size}, fewer than min_iam_users ${fewest}`;
  notes.note({ what, code: "missing", reason, subjects: false });
  return undefined;
}
