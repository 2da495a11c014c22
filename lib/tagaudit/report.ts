import type { Point } from "../core/point.ts";
import { type Millis, seconds } from "../core/time.ts";
import { boolean, float, integer, measurement, point, string } from "../measurements/declare.ts";
import type { Finding, Standing, Violation } from "./assess.ts";
import type { ViolationKind } from "./judge-tag.ts";
import type { RegionSummary } from "./region-summary.ts";
import type { TagCount } from "./tag-count.ts";

const regionTags = { account: "account id", region: "AWS region" } as const;

/** What became of a region in a run, and its code on the wire. */
export const regionStates = {
  judged: 0,
  canary_missing: 1,
  canary_broken: 2,
  incomplete: 3,
  failed: 4,
  not_enabled: 5,
  skipped: 6,
} as const;

export type RegionState = keyof typeof regionStates;

const notJudged = "absent where the region was not judged";

export const tagauditRegion = measurement({
  name: "tagaudit_region",
  says: "one point for every region that was asked for",
  tags: regionTags,
  fields: {
    state: string(`one of ${Object.keys(regionStates).join(", ")}`),
    state_code: integer(
      Object.entries(regionStates)
        .map(([name, code]) => `${code} ${name}`)
        .join(", "),
    ),
    canary: integer("1 where the region's canary was seen and satisfies the scheme, else 0"),
    instances: integer("instances read, the canary among them; a lower bound while incomplete"),
    judged: integer("running and stopped instances held against the scheme; 0 where the region was not judged"),
    violators: integer(`instances in violation, past their grace; ${notJudged}`),
    in_grace: integer(`instances in violation that are still in grace; ${notJudged}`),
    exempt: integer(`instances in violation that an exemption tag spares; ${notJudged}`),
    grouped: integer(
      `instances in violation that belong to a group, which are never acted on one by one; ${notJudged}`,
    ),
    coverage_ratio: float(`instances that comply, of all judged; 1 where there is none, ${notJudged} whole`, "ratio"),
    oldest_violation_s: integer("age of the oldest violation left to an owner; absent where there is none", "seconds"),
    untagged_vcpu_hours: float(
      "vCPUs of running instances that do not comply, times hours since their last launch; absent when not known",
    ),
    repeat_offenders: integer(`owners of two or more instances in violation; ${notJudged}`),
    stopped: integer("instances that this run stopped"),
    terminated: integer("instances that this run terminated"),
    fixed: integer("instances that have come to comply since the last run; absent without state"),
    time_to_fix_s: integer(
      "median time from first seen in violation to compliance of those; absent where there is none",
      "seconds",
    ),
  },
});

export const tagauditTag = measurement({
  name: "tagaudit_tag",
  says: "one point for every tag of the scheme in every region that was judged",
  tags: { ...regionTags, tag: "the tag's key, as the scheme spells it" },
  fields: {
    judged: integer("instances that the rule is for"),
    present: integer("instances with a value that is not blank, allowed or not"),
    missing: integer("instances without the tag, or with a blank value"),
    invalid: integer("instances with a value that is not allowed"),
    near_miss: integer("instances without the tag, but with one that looks like it"),
    coverage_ratio: float("instances that keep the rule, of all it is for; 1 where it is for none", "ratio"),
  },
});

const violationCodes: Readonly<Record<ViolationKind, number>> = { missing: 0, empty: 1, invalid: 2, near_miss: 3 };

type ViolatingStanding = Exclude<Standing, "compliant" | "canary">;

const standingCodes: Readonly<Record<ViolatingStanding, number>> = { violating: 0, in_grace: 1, exempt: 2, grouped: 3 };

export const tagauditViolation = measurement({
  name: "tagaudit_violation",
  says: "one point for every rule that an instance breaks, only with --detail, each at a time of its own",
  tags: { ...regionTags, tag: "the tag's key, as the scheme spells it" },
  fields: {
    instance_id: string("the instance"),
    kind: string("missing, empty, invalid or near_miss"),
    kind_code: integer("0 missing, 1 empty, 2 invalid, 3 near_miss"),
    standing: string("violating, in_grace, exempt or grouped: the instance's own, all its violations considered"),
    standing_code: integer("0 violating, 1 in_grace, 2 exempt, 3 grouped"),
    running: boolean("whether the instance is running; else it is stopped"),
    owner: string("whom its tags name; absent where they name nobody"),
    group: string("kind and name of the group that it belongs to; absent where there is none"),
    says: string("what is wrong"),
    suggestion: string("what would mend it; absent where nothing is near"),
    age_s: integer("time since first seen in violation", "seconds"),
    due_in_s: integer("time until the rule's grace ends, negative when past", "seconds"),
  },
});

