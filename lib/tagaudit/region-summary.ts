import { hours, type Millis } from "../core/time.ts";
import { type Finding, isJudged } from "./assess.ts";
import type { Scheme } from "./scheme.ts";
import { type TagCount, tallyTag } from "./tag-count.ts";

/** What became of a region's canary: `broken` does not satisfy the scheme that it vouches for. */
export type CanaryState = "seen" | "missing" | "broken";

/** A region's instances in numbers. */
export interface RegionSummary {
  /** All that were read, the canary among them. */
  readonly instances: number;
  /** Running or stopped, but for the canary. */
  readonly judged: number;
  readonly compliant: number;
  /** In violation, and past the grace. */
  readonly violators: number;
  readonly inGrace: number;
  readonly exempt: number;
  readonly grouped: number;
  readonly canary: CanaryState;
  /** What the canary lacks. */
  readonly canaryFault: string | undefined;
  /** Judged instances that comply; 1 where there is none. */
  readonly coverageRatio: number;
  /** When the oldest violation of any instance that is left to its owner began. */
  readonly oldestViolationAt: Millis | undefined;
  /** Of running instances that do not comply, since their last launch; undefined where the size of one is not known. */
  readonly untaggedVcpuHours: number | undefined;
  /** Owners of two or more instances in violation or in grace; a lower bound past a thousand owners. */
  readonly repeatOffenders: number;
  readonly tags: readonly TagCount[];
}

export interface RegionTally {
  add(finding: Finding): void;
  summary(): RegionSummary;
}

export interface Tallying {
  readonly scheme: Scheme;
  readonly now: Millis;
  /** Of an instance type, as far as it is known. */
  readonly vcpusOf: (type: string) => number | undefined;
}

/** Takes a region's findings one by one and keeps none of them. */
export function tallyRegion({ scheme, now, vcpusOf }: Tallying): RegionTally {
  const count = { instances: 0, judged: 0 };
  const standings = { compliant: 0, in_grace: 0, exempt: 0, grouped: 0, violating: 0 };
  const canary = watchCanary();
  const tags = scheme.rules.map(tallyTag);
  const owners = countOwners();
  const vcpuHours = sumKnown();
  let oldestViolationAt: Millis | undefined;
  return {
    add(finding) {
      const { instance, standing, violations } = finding;
      count.instances += 1;
      if (standing === "canary") return canary.add(finding);
      if (!isJudged(instance)) return;
      count.judged += 1;
      standings[standing] += 1;
      for (const tag of tags) tag.add(finding, scheme.keyCase);
      if (standing === "compliant") return;
      if (instance.state === "running")
        vcpuHours.add(vcpusOf(instance.type), Math.max(0, now - instance.launchedAt) / hours(1));
      if (standing !== "violating" && standing !== "in_grace") return;
      owners.add(finding.owner);
      for (const { since } of violations) oldestViolationAt = Math.min(since, oldestViolationAt ?? since);
    },
    summary: () => ({
      ...count,
      ...{ compliant: standings.compliant, violators: standings.violating, inGrace: standings.in_grace },
      ...{ exempt: standings.exempt, grouped: standings.grouped, ...canary.state(), oldestViolationAt },
      coverageRatio: count.judged === 0 ? 1 : standings.compliant / count.judged,
      untaggedVcpuHours: vcpuHours.total(),
      repeatOffenders: owners.repeated(),
      tags: tags.map((tag) => tag.count()),
    }),
  };
}

/** Of several canaries one that is broken is enough: nothing says which of them is right. */
function watchCanary() {
  let canary: CanaryState = "missing";
  let canaryFault: string | undefined;
  return {
    add({ violations: [first] }: Finding) {
      if (canary !== "broken") canary = first === undefined ? "seen" : "broken";
      canaryFault ??= first?.says;
    },
    state: () => ({ canary, canaryFault }),
  };
}

const mostOwners = 1000;

function countOwners() {
  const counts = new Map<string, number>();
  return {
    add(owner: string | undefined) {
      if (owner === undefined) return;
      const seen = counts.get(owner);
      if (seen !== undefined || counts.size < mostOwners) counts.set(owner, (seen ?? 0) + 1);
    },
    repeated: () => [...counts.values()].filter((instances) => instances > 1).length,
  };
}

/** A sum of which one part is not known is not known. */
function sumKnown() {
  let total: number | undefined = 0;
  return {
    add(vcpus: number | undefined, running: number) {
      total = total === undefined || vcpus === undefined ? undefined : total + vcpus * running;
    },
    total: () => total,
  };
}
