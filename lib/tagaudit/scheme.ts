import type { Millis } from "../core/time.ts";
import type { Selector } from "./selector.ts";
import type { ValueRule } from "./value-rule.ts";

/** Which tags instances must have, and with what values. */
export interface Scheme {
  readonly rules: readonly TagRule[];
  /** How keys are compared: `lower` takes `Owner` for `owner`, as the original does. */
  readonly keyCase: "lower" | "exact";
  readonly canary: CanaryTags;
  readonly exemption: ExemptionTags;
  /** As documents show it: required tags, comma separated. */
  readonly text: string;
}

export interface TagRule {
  readonly tag: string;
  /** False: the tag may be missing, and is judged where it is there. */
  readonly required: boolean;
  /** Undefined: any value that is not blank. */
  readonly value: ValueRule | undefined;
  /** Undefined: every instance. */
  readonly appliesTo: Selector | undefined;
  /** Undefined: what the setting `grace` says. */
  readonly grace: Millis | undefined;
  /** Changes when the rule does, so that a changed rule's clocks start anew. */
  readonly hash: string;
  /** Whether termination protection may be taken off instances that break this rule. */
  readonly mayFlipProtection: boolean;
}

/** By which tags a region's canary is known: key to value, a glob in which `$REGION` stands for the region. */
export type CanaryTags = ReadonlyMap<string, string>;

/** The keys of the tags that exempt an instance. */
export interface ExemptionTags {
  /** Holds the day or instant at which the exemption ends. */
  readonly until: string;
  readonly reason: string;
}