export interface RegionPlace {
  readonly accountId: string;
  readonly region: string;
}

/** What came of a region's instances beyond how they stand; a member is absent where nothing is remembered. */
export interface RegionDeeds {
  readonly stopped: number;
  readonly terminated: number;
  readonly fixed?: number | undefined;
  readonly timeToFix?: Millis | undefined;
}

export interface RegionOutcome extends RegionPlace {
  readonly state: RegionState;
  readonly now: Millis;
  readonly deeds: RegionDeeds;
}

const inSeconds = (length: Millis): number => Math.floor(length / seconds(1));

const tagsOf = ({ accountId, region }: RegionPlace) => ({ account: accountId, region });

/** The state of a region that was read whole: who has no canary judges nobody. */
export const stateOfRead = ({ canary }: RegionSummary): RegionState =>
  canary === "seen" ? "judged" : `canary_${canary}`;

/** The region's own point and, where it was judged, one for each of its tags. */
export function reportRegion(summary: RegionSummary | undefined, outcome: RegionOutcome): readonly Point[] {
  const { state, deeds } = outcome;
  const judged = state === "judged" ? summary : undefined;
  const region = point(tagauditRegion, {
    tags: tagsOf(outcome),
    fields: {
      ...{ state, state_code: regionStates[state] },
      canary: summary?.canary === "seen" ? 1 : 0,
      instances: summary?.instances,
      judged: judged?.judged ?? 0,
      ...(judged === undefined ? {} : judgedFields(judged, outcome.now)),
      ...{ stopped: deeds.stopped, terminated: deeds.terminated, fixed: deeds.fixed },
      time_to_fix_s: deeds.timeToFix === undefined ? undefined : inSeconds(deeds.timeToFix),
    },
  });
  return [region, ...(judged?.tags ?? []).map((count) => reportTag(count, outcome))];
}

const judgedFields = (summary: RegionSummary, now: Millis) => ({
  ...{ violators: summary.violators, in_grace: summary.inGrace, exempt: summary.exempt, grouped: summary.grouped },
  coverage_ratio: summary.coverageRatio,
  oldest_violation_s: summary.oldestViolationAt === undefined ? undefined : inSeconds(now - summary.oldestViolationAt),
  untagged_vcpu_hours: summary.untaggedVcpuHours,
  repeat_offenders: summary.repeatOffenders,
});

const reportTag = (count: TagCount, place: RegionPlace): Point =>
  point(tagauditTag, {
    tags: { ...tagsOf(place), tag: count.tag },
    fields: {
      ...{ judged: count.asked, present: count.present, missing: count.missing },
      ...{ invalid: count.invalid, near_miss: count.nearMiss, coverage_ratio: count.coverageRatio },
    },
  });

/**
 * Gives each violation's point a millisecond of its own, back from the run's time: instances are no tags, and of points
 * with equal tags and time a store keeps one.
 */
export function violationReporter(accountId: string, now: Millis): (finding: Finding) => readonly Point[] {
  let printed = 0;
  return (finding) => {
    const { standing } = finding;
    if (standing === "compliant" || standing === "canary") return [];
    return finding.violations.map((violation) => {
      const time = now - printed;
      printed += 1;
      return point(tagauditViolation, {
        tags: { account: accountId, region: finding.instance.region, tag: violation.tag },
        fields: { ...fieldsOf(finding, violation, now), standing, standing_code: standingCodes[standing] },
        time,
      });
    });
  };
}

const fieldsOf = ({ instance, owner, group }: Finding, violation: Violation, now: Millis) => ({
  instance_id: instance.id,
  ...{ kind: violation.kind, kind_code: violationCodes[violation.kind] },
  running: instance.state === "running",
  owner,
  group: group === undefined ? undefined : `${group.kind} ${group.name}`,
  ...{ says: violation.says, suggestion: violation.suggestion },
  age_s: inSeconds(Math.max(0, now - violation.since)),
  due_in_s: inSeconds(violation.dueAt - now),
});
