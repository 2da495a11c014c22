import fc from "fast-check";
import type { SubtractOptions } from "../../lib/policy/subtract.ts";
import { actionsArb, entriesArb } from "./policies.ts";
import { documentArb } from "./policy-documents.ts";

export interface World {
  readonly names: readonly string[];
  /** What AWS adds later. */
  readonly future: readonly string[];
  readonly texts: readonly string[];
  readonly entries: readonly string[];
  readonly options: Omit<SubtractOptions, "catalogue">;
}

export const worldArb: fc.Arbitrary<World> = fc.record({
  names: actionsArb(12),
  future: actionsArb(4),
  texts: fc.array(documentArb, { minLength: 1, maxLength: 2 }),
  entries: entriesArb,
  options: fc.record(
    {
      patterns: fc.constantFrom("minimal", "minimal", "explicit"),
      rewriteNotAction: fc.boolean(),
      immutableSid: fc.constantFrom("NOREPO", "NOREPO", "", "One"),
    },
    { requiredKeys: [] },
  ),
});
