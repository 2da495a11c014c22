import { matchesGlob } from "../core/glob.ts";
import { parseInstant } from "../core/time.ts";
import { findNearest } from "../settings/nearest-name.ts";
import type { Pattern } from "./pattern.ts";

/** What a tag's value must be. */
export type ValueRule =
  /** Globs, in which `*` stands for any text. */
  | { readonly kind: "allowed"; readonly values: readonly string[] }
  | { readonly kind: "regex"; readonly pattern: Pattern }
  | { readonly kind: "date" }
  | { readonly kind: "email" }
  | { readonly kind: "iam-user" }
  | { readonly kind: "identity-center-user" };

/**
 * Who may be named, as AWS spells them or in lower case, which is the same name to it; undefined where they were not read,
 * and then any name will do.
 */
export interface KnownPeople {
  readonly users: ReadonlySet<string> | undefined;
  /** Of IAM Identity Center. */
  readonly identityCenterUsers?: ReadonlySet<string> | undefined;
}

// No letter fits two neighbours of it, so that it takes linear time.
const address = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

export function fitsRule(rule: ValueRule, value: string, people: KnownPeople): boolean {
  switch (rule.kind) {
    case "allowed":
      return rule.values.some((glob) => matchesGlob(glob, value));
    case "regex":
      return rule.pattern.matches(value);
    case "date":
      return parseInstant(value) !== undefined;
    case "email":
      return address.test(value);
    case "iam-user":
      return isKnown(value, people.users);
    case "identity-center-user":
      return isKnown(value, people.identityCenterUsers);
  }
}

const isKnown = (name: string, known: ReadonlySet<string> | undefined): boolean =>
  known === undefined || known.has(name) || known.has(name.toLowerCase());

const shownValues = 10;

/** In words that follow "is not". */
export function sayRule(rule: ValueRule): string {
  switch (rule.kind) {
    case "allowed":
      return `one of ${listValues(rule.values)}`;
    case "regex":
      return `matched by ${rule.pattern.source}`;
    case "date":
      return "a date such as 2026-12-31";
    case "email":
      return "an e-mail address";
    case "iam-user":
      return "the name of an IAM user";
    case "identity-center-user":
      return "the name of a user of IAM Identity Center";
  }
}

function listValues(values: readonly string[]): string {
  const more = values.length > shownValues ? ` and ${values.length - shownValues} more` : "";
  return `${values.slice(0, shownValues).join(", ")}${more}`;
}

/** The allowed value that was most likely meant; a glob of several values suggests none. */
export function suggestValue(rule: ValueRule, value: string): string | undefined {
  if (rule.kind !== "allowed") return undefined;
  const plain = rule.values.filter((allowed) => !/[*?]/.test(allowed));
  return findNearest(
    value.toLowerCase(),
    plain.map((name) => ({ stem: name.toLowerCase(), name })),
  );
}
