import { type Acts, actOnAccount, type Plan } from "../act/act-on-account.ts";
import type { ActionClass, PlannedAction } from "../act/action.ts";
import { capLimit } from "../act/caps.ts";
import type { Exemption } from "../act/exemptions.ts";
import type { Canary } from "../act/gates.ts";
import { thisHolder } from "../act/holder.ts";
import type { Journal } from "../act/journal.ts";
import type { AnyKind } from "../act/kind.ts";
import { sayActs } from "../act/say-acts.ts";
import { openSpending } from "../act/spending.ts";
import { cloudTrailClient } from "../aws/client/cloudtrail.ts";
import { ec2Client, ec2WriteClient } from "../aws/client/ec2.ts";
import { findLauncher } from "../aws/read/cloudtrail.ts";
import { regionalSession } from "../aws/regional-session.ts";
import type { Coverage } from "../core/coverage.ts";
import { ownInstance } from "../core/own-instance.ts";
import { type Millis, seconds } from "../core/time.ts";
import type { Notifier } from "../notify/notifier.ts";
import type { OwnerMap } from "../owners/find-owner.ts";
import type { ScanContext } from "../runtime/program.ts";
import { openGrace } from "../runtime/stop.ts";
import type { Store } from "../state/store.ts";
import type { InstanceActing } from "./actions/acting.ts";
import { regionReads } from "./actions/region-reads.ts";
import { instanceActions } from "./actions.ts";
import { assessInstance, type Finding, type Judging } from "./assess.ts";
import { clocksOf, ladderId, newLadder, noteSpared, type Step } from "./ladder.ts";
import type { Ladders } from "./ladders.ts";
import { planActions } from "./plan.ts";
import { planMarks, type SeenCanary } from "./plan-marks.ts";
import { planNews } from "./plan-news.ts";
import { caps } from "./plan-target.ts";
import type { Planning, PlanSettings } from "./planning.ts";
import type { Scheme } from "./scheme.ts";
import { stillToDo } from "./still-to-do.ts";

/** What is done to instances in violation, and how many of them in 24 hours and account. */
export interface ActSettings extends Omit<PlanSettings, "sendNotices"> {
  readonly maxNotices: number;
  readonly maxStops: number;
  readonly maxTerminations: number;
  /** Percent of all instances judged. */
  readonly maxShare: number;
  /** Whether canaries are told when their regions were audited. */
  readonly canaryTimestamp: boolean;
}

export interface ActingRequest {
  readonly context: Omit<ScanContext<never>, "settings">;
  readonly settings: ActSettings;
  readonly store: Store;
  readonly ladders: Ladders;
  readonly scheme: Scheme;
  /** As the scan judged. */
  readonly judging: Omit<Judging, "clocks" | "now">;
  readonly accountName: string;
  readonly exemptions: readonly Exemption[];
  readonly ownerMap: OwnerMap;
  readonly fallbackChannel: string | undefined;
  /** Ids of instances that this process must not cut off, beside the one that its credentials are of. */
  readonly ownInstances: readonly string[];
  /** Undefined where nobody is to be told. The signal comes some seconds after the run's. */
  readonly openNotifier: (stop: AbortSignal) => Promise<Notifier | undefined>;
  /** True once the run's documents, and those kept of earlier runs, are stored; else why not. */
  readonly documentsStored: () => boolean | string;
  /** What else is done in the same account and under the same lease, such as a daily report. */
  readonly besides?: {
    readonly kinds: (journal: Journal) => readonly AnyKind[];
    readonly plan: (journal: Journal) => Promise<readonly PlannedAction[]>;
  };
}

export interface Judged {
  /** Those in violation, in regions that were read to their end and whose canary was seen. */
  readonly violating: readonly { readonly finding: Finding; readonly readAt: Millis }[];
  /** Of the same regions. */
  readonly canaries: readonly SeenCanary[];
  readonly coverage: Coverage;
  /** In every region that was asked for. */
  readonly canary: Canary;
  /** Of instances that are judged one by one. */
  readonly fleet: Plan["fleet"];
}

/** What is begun when the run is stopped still ends: Telegraf kills 5 s after it asked. */
const grace = seconds(3);

const holder = thisHolder();

/** Undefined while another run acts on the account. */
export async function actOnInstances(request: ActingRequest, judged: Judged): Promise<Acts | undefined> {
  const { context, store } = request;
  const { run, stop, log, scope, clock, session } = context;
  const region = judged.violating[0]?.finding.instance.region ?? session.region;
  const finishing = openGrace(stop, grace);
  try {
    const notifier = await request.openNotifier(finishing.signal);
    const acts = await actOnAccount({
      ...{ store, program: "tagaudit", accountId: scope.accountId, who: scope.callerArn, holder, clock, stop },
      // What the scan asked of EC2 has told the time there.
      clockOffset: () => ec2Client(regionalSession(session, region)).config.systemClockOffset,
      leaseLength: run.leaseTime,
      circumstances: { ...run, mode: run.mode, exemptions: request.exemptions, ownLegs: ownLegs(request) },
      kinds: (journal) => {
        const own = instanceActions(actingOf(request, { notifier, journal, stop: finishing.signal }));
        const others = request.besides?.kinds(journal) ?? [];
        return new Map([...own, ...others.map((kind) => [kind.name, kind] as const)]);
      },
      plan: (journal) => planInstances(request, judged, { notifier, journal }),
    });
    await noteRefused(request, acts);
    sayActs(acts, { log, name: scope.name });
    return acts;
  } finally {
    finishing.release();
  }
}

