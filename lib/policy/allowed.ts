import { catalogue as builtIn, type Catalogue, type KnownAction } from "./catalogue.ts";
import { complementOf, type Expansion, expandPatterns, namesOf } from "./expand.ts";
import type { Policy, Statement } from "./policy.ts";

export interface EligibilityOptions {
  readonly catalogue?: Catalogue;
  /** A statement whose Sid begins so stays as it is; case counts. `NOREPO` is the default. */
  readonly immutableSid?: string;
  /** Takes from statements with NotAction or NotResource, too; an Action with what is left stands for the NotAction. */
  readonly rewriteNotAction?: boolean;
}

/** Why nothing is taken from a statement. */
export type LeftAlone = "immutable_sid" | "not_action" | "not_resource";

/** What a statement allows by its actions alone, whatever its Resource and Condition say. */
export interface Allowed extends Expansion {
  readonly statement: Statement;
  readonly leftAlone: LeftAlone | undefined;
}

/** What one statement allows; undefined for a Deny, which takes nothing away here either. */
export function allowedBy(statement: Statement, options: EligibilityOptions = {}): Allowed | undefined {
  if (statement.effect === "Deny") return undefined;
  return { statement, ...expansionOf(statement, options.catalogue), leftAlone: whyLeftAlone(statement, options) };
}

/** What a statement names, whatever it says of it. */
export const expansionOf = ({ element, patterns }: Statement, catalogue: Catalogue = builtIn): Expansion =>
  element === "Action"
    ? expandPatterns(patterns, catalogue)
    : { actions: complementOf(patterns, catalogue), unknown: [] };

function whyLeftAlone(statement: Statement, options: EligibilityOptions): LeftAlone | undefined {
  const { immutableSid = "NOREPO", rewriteNotAction = false } = options;
  if (immutableSid !== "" && statement.sid?.startsWith(immutableSid)) return "immutable_sid";
  if (rewriteNotAction) return undefined;
  if (statement.element === "NotAction") return "not_action";
  return statement.hasNotResource ? "not_resource" : undefined;
}

export interface Permissions {
  /** All that any Allow statement names. */
  readonly total: readonly string[];
  /** What statements name that may be rewritten; only this can be repoable. */
  readonly eligible: readonly string[];
}

/** The actions that policies allow, in AWS's spelling, sorted; patterns that match nothing known as written. */
export function permissionsOf(policies: readonly Policy[], options: EligibilityOptions = {}): Permissions {
  const allowed = policies
    .flatMap(({ statements }) => statements)
    .flatMap((statement) => allowedBy(statement, options) ?? []);
  return {
    total: namesIn(allowed),
    eligible: namesIn(allowed.filter(({ leftAlone }) => leftAlone === undefined)),
  };
}

function namesIn(allowed: readonly Allowed[]): readonly string[] {
  const actions = new Set<KnownAction>(allowed.flatMap((one) => [...one.actions]));
  return namesOf({ actions, unknown: allowed.flatMap(({ unknown }) => unknown) });
}
