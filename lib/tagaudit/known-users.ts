import type { CoverageNotes, Missing } from "../core/coverage.ts";
import { failureCodeOf, messageOf } from "../core/errors.ts";
import type { Scheme } from "./scheme.ts";

export const needsUsers = ({ rules }: Scheme): boolean => rules.some(({ value }) => value?.kind === "iam-user");

export const needsIdentityCenter = ({ rules }: Scheme): boolean =>
  rules.some(({ value }) => value?.kind === "identity-center-user");

export interface UserListing {
  /** Of whom, as coverage shows it, such as `IAM users`. */
  readonly what: string;
  readonly list: () => AsyncIterable<readonly { readonly name: string }[]>;
  readonly fewest: number;
  /** The setting that says so. */
  readonly setting: string;
  /** Where they are, such as `the account`. */
  readonly place: string;
}

export type KnownNames =
  /** In lower case. */
  { readonly names: ReadonlySet<string> } | { readonly missing: Pick<Missing, "what" | "code" | "reason"> };

/**
 * Names that values are judged by, or why they can't be: a listing that breaks off, or a place whose people sign in
 * elsewhere, would condemn all instances.
 */
export async function listNames({ what, list, fewest, setting, place }: UserListing): Promise<KnownNames> {
  const names = new Set<string>();
  try {
    for await (const page of list()) for (const { name } of page) names.add(name.toLowerCase());
  } catch (thrown) {
    return { missing: { what, code: failureCodeOf(thrown), reason: messageOf(thrown) } };
  }
  if (names.size >= fewest) return { names };
  return { missing: { what, code: "missing", reason: `${place} has ${names.size}, fewer than ${setting} ${fewest}` } };
}

/** Undefined where they can't be judged by, and then nothing is done to any instance. */
export function namesOrNote(known: KnownNames, notes: CoverageNotes): ReadonlySet<string> | undefined {
  if ("names" in known) return known.names;
  notes.note({ ...known.missing, subjects: false });
  return undefined;
}