function ownLegs({ context, ownInstances }: ActingRequest): ReadonlySet<string> {
  const own = ownInstance(context.scope.callerArn);
  return new Set([...ownInstances, ...(own === undefined ? [] : [own])]);
}

interface Means {
  readonly notifier: Notifier | undefined;
  readonly journal: Journal;
}

async function planInstances(request: ActingRequest, judged: Judged, { notifier, journal }: Means): Promise<Plan> {
  const { context, settings, store, ladders, scheme } = request;
  const { scope, run, clock } = context;
  const known = await ladders.load();
  const candidates = judged.violating.map(({ finding, readAt }) => {
    const ladder = newLadder(finding.instance);
    return { finding, readAt, ladder: known.get(ladderId(ladder)) ?? ladder };
  });
  const limits = limitsOf(settings, judged.fleet.subjects);
  const spending = openSpending({ store, program: "tagaudit", accountId: scope.accountId, clock });
  const roomFor = async (step: Step) => limits[caps[step]] - (await spending.spent(caps[step]));
  const planning: Planning = {
    ...{ accountId: scope.accountId, mode: run.mode === "commit" ? "commit" : "notify", now: clock() },
    settings: { ...settings, sendNotices: notifier !== undefined },
    ...{ rules: scheme.rules, room: { stop: await roomFor("stop"), terminate: await roomFor("terminate") } },
  };
  const marks = planMarks(judged.canaries, { ...planning, canaryTimestamp: settings.canaryTimestamp });
  const besides = (await request.besides?.plan(journal)) ?? [];
  const { coverage, canary, fleet } = judged;
  const actions = [
    ...planActions(candidates, planning),
    ...planNews(known.values(), planning),
    ...(await stillToDo(marks, (id) => journal.find(id))),
    ...besides,
  ];
  return { actions, coverage, canary, fleet, limits };
}

/** Protection is as many as there are steps. */
function limitsOf({ maxNotices, maxStops, maxTerminations, maxShare: percent }: ActSettings, subjects: number) {
  const stops = capLimit({ count: maxStops, percent, subjects });
  const terminations = capLimit({ count: maxTerminations, percent, subjects });
  return {
    [caps.notice]: maxNotices,
    [caps.stop]: stops,
    [caps.terminate]: terminations,
    [caps.unprotect]: stops + terminations,
  };
}

interface Working extends Means {
  readonly stop: AbortSignal;
}

const actingOf = (request: ActingRequest, { notifier, journal, stop }: Working): InstanceActing => {
  const { context, scheme, judging, settings } = request;
  const { session, scope, clock, run } = context;
  return {
    ...{ journal, notifier, stop, clock, consistency: run.leaseTime, accountId: scope.accountId },
    reads: (region) => regionReads(session, region, stop),
    writing: (region) => ({ client: ec2WriteClient(regionalSession(session, region)), stop }),
    judge: (instance, ladder) => assessInstance(instance, { ...judging, clocks: clocksOf(ladder), now: clock() }),
    flipping: new Set(scheme.rules.flatMap(({ hash, mayFlipProtection }) => (mayFlipProtection ? [hash] : []))),
    findLauncher: async ({ region, instanceId }) => {
      const client = cloudTrailClient(regionalSession(session, region));
      return (await findLauncher({ client, stop }, instanceId))?.userName;
    },
    ...{ ladders: request.ladders, documentsStored: request.documentsStored, ownerMap: request.ownerMap },
    ...{ fallbackChannel: request.fallbackChannel, accountName: request.accountName, exemption: scheme.exemption },
    settings: { ...settings, sendNotices: notifier !== undefined },
  };
};

/** What its kind refused just before the deed lets others go first next time. */
async function noteRefused({ ladders, context }: ActingRequest, acts: Acts | undefined): Promise<void> {
  const at = context.clock();
  for (const { action, gate } of acts?.refusals ?? []) {
    if (!sparing.includes(gate) || !steps.includes(action.class)) continue;
    const { region, instanceId } = action.detail;
    if (typeof region !== "string" || typeof instanceId !== "string") continue;
    await ladders.update(newLadder({ id: instanceId, region }), (ladder) => noteSpared(ladder, at));
  }
}

/** Who else is refused stands on no ladder: canaries, and channels of reports. */
const steps: readonly ActionClass[] = ["reversible", "irreversible"];

/** Refusals of the kinds themselves: until then they have taken a place under the cap. */
const sparing: readonly string[] = ["changed", "owner", "protected_instance", "permission"];
