import type { PlannedAction } from "../act/action.ts";
import type { JsonObject } from "../core/json.ts";
import type { Millis } from "../core/time.ts";
import type { Finding } from "./assess.ts";
import type { InstanceLadder, Stage, Step } from "./ladder.ts";
import type { TagRule } from "./scheme.ts";
import type { StepSettings } from "./steps.ts";

/** An instance in violation, with what is remembered of it. */
export interface Candidate {
  readonly finding: Finding;
  readonly ladder: InstanceLadder;
  /** When it was read. */
  readonly readAt: Millis;
}

/** What is done at all, below the mode. */
export interface PlanSettings extends StepSettings {
  /** After the first rule's grace is over. */
  readonly notifyAfter: Millis;
  readonly notifyEvery: Millis;
  readonly sendNotices: boolean;
}

export interface Planning {
  readonly accountId: string;
  readonly mode: "notify" | "commit";
  readonly settings: PlanSettings;
  readonly rules: readonly Pick<TagRule, "hash" | "mayFlipProtection">[];
  /** How many of each step the caps still let through. */
  readonly room: Readonly<Record<Step, number>>;
  readonly now: Millis;
}

export type InstanceAction = PlannedAction<string, InstanceDetail>;

/** What every action on an instance in violation carries: all that the journal will know of it once it is gone. */
export interface InstanceDetail extends JsonObject {
  readonly region: string;
  readonly zone: string;
  readonly instanceId: string;
  readonly instanceType: string;
  readonly state: string;
  readonly launchedAt: Millis;
  /** Of the tags that it was judged by. */
  readonly tagsHash: number;
  readonly tags: { readonly [key: string]: string };
  readonly owner?: string;
  readonly publicAddress?: string;
  readonly violations: readonly ViolationDetail[];
  /** Hashes of the rules that are due. */
  readonly rules: readonly string[];
  /** Why it is only reported. */
  readonly spared?: string;
  /** Of notices: which one of the round. */
  readonly sequence?: number;
  /** Of protection: what it stands in the way of. */
  readonly step?: Step;
}

export interface ViolationDetail extends JsonObject {
  readonly tag: string;
  readonly kind: string;
  readonly says: string;
  readonly suggestion?: string;
  readonly ruleHash: string;
  readonly dueAt: Millis;
}

/** What news of a deed carries; the journal knows the rest. */
export interface NewsDetail extends JsonObject {
  readonly region: string;
  readonly instanceId: string;
  readonly stage: Exclude<Stage, "violating">;
  /** The journal's id of the deed. */
  readonly deed: string;
}
