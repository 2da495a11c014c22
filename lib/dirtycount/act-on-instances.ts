import { type Acts, actOnAccount, type Plan } from "../act/act-on-account.ts";
import { capLimit } from "../act/caps.ts";
import { thisHolder } from "../act/holder.ts";
import { sayActs } from "../act/say-acts.ts";
import { ec2Client } from "../aws/client/ec2.ts";
import { regionalSession } from "../aws/regional-session.ts";
import type { Coverage } from "../core/coverage.ts";
import { ownInstance } from "../core/own-instance.ts";
import { seconds } from "../core/time.ts";
import type { Mark } from "../marks/mark.ts";
import type { ScanContext } from "../runtime/program.ts";
import { openGrace } from "../runtime/stop.ts";
import type { Store } from "../state/store.ts";
import { openActing } from "./actions/open-acting.ts";
import { planTags } from "./plan.ts";
import { planRecycles, type RecycleCandidate, recycleCap } from "./plan-recycle.ts";
import type { DirtycountSettings } from "./settings.ts";

export interface CountedAccount {
  /** In regions that were read to their end. */
  readonly regions: readonly string[];
  readonly untagged: readonly Mark[];
  readonly recyclable: readonly RecycleCandidate[];
  readonly coverage: Coverage;
  readonly fleet: Plan["fleet"];
}

/** What is begun when the run is stopped still ends: Telegraf kills 5 s after it asked. */
const grace = seconds(3);

const holder = thisHolder();

/** Tags and recycles, as far as mode and gates allow. Undefined while another run acts on the account. */
export async function actOnInstances(
  context: ScanContext<DirtycountSettings>,
  store: Store,
  counted: CountedAccount,
): Promise<Acts | undefined> {
  const { run, settings, stop, log, scope, clock, session } = context;
  const region = counted.regions[0] ?? session.region;
  const finishing = openGrace(stop, grace);
  const means = { session, store, accountId: scope.accountId, clock, stop: finishing.signal };
  try {
    const acts = await actOnAccount({
      ...{ store, program: "dirtycount", accountId: scope.accountId, who: scope.callerArn, holder, clock, stop },
      // What the scan asked of EC2 has told the time there.
      clockOffset: () => ec2Client(regionalSession(session, region)).config.systemClockOffset,
      leaseLength: run.leaseTime,
      circumstances: { ...run, mode: run.mode, exemptions: settings.exemptions, ownLegs: ownLegs(context) },
      kinds: openActing({ ...means, consistency: run.leaseTime }),
      plan: async () => planAccount(context, counted),
    });
    sayActs(acts, { log, name: scope.name });
    return acts;
  } finally {
    finishing.release();
  }
}

function ownLegs({ scope, settings }: ScanContext<DirtycountSettings>): ReadonlySet<string> {
  const own = ownInstance(scope.callerArn);
  return new Set([...settings.ownInstances, ...(own === undefined ? [] : [own])]);
}

function planAccount({ settings, scope, clock }: ScanContext<DirtycountSettings>, counted: CountedAccount): Plan {
  const { untagged, recyclable, coverage, fleet } = counted;
  const { tag, retag, recycle, recycleAfter, maxRecycles: count, maxShare: share } = settings;
  const planning = { accountId: scope.accountId, now: clock(), tag, recycleAfter };
  return {
    actions: [...(retag ? planTags(untagged, planning) : []), ...(recycle ? planRecycles(recyclable, planning) : [])],
    ...{ coverage, fleet },
    limits: { [recycleCap]: capLimit({ count, percent: share, subjects: fleet.subjects }) },
  };
}
