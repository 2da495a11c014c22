import type { Instance } from "../core/ec2.ts";
import { assessInstance, type Finding, type Judging } from "./assess.ts";
import type { RegionReads } from "./reads.ts";
import { type RegionSummary, tallyRegion } from "./region-summary.ts";
import type { Scheme } from "./scheme.ts";
import type { Launcher } from "./selector.ts";
import type { VcpuBook } from "./vcpu-book.ts";

export interface RegionRequest {
  readonly reads: RegionReads;
  readonly vcpus: VcpuBook;
  readonly judging: Omit<Judging, "clocks" | "converting">;
  /** By the instance's id: rule hash to first seen in violation; undefined without memory. */
  readonly clocksOf: ((instance: Instance) => Judging["clocks"]) | undefined;
  /** Takes each finding while the region is still being read; what came of it counts only where the region is judged. */
  readonly see: (finding: Finding) => void;
}

export interface CollectedRegion {
  readonly summary: RegionSummary;
  /** Ids of instances under conversion; empty where no instance breaks a rule. */
  readonly converting: ReadonlySet<string>;
}

/** Judges a region page by page, so that memory holds one page. Throws where a page can't be read. */
export async function collectRegion(request: RegionRequest, progress: { read: number }): Promise<CollectedRegion> {
  const { reads, vcpus, judging, clocksOf, see } = request;
  const tally = tallyRegion({ ...judging, vcpusOf: vcpus.vcpusOf });
  let converting = isSelectedBy(judging.scheme, "conversion") ? reads.listConversions() : undefined;
  for await (const page of reads.describeInstances()) {
    await vcpus.learn(page, reads);
    for (const instance of page) {
      const clocks = clocksOf?.(instance);
      let finding = assessInstance(instance, { ...judging, clocks, converting: (await converting) ?? none });
      if (finding.violations.length > 0) {
        // Two calls that a region in order is spared.
        converting ??= reads.listConversions();
        finding = assessInstance(instance, { ...judging, clocks, converting: await converting });
      }
      tally.add(finding);
      see(finding);
    }
    progress.read += page.length;
  }
  return { summary: tally.summary(), converting: (await converting) ?? none };
}

const isSelectedBy = ({ rules }: Scheme, launcher: Launcher): boolean =>
  rules.some(({ appliesTo }) => appliesTo?.launchers?.includes(launcher) ?? false);

const none: ReadonlySet<string> = new Set();
