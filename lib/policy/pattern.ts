import { meets } from "./glob.ts";
import { findIncluding, type Inclusion, includedIn } from "./inclusion.ts";

// Patterns of actions: `*`, or a service and an action with one colon between them, which no wildcard stands for.

/** What AWS takes for a pattern; a wildcard in the service is for other kinds of policies than roles have. */
export const isPattern = (text: string): boolean => /^(\*|[A-Za-z0-9.*?-]+:[^:\s]+)$/.test(text);

export const isService = (text: string): boolean => /^[A-Za-z0-9.-]+$/.test(text);

/** `*` is short for `*:*`. What has no colon is no pattern, and has no action. */
export function partsOf(pattern: string): readonly [service: string, action: string] {
  if (pattern === "*") return ["*", "*"];
  const colon = pattern.indexOf(":");
  return colon < 0 ? [pattern, ""] : [pattern.slice(0, colon), pattern.slice(colon + 1)];
}

/** Whether there may be an action that both match. */
export function overlap(one: string, other: string): boolean {
  const [[service, action], [otherService, otherAction]] = [partsOf(one), partsOf(other)];
  return meets(service, otherService) && meets(action, otherAction);
}

/** Tells of a pattern whether every action that it may ever match is matched by one of the union. */
export function includedInPatterns(union: readonly string[]): (pattern: string) => Inclusion {
  const includes = includedIn(union.map(whole));
  return (pattern) => includes(whole(pattern));
}

/** Finds the first pattern that alone matches every action that another one may. */
export function findIncludingPattern(union: readonly string[]): (pattern: string) => string | undefined {
  const written = new Map(union.map((pattern) => [whole(pattern), pattern]));
  const find = findIncluding([...written.keys()]);
  return (pattern) => written.get(find(whole(pattern)) ?? "");
}

/** With its colon every text that it matches has one, and where two patterns meet, their colons do. */
const whole = (pattern: string): string => partsOf(pattern).join(":");

export const isInsidePattern = (pattern: string, other: string): boolean =>
  includedInPatterns([other])(pattern) === "inside";
