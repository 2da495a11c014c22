import pLimit from "p-limit";
import type { Acts } from "../act/act-on-account.ts";
import { countActs } from "../act/count-acts.ts";
import { isRegionShut } from "../aws/read/ec2-regions.ts";
import { chooseRegions } from "../core/choose-regions.ts";
import type { CoverageNotes } from "../core/coverage.ts";
import { failureCodeOf, messageOf } from "../core/errors.ts";
import { reportRefusals } from "../measurements/refusal.ts";
import type { ScanContext, ScanResult } from "../runtime/program.ts";
import { openDeadline } from "../runtime/stop.ts";
import { type Finding, isJudged, type Judging } from "./assess.ts";
import { collectRegion } from "./collect.ts";
import type { Following, RegionFollowing } from "./keep.ts";
import type { JudgedAccount } from "./keep-to-act.ts";
import { type KnownNames, listNames, namesOrNote, needsIdentityCenter, needsUsers } from "./known-users.ts";
import type { TagauditReads } from "./reads.ts";
import type { RegionSummary } from "./region-summary.ts";
import { type RegionState, reportRegion, stateOfRead, violationReporter } from "./report.ts";
import type { Scheme } from "./scheme.ts";
import type { TagauditSettings } from "./settings.ts";
import type { VcpuBook } from "./vcpu-book.ts";
import type { AuditDocuments } from "./write-documents.ts";

export interface TagauditContext extends ScanContext<TagauditSettings> {
  readonly scheme: Scheme;
  readonly notes: CoverageNotes;
  readonly vcpus: VcpuBook;
  /** The same for all accounts of a run. */
  readonly knowIdentityCenter: () => Promise<KnownNames>;
  /** Absent where no sink takes documents. */
  readonly documents?: AuditDocuments | undefined;
  /** Absent without memory: grace then counts from an instance's launch. */
  readonly following?: Following | undefined;
  /** Absent in mode observe. */
  readonly act?: ((judged: JudgedAccount) => Promise<Acts | undefined>) | undefined;
}

interface RegionResult {
  readonly region: string;
  readonly state: RegionState;
  readonly summary?: RegionSummary;
  readonly converting?: ReadonlySet<string>;
  /** Where something may be done about them. */
  readonly violating?: JudgedAccount["violating"];
  readonly canaries?: JudgedAccount["canaries"];
}

/** Judges an account region by region; one that can't be read leaves the others as they are. */
export async function scanInstances(context: TagauditContext, reads: TagauditReads): Promise<ScanResult> {
  const { settings, scheme, notes, now, scope, emit, documents, following } = context;
  const regions = chooseRegions(settings, settings.regions.length > 0 ? [] : await reads.describeRegions());
  const judging = { scheme, ...(await knowPeople(context, reads)), grace: settings.grace, now };
  const limit = pLimit(regionsAtOnce);
  const results = await Promise.all(
    regions.chosen.map((region) => limit(() => auditRegion(region, { context, reads, judging }))),
  );
  const documentsMissing = await documents?.finish();
  // Documents that are not stored are no gap in what was read: kinds refuse by them, and owners are told all the same.
  const acts = await actOrNote(context, { ...judgedAccount(results, { notes, judging }), documentsMissing });
  if (documentsMissing !== undefined)
    notes.note({ what: "documents", code: "unreachable", reason: documentsMissing, subjects: false });
  const all: readonly RegionResult[] = [
    ...results,
    ...regions.skipped.map((region) => ({ region, state: "skipped" as const })),
  ];
  for (const { region, state, summary } of all) {
    const deeds = { ...countDeeds(acts, region), ...following?.fixedIn(region) };
    await emit(reportRegion(summary, { accountId: scope.accountId, region, state, now, deeds }));
  }
  await emit(reportRefusals("tagaudit", scope.accountId, acts?.refusals ?? []));
  const items = results.reduce((sum, { state, summary }) => sum + (state === "judged" ? (summary?.judged ?? 0) : 0), 0);
  return { items, coverage: notes.coverage(), evidenceAge: 0, acts: countActs(acts) };
}

async function knowPeople({ scheme, settings, notes, knowIdentityCenter }: TagauditContext, reads: TagauditReads) {
  const iam = {
    ...{ what: "IAM users", place: "the account", list: () => reads.listUsers() },
    ...{ fewest: settings.minIamUsers, setting: "min_iam_users" },
  };
  return {
    users: needsUsers(scheme) ? namesOrNote(await listNames(iam), notes) : undefined,
    identityCenterUsers: needsIdentityCenter(scheme) ? namesOrNote(await knowIdentityCenter(), notes) : undefined,
  };
}

