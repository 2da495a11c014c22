import { matchesGlob } from "../core/glob.ts";
import type { HostEvent, Level } from "./event.ts";

/** What is done with events that are as it says; what it leaves out, it does not ask. */
export interface FilterRule {
  /** Globs, here and below. */
  readonly event?: string;
  readonly source?: string;
  readonly account?: string;
  readonly region?: string;
  /** Matches no event that names none. */
  readonly principal?: string;
  readonly level?: Level;
  readonly drop?: true;
  readonly annotate?: Readonly<Record<string, string>>;
}

export interface Filters {
  readonly rules: readonly FilterRule[];
  /** Globs of principals that are no persons: their events are counted, and mark nothing. */
  readonly automationPrincipals: readonly string[];
}

export type Judgement =
  | { readonly is: "marked"; readonly level: Level; readonly annotations: Readonly<Record<string, string>> }
  | { readonly is: "dropped"; readonly by: "filter" | "automation"; readonly rule: string };

/** The original's levels: a login is grave, and what nobody foresaw is graver. */
const defaultLevel = ({ name }: FilteredEvent): Level => (name === "ssh" ? "high" : "critical");

/** A tunnel is judged before its instance is known. */
export type FilteredEvent = Omit<HostEvent, "instanceId">;

/**
 * Every rule that matches applies, in order, as the original's chain of filters does: the last level said holds, notes add
 * up, and one that drops ends it.
 */
export function judgeEvent(event: FilteredEvent, { rules, automationPrincipals }: Filters): Judgement {
  const robot = automationPrincipals.find((glob) => matches(glob, event.principal));
  if (robot !== undefined) return { is: "dropped", by: "automation", rule: robot };
  let level = defaultLevel(event);
  const annotations = new Map<string, string>();
  for (const rule of rules.filter((one) => isMeant(one, event))) {
    if (rule.drop === true) return { is: "dropped", by: "filter", rule: describeRule(rule) };
    level = rule.level ?? level;
    for (const [key, text] of Object.entries(rule.annotate ?? {})) annotations.set(key, text);
  }
  return { is: "marked", level, annotations: Object.fromEntries(annotations) };
}

const isMeant = (rule: FilterRule, { name, source, accountId, region, principal }: FilteredEvent): boolean =>
  matches(rule.event, name) &&
  matches(rule.source, source) &&
  matches(rule.account, accountId) &&
  matches(rule.region, region) &&
  matches(rule.principal, principal);

const matches = (glob: string | undefined, text: string | undefined): boolean =>
  glob === undefined || (text !== undefined && matchesGlob(glob, text));

export const filterConditions = ["event", "source", "account", "region", "principal"] as const;

/** Whom it means, as it is written; `every event` where it asks nothing. */
export const describeRule = (rule: FilterRule): string =>
  filterConditions.flatMap((name) => (rule[name] === undefined ? [] : [`${name}=${rule[name]}`])).join(" ") ||
  "every event";
