import { doubtFleet } from "../act/gates.ts";
import { formatColumns } from "../core/columns.ts";
import type { Instance } from "../core/ec2.ts";
import type { Millis } from "../core/time.ts";
import { assessInstance, type Finding, isJudged } from "./assess.ts";
import { describeScheme } from "./describe-scheme.ts";
import { tallyRegion } from "./region-summary.ts";
import type { Scheme, TagRule } from "./scheme.ts";

export interface SchemeCheck {
  readonly scheme: Scheme;
  /** What reading the scheme came upon and could not take over. */
  readonly notes: readonly string[];
  /** Undefined: the scheme alone is shown. */
  readonly instances: readonly Instance[] | undefined;
  readonly now: Millis;
}

/** What the scheme asks for, and what it would say of an inventory as it is: without memory, lists of users, or the setting `grace`. */
export function checkScheme({ scheme, notes, instances, now }: SchemeCheck): string {
  const noted = notes.map((note) => `note: ${note}\n`).join("");
  const judged = instances === undefined ? [] : judgeInventory(scheme, instances, now);
  return [describeScheme(scheme), noted, ...judged].filter((part) => part !== "").join("\n");
}

function judgeInventory(scheme: Scheme, instances: readonly Instance[], now: Millis): readonly string[] {
  const judging = { scheme, clocks: undefined, users: undefined, grace: 0, now, converting: new Set<string>() };
  const findings = instances.map((instance) => assessInstance(instance, judging));
  const judged = findings.filter(({ instance, standing }) => isJudged(instance) && standing !== "canary");
  const broken = judged.filter(({ standing }) => standing !== "compliant");
  const due = judged.filter(({ standing }) => standing === "violating").length;
  const fleet = { subjects: judged.length, due, shareBefore: undefined };
  const isRefused = doubtFleet({ fleet, planHash: "", overridePlan: undefined }) !== undefined;
  return [
    formatColumns(broken.flatMap(describeFinding)),
    countTags(scheme, findings, now),
    describeCanaries(findings),
    [
      `instances judged: ${judged.length}, in violation: ${broken.length}, to act on: ${due}\n`,
      isRefused ? "most of them at once: the gate fleet would refuse every action\n" : "",
      scheme.rules.some(needsPeople) ? "whether users exist is not looked up here\n" : "",
    ].join(""),
  ];
}

const needsPeople = ({ value }: TagRule): boolean =>
  value?.kind === "iam-user" || value?.kind === "identity-center-user";

function countTags(scheme: Scheme, findings: readonly Finding[], now: Millis): string {
  const tally = tallyRegion({ scheme, now, vcpusOf: () => undefined });
  for (const finding of findings) tally.add(finding);
  const rows = tally
    .summary()
    .tags.map((count) => [
      count.tag,
      ...[count.asked, count.present, count.missing, count.invalid, count.nearMiss].map(String),
    ]);
  return formatColumns([["tag", "judged", "present", "missing", "invalid", "near miss"], ...rows]);
}

const describeFinding = ({ instance, standing, violations, exemptionProblem }: Finding): string[][] =>
  [
    ...violations.map(({ says, suggestion }) => (suggestion === undefined ? says : `${says}: ${suggestion}`)),
    ...(exemptionProblem === undefined ? [] : [exemptionProblem]),
  ].map((words) => [instance.region, instance.id, standing, words]);

/** A region without a sound canary would be judged by nobody. */
const describeCanaries = (findings: readonly Finding[]): string =>
  formatColumns(
    [...new Set(findings.map(({ instance }) => instance.region))].sort().map((region) => {
      const canaries = findings.filter(({ instance, isCanary }) => isCanary && instance.region === region);
      return [region, describeCanary(canaries)];
    }),
  );

function describeCanary(canaries: readonly Finding[]): string {
  const [fault] = canaries.flatMap(({ violations }) => violations);
  if (fault !== undefined) return `the canary breaks the scheme: ${fault.says}`;
  return canaries.length === 0 ? "no canary" : "the canary satisfies the scheme";
}