/** In every region that was asked for and has not turned out to be shut. */
function judgedAccount(
  results: readonly RegionResult[],
  { notes, judging }: Pick<TagauditContext, "notes"> & Pick<Auditing, "judging">,
) {
  const judged = results.filter(({ state }) => state === "judged");
  const sum = (count: (summary: RegionSummary) => number) =>
    judged.reduce((total, { summary }) => total + (summary === undefined ? 0 : count(summary)), 0);
  return {
    violating: judged.flatMap(({ violating = [] }) => violating),
    canaries: judged.flatMap(({ canaries = [] }) => canaries),
    judging: { ...judging, converting: new Set(judged.flatMap(({ converting = [] }) => [...converting])) },
    coverage: notes.coverage(),
    canary: {
      wanted: results.flatMap(({ region, state }) => (state === "not_enabled" ? [] : [region])),
      seen: judged.map(({ region }) => region),
    },
    fleet: { subjects: sum((one) => one.judged - one.grouped), due: sum((one) => one.violators) },
  };
}

/** That nothing can be done about instances takes nothing from what was found out about them. */
async function actOrNote({ act, stop, notes }: TagauditContext, judged: JudgedAccount): Promise<Acts | undefined> {
  // What is stopped in mid-scan is not whole, and nothing may be done on it.
  if (act === undefined || stop.aborted) return undefined;
  try {
    return await act(judged);
  } catch (thrown) {
    const reason = messageOf(thrown);
    notes.note({ what: "what is done about instances", code: failureCodeOf(thrown), reason, subjects: false });
    return undefined;
  }
}

function countDeeds(acts: Acts | undefined, region: string) {
  const applied = (acts?.outcomes ?? []).filter(
    ({ ending, action }) => ending === "applied" && action.detail.region === region,
  );
  const count = (kind: string) => applied.filter(({ action }) => action.kind === kind).length;
  return { stopped: count("stop"), terminated: count("terminate") };
}

/** More hold more pages in memory, and the account's other limits are the bottleneck. */
const regionsAtOnce = 10;

interface Auditing {
  readonly context: TagauditContext;
  readonly reads: TagauditReads;
  readonly judging: Omit<Judging, "clocks" | "converting">;
}

async function auditRegion(region: string, { context, reads, judging }: Auditing): Promise<RegionResult> {
  const { run, stop, notes, vcpus, act } = context;
  // One that hangs must leave time to tell of the others.
  const own = openDeadline(stop, run.deadline * 0.6);
  const following = context.following?.region(region);
  const outlet = openOutlet(context);
  const progress = { read: 0 };
  const see = (finding: Finding) => {
    following?.see(finding);
    outlet.hold(finding);
  };
  const request = { reads: reads.ofRegion(region, own.signal), vcpus, judging, clocksOf: following?.clocksOf, see };
  try {
    const { summary, converting } = await collectRegion(request, progress);
    const state = stateOfRead(summary);
    if (state !== "judged") notes.note({ ...canaryMissing(region, summary), subjects: true });
    else {
      await outlet.release();
      await commitOrNote(following, region, notes);
    }
    return { region, state, summary, converting, ...(act === undefined ? {} : outlet.forActing()) };
  } catch (thrown) {
    if (await isRegionShut(region, thrown, reads)) return { region, state: "not_enabled" };
    const state = progress.read > 0 ? "incomplete" : "failed";
    const missing = missingOf(region, progress.read, thrown);
    notes.note(missing);
    context.log.info(`${context.scope.name}: ${missing.what}: ${missing.reason}`);
    return { region, state };
  } finally {
    own.release();
  }
}

/** That nothing can be remembered takes nothing from what was found out; but a clock that is not kept starts anew. */
async function commitOrNote(following: RegionFollowing | undefined, region: string, notes: CoverageNotes) {
  try {
    await following?.commit();
  } catch (thrown) {
    const reason = messageOf(thrown);
    notes.note({ what: `clocks of region ${region}`, code: failureCodeOf(thrown), reason, subjects: false });
  }
}

const missingOf = (region: string, read: number, thrown: unknown) => ({
  what: `instances of region ${region}${read > 0 ? ` after the first ${read}` : ""}`,
  ...{ code: failureCodeOf(thrown), reason: messageOf(thrown), subjects: true },
});

function canaryMissing(region: string, { canary, canaryFault }: RegionSummary) {
  const reason = canary === "broken" ? `it breaks the scheme: ${canaryFault}` : "no stopped instance has its tags";
  return { what: `canary of region ${region}`, code: "missing", reason } as const;
}

/** Holds what is to be printed of a region until its canary says that the region is read as it is. */
function openOutlet({ settings, scope, now, emit, documents, act }: TagauditContext) {
  const findings: Finding[] = [];
  const canaries: JudgedAccount["canaries"][number][] = [];
  const points = violationReporter(scope.accountId, now);
  return {
    forActing: () => ({
      violating: findings.flatMap((finding) => (finding.standing === "violating" ? [{ finding, readAt: now }] : [])),
      canaries,
    }),
    hold(finding: Finding) {
      if (finding.isCanary) canaries.push({ instance: finding.instance, readAt: now });
      if (documents === undefined && act === undefined && !settings.detail) return;
      if (finding.violations.length > 0 && !finding.isCanary && isJudged(finding.instance)) findings.push(finding);
    },
    async release() {
      for (let from = 0; from < findings.length; from += atOnce) {
        const some = findings.slice(from, from + atOnce);
        if (settings.detail) await emit(some.flatMap(points));
        await documents?.add(some);
      }
    },
  };
}

const atOnce = 1000;
