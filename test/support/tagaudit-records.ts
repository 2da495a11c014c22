import type { Instance } from "../../lib/core/ec2.ts";
import { days, parseInstant } from "../../lib/core/time.ts";
import type { Finding, Judging, Violation } from "../../lib/tagaudit/assess.ts";
import { makeScheme, type RuleDraft, type SchemeDraft } from "../../lib/tagaudit/make-scheme.ts";
import { type ParsedPattern, parsePattern } from "../../lib/tagaudit/pattern.ts";
import type { Scheme, TagRule } from "../../lib/tagaudit/scheme.ts";

export function at(text: string): number {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`not an instant: ${text}`);
  return instant;
}

export const now = at("2026-03-01T12:00:00Z");

type InstanceChanges = Partial<Omit<Instance, "tags">> & { readonly tags?: Readonly<Record<string, string>> };

export const anInstance = ({ tags = {}, ...changes }: InstanceChanges = {}): Instance => ({
  id: "i-0123456789abcdef0",
  region: "eu-west-1",
  zone: "eu-west-1a",
  state: "running",
  type: "m5.large",
  launchedAt: now - days(10),
  vpcId: "vpc-0a1b2c3d",
  lifecycle: undefined,
  spotRequestId: undefined,
  rootDeviceType: "ebs",
  operator: undefined,
  publicAddress: undefined,
  ...changes,
  tags: new Map(Object.entries(tags)),
});

export const canaryTags = {
  created_by: "cody",
  project: "API canary",
  department: "sysops",
  Name: "api-canary-eu-west-1",
} as const;

export const aCanary = (changes: InstanceChanges = {}): Instance =>
  anInstance({ id: "i-0canary", state: "stopped", ...changes, tags: { ...canaryTags, ...changes.tags } });

export const aScheme = (draft: Partial<SchemeDraft> = {}): Scheme =>
  makeScheme({ rules: [{ tag: "owner" }, { tag: "project" }], ...draft });

/** The rule of a scheme of one tag. */
export function aRule(draft: Partial<RuleDraft> = {}): TagRule {
  const [rule] = makeScheme({ rules: [{ tag: "owner", ...draft }] }).rules;
  if (rule === undefined) throw new Error("a scheme of one rule has none");
  return rule;
}

export const aJudging = (changes: Partial<Judging> = {}): Judging => ({
  ...{ scheme: aScheme(), clocks: undefined, users: undefined, grace: 0, now, converting: new Set() },
  ...changes,
});

export const aViolation = (changes: Partial<Violation> = {}): Violation => ({
  tag: "owner",
  kind: "missing",
  says: 'tag "owner" is missing',
  suggestion: undefined,
  ruleHash: aRule().hash,
  since: now - days(3),
  dueAt: now - days(1),
  ...changes,
});

export const aFinding = (changes: Partial<Finding> = {}): Finding => ({
  instance: anInstance(),
  group: undefined,
  isCanary: false,
  violations: [],
  exempt: undefined,
  owner: undefined,
  standing: "compliant",
  ...changes,
});

export const violating = (changes: Partial<Finding> = {}): Finding =>
  aFinding({ violations: [aViolation()], standing: "violating", ...changes });

export function aPattern(source: string): Extract<ParsedPattern, { ok: true }>["pattern"] {
  const parsed = parsePattern(source);
  if (!parsed.ok) throw new Error(`no pattern: ${source}: ${parsed.says}`);
  return parsed.pattern;
}
