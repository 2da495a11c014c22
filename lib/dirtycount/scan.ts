import pLimit from "p-limit";
import type { Acts } from "../act/act-on-account.ts";
import { countActs } from "../act/count-acts.ts";
import { isRegionShut } from "../aws/read/ec2-regions.ts";
import { chooseRegions } from "../core/choose-regions.ts";
import type { CoverageNotes } from "../core/coverage.ts";
import type { Instance } from "../core/ec2.ts";
import { failureCodeOf, messageOf } from "../core/errors.ts";
import type { Mark } from "../marks/mark.ts";
import type { Marks } from "../marks/marks.ts";
import { reportRefusals } from "../measurements/refusal.ts";
import type { ScanContext, ScanResult } from "../runtime/program.ts";
import { openDeadline } from "../runtime/stop.ts";
import type { CountedAccount } from "./act-on-instances.ts";
import { type CollectedRegion, collectRegion } from "./collect.ts";
import { keepRegion } from "./keep.ts";
import type { RecycleCandidate } from "./plan-recycle.ts";
import type { DirtycountReads } from "./reads.ts";
import { type MarksByRegion, recallMarks } from "./recall.ts";
import { reportRegion } from "./report.ts";
import type { DirtycountSettings } from "./settings.ts";

export interface DirtycountContext extends ScanContext<DirtycountSettings> {
  readonly notes: CoverageNotes;
  /** Undefined where they are not known, which is no reason to say that there are none. */
  readonly marks: Marks | undefined;
  /** Absent but in mode commit. */
  readonly act?: ((counted: CountedAccount) => Promise<Acts | undefined>) | undefined;
}

/** Counts an account region by region; one that can't be read leaves the others as they are. */
export async function scanAccount(context: DirtycountContext, reads: DirtycountReads): Promise<ScanResult> {
  const { settings, notes, scope, emit } = context;
  const [regions, known] = await Promise.all([
    findRegions(settings, reads),
    context.marks && recallOrNote(context.marks, notes),
  ]);
  const limit = pLimit(regionsAtOnce);
  const counting = { context, reads, known };
  const counted = await Promise.all(regions.map((region) => limit(() => countRegion(region, counting))));
  const results = counted.filter((one) => one !== undefined);
  const acts = await actOrNote(context, accountOf(results, notes));
  await emit(reportRefusals("dirtycount", scope.accountId, acts?.refusals ?? []));
  const items = results.reduce((sum, { summary }) => sum + summary.instances, 0);
  return { items, coverage: notes.coverage(), evidenceAge: 0, acts: countActs(acts) };
}

const findRegions = async (settings: DirtycountSettings, reads: DirtycountReads): Promise<readonly string[]> =>
  chooseRegions(settings, settings.regions.length > 0 ? [] : await reads.describeRegions()).chosen;

async function recallOrNote(marks: Marks, notes: CoverageNotes): Promise<MarksByRegion | undefined> {
  try {
    return await recallMarks(marks);
  } catch (thrown) {
    notes.note({ what: "marks", code: failureCodeOf(thrown), reason: messageOf(thrown), subjects: true });
    return undefined;
  }
}

/** More hold more pages in memory, and the account's other limits are the bottleneck. */
const regionsAtOnce = 10;

interface Counting {
  readonly context: DirtycountContext;
  readonly reads: DirtycountReads;
  readonly known: MarksByRegion | undefined;
}

interface RegionResult extends CollectedRegion {
  readonly region: string;
  readonly recyclable: readonly RecycleCandidate[];
}

/** Undefined where there is nothing to count by: the region could not be read, or is not enabled. */
async function countRegion(region: string, counting: Counting): Promise<RegionResult | undefined> {
  const { context, reads, known } = counting;
  const { run, stop, notes, settings, log, scope, clock } = context;
  // One that hangs must leave time to tell of the others.
  const own = openDeadline(stop, run.deadline * 0.6);
  const marks = known?.get(region) ?? new Map<string, Mark>();
  const candidates = seekCandidates(context, marks);
  const readAt = clock();
  try {
    const collected = await collectRegion({
      ...{ marks, tag: settings.tag, tagUnverified: settings.tagUnverified, isWholeFleet: settings.fleet },
      ...{ reads: reads.ofRegion(region, own.signal), see: candidates.see },
    });
    await emitRegion(region, collected, counting);
    await keepOrNote(region, { collected, context, readAt });
    return { ...collected, region, recyclable: candidates.found() };
  } catch (thrown) {
    if (await isRegionShut(region, thrown, reads)) return undefined;
    const reason = messageOf(thrown);
    notes.note({ what: `instances of region ${region}`, code: failureCodeOf(thrown), reason, subjects: true });
    log.info(`${scope.name}: instances of region ${region}: ${reason}`);
    return undefined;
  } finally {
    own.release();
  }
}

async function emitRegion(region: string, { summary }: CollectedRegion, { context, known }: Counting): Promise<void> {
  const { scope, now, settings, emit } = context;
  const reporting = { accountId: scope.accountId, region, now, isWholeFleet: settings.fleet };
  await emit(reportRegion(summary, { ...reporting, areMarksKnown: known !== undefined }));
}

interface Kept {
  readonly collected: CollectedRegion;
  readonly context: DirtycountContext;
  readonly readAt: number;
}

/** That nothing can be remembered takes nothing from what was counted. */
async function keepOrNote(region: string, { collected, context, readAt }: Kept): Promise<void> {
  const { marks, notes, stop } = context;
  try {
    if (marks !== undefined) await keepRegion(collected, { marks, readAt, stop });
  } catch (thrown) {
    const reason = messageOf(thrown);
    notes.note({ what: `ends of marks in ${region}`, code: failureCodeOf(thrown), reason, subjects: false });
  }
}

/** Whole instances are kept only where something may be done about them. */
function seekCandidates({ act, settings, now: readAt }: DirtycountContext, marks: ReadonlyMap<string, Mark>) {
  const found = new Map<string, RecycleCandidate>();
  return {
    found: () => [...found.values()],
    see(instance: Instance) {
      const mark = marks.get(instance.id);
      if (act !== undefined && settings.recycle && mark?.verified !== undefined)
        found.set(instance.id, { mark, instance, readAt });
    },
  };
}

function accountOf(results: readonly RegionResult[], notes: CoverageNotes): CountedAccount {
  const sum = (count: (result: RegionResult) => number) => results.reduce((total, one) => total + count(one), 0);
  return {
    regions: results.map(({ region }) => region),
    untagged: results.flatMap(({ summary }) => summary.untagged),
    recyclable: results.flatMap(({ recyclable }) => recyclable),
    coverage: notes.coverage(),
    fleet: { subjects: sum(({ summary }) => summary.instances), due: sum(({ summary }) => summary.dirty) },
  };
}

/** That nothing can be done about instances takes nothing from what was counted. */
async function actOrNote({ act, stop, notes }: DirtycountContext, counted: CountedAccount): Promise<Acts | undefined> {
  // What is stopped in mid-scan is not whole, and nothing may be done on it.
  if (act === undefined || stop.aborted) return undefined;
  try {
    return await act(counted);
  } catch (thrown) {
    const reason = messageOf(thrown);
    notes.note({ what: "what is done about instances", code: failureCodeOf(thrown), reason, subjects: false });
    return undefined;
  }
}
