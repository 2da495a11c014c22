// What `stalewatch/policy` gives to programs that import it.

export type { EligibilityOptions, LeftAlone, Permissions } from "./allowed.ts";
export { permissionsOf } from "./allowed.ts";
export type { Bounds } from "./bounds.ts";
export type { AccessLevel, Catalogue, CatalogueText, KnownAction } from "./catalogue.ts";
export { accessLevels, catalogue, readCatalogue } from "./catalogue.ts";
export type { Change, Difference, ScopeDifference, StatementName } from "./diff.ts";
export { diff } from "./diff.ts";
export type { CatalogueOptions } from "./expand.ts";
export { complement, expand } from "./expand.ts";
export type { Inclusion } from "./inclusion.ts";
export type { Minimised, MinimiseOptions, Narrowed } from "./minimise.ts";
export { minimise } from "./minimise.ts";
export type { MinimisedPolicies, MinimisePoliciesOptions, ShortenedStatement } from "./minimise-policies.ts";
export { minimisePolicies } from "./minimise-policies.ts";
export type { NeverReported } from "./never-reported.ts";
export { neverReported, neverReportedAsOf } from "./never-reported.ts";
export type { ParsedPolicy } from "./parse-policy.ts";
export { parsePolicy } from "./parse-policy.ts";
export { includedInPatterns, overlap } from "./pattern.ts";
export type { ElementSpans, Policy, Span, Statement } from "./policy.ts";
export type { PolicyProblem } from "./problem.ts";
export { formatProblem } from "./problem.ts";
export { sizeOf, sizeQuotas } from "./size.ts";
export type { NotTaken, StatementChange, Subtracted, SubtractOptions, Taken, UnknownPattern } from "./subtract.ts";
export { subtract } from "./subtract.ts";
