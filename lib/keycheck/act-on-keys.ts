import { type Acts, actOnAccount } from "../act/act-on-account.ts";
import { capLimit } from "../act/caps.ts";
import { thisHolder } from "../act/holder.ts";
import type { Journal } from "../act/journal.ts";
import type { Lease } from "../act/lease.ts";
import { sayActs } from "../act/say-acts.ts";
import { iamClient, iamWriteClient } from "../aws/client/iam.ts";
import { listOwnKeyIds } from "../aws/own-keys.ts";
import type { Coverage } from "../core/coverage.ts";
import { messageOf } from "../core/errors.ts";
import { seconds } from "../core/time.ts";
import type { Tracker } from "../notify/tracker.ts";
import type { OwnerMap } from "../owners/find-owner.ts";
import type { ScanContext } from "../runtime/program.ts";
import { openGrace } from "../runtime/stop.ts";
import type { Store } from "../state/store.ts";
import type { KeyActing } from "./actions/acting.ts";
import { keyActions } from "./actions.ts";
import type { Channels, OpenChannels } from "./channels.ts";
import type { Following } from "./follow-keys.ts";
import { type Ladder, noteTicket } from "./ladder.ts";
import type { Ladders } from "./ladders.ts";
import { caps, type Planning, type PlanSettings, planActions } from "./plan.ts";
import { listSwitching } from "./remembered.ts";
import type { KeycheckSettings } from "./settings.ts";

export interface ActingRequest {
  readonly context: ScanContext<KeycheckSettings>;
  readonly store: Store;
  readonly ladders: Ladders;
  readonly accountTag: string;
  readonly ownerMap: OwnerMap;
  readonly openChannels: OpenChannels;
}

interface Judged {
  readonly following: Following;
  readonly coverage: Coverage;
  /** All keys of the account. */
  readonly keys: number;
}

/** What is begun when the run is stopped still ends: Telegraf kills 5 s after it asked. */
const grace = seconds(3);

const holder = thisHolder();

/** Undefined while another run acts on the account. */
export async function actOnKeys(request: ActingRequest, judged: Judged): Promise<Acts | undefined> {
  const { context, store, openChannels } = request;
  const { settings, run, stop, environment, log, scope, clock } = context;
  const finishing = openGrace(stop, grace);
  try {
    const channels = await openChannels({ settings, run, environment, warn: log.warn }, finishing.signal);
    const own = await listOwnKeyIds([context.session], environment);
    for (const reason of own.unread) log.warn(`${scope.name}: nothing is done: own access keys: ${reason}`);
    const acts = await actOnAccount({
      ...{ store, program: "keycheck", accountId: scope.accountId, who: scope.callerArn, holder, clock, stop },
      // What the scan asked of IAM has told the time there.
      clockOffset: () => iamClient(context.session).config.systemClockOffset,
      leaseLength: run.leaseTime,
      circumstances: { ...run, mode: run.mode, exemptions: settings.exemptions, ownLegs: own.ids },
      kinds: (journal) => keyActions(actingOf(request, { channels, journal, stop: finishing.signal })),
      plan: async (_journal, lease) => {
        await refreshTickets(request, channels.tracker);
        return planKeys(request, judged, { channels, unread: own.unread, lease });
      },
    });
    sayActs(acts, { log, name: scope.name });
    return acts;
  } finally {
    finishing.release();
  }
}

interface Working {
  readonly channels: Channels;
  readonly journal: Journal;
  readonly stop: AbortSignal;
}

const actingOf = ({ context, ladders, accountTag, ownerMap }: ActingRequest, working: Working): KeyActing => ({
  ...{ ladders, ownerMap, accountTag, journal: working.journal, ...working.channels },
  iam: { client: iamClient(context.session), stop: working.stop },
  writing: { client: iamWriteClient(context.session), stop: working.stop },
  fallbackChannel: context.settings.slackFallbackChannel,
  settings: context.settings,
  accountId: context.scope.accountId,
  clock: context.clock,
  consistency: context.run.leaseTime,
});

interface Means {
  readonly channels: Channels;
  /** What may hide keys of this process's own. */
  readonly unread: readonly string[];
  readonly lease: Pick<Lease, "isHeld">;
}

async function planKeys(request: ActingRequest, judged: Judged, { channels, unread, lease }: Means) {
  const { context, store } = request;
  const { settings, scope, run, now } = context;
  const { following, coverage, keys } = judged;
  const sight = { coverage, switching: await listSwitching(store, scope.accountId) };
  const followed = await followAll(request.ladders, lease, (ladder) => following.follow(ladder, sight));
  const planning: Planning = {
    ...{ accountId: scope.accountId, mode: run.mode === "commit" ? "commit" : "notify", now },
    settings: planSettings(settings, channels),
  };
  return {
    actions: planActions(following.candidates(followed, sight), planning),
    coverage: noteUnread(coverage, unread),
    fleet: following.fleet(),
    limits: {
      [caps.notice]: settings.maxNotices,
      [caps.ticket]: settings.maxTickets,
      [caps.disable]: capLimit({ count: settings.maxDisables, percent: settings.maxShare, subjects: keys }),
    },
  };
}

/** Keeps what has come of each ladder; whoever has lost the lease leaves that to who has it. */
export async function followAll(
  ladders: Ladders,
  lease: Pick<Lease, "isHeld">,
  follow: (ladder: Ladder) => Ladder,
): Promise<ReadonlyMap<string, Ladder>> {
  const followed = new Map<string, Ladder>();
  for (const [keyId, ladder] of await ladders.load()) {
    const after = follow(ladder);
    followed.set(keyId, after === ladder || !lease.isHeld() ? after : await ladders.update(ladder, follow));
  }
  return followed;
}

export const planSettings = (settings: KeycheckSettings, { notifier, tracker }: Channels): PlanSettings => ({
  ...{ notifyEvery: settings.notifyEvery, disableKey: settings.disableKey, jiraReopen: settings.jiraReopen },
  ...{ sendSlack: notifier !== undefined, createJira: tracker !== undefined },
});

/** A key of our own that is not known as such could be disabled. */
const noteUnread = (coverage: Coverage, unread: readonly string[]): Coverage =>
  unread.length === 0
    ? coverage
    : {
        ...coverage,
        missing: [
          ...unread.map((reason) => ({ what: "own access keys", code: "other", reason, subjects: false }) as const),
          ...coverage.missing,
        ],
        missingTotal: coverage.missingTotal + unread.length,
      };

/** Whether a person has closed a ticket shows in the tracker alone; asked as often as its owner is told. */
async function refreshTickets({ context, ladders }: ActingRequest, tracker: Tracker | undefined): Promise<void> {
  if (tracker === undefined) return;
  const { settings, now, stop, log } = context;
  for (const ladder of (await ladders.load()).values()) {
    const { ticket, endedAt } = ladder;
    if (stop.aborted) return;
    if (ticket === undefined || endedAt !== undefined || now - ticket.checkedAt < settings.notifyEvery) continue;
    try {
      const found = await tracker.getTicket(ticket.key);
      const standing = found === undefined ? ({ isDone: true, isGone: true } as const) : { isDone: found.isDone };
      await ladders.update(ladder, (one) =>
        one.ticket?.key === ticket.key ? noteTicket(one, { ...one.ticket, ...standing, checkedAt: now }) : one,
      );
    } catch (thrown) {
      log.warn(`ticket "${ticket.key}": ${messageOf(thrown)}`);
      return;
    }
  }
}
