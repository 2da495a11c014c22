import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { countActs } from "../act/count-acts.ts";
import { type CoverageNotes, trackCoverage } from "../core/coverage.ts";
import { failureCodeOf, messageOf } from "../core/errors.ts";
import type { Message } from "../core/queue.ts";
import { seconds } from "../core/time.ts";
import type { Mark } from "../marks/mark.ts";
import { reportRefusals } from "../measurements/refusal.ts";
import { keepHidden } from "../queue/keep-hidden.ts";
import type { Queue } from "../queue/queue.ts";
import type { ScanContext, ScanResult } from "../runtime/program.ts";
import { openDeadline, openGrace } from "../runtime/stop.ts";
import type { Store } from "../state/store.ts";
import { storeUntil } from "../state/store-until.ts";
import type { AccountSessions } from "./account-sessions.ts";
import type { Assessed } from "./assess.ts";
import { openBurial } from "./burial.ts";
import { type Counter, openCounter } from "./counts.ts";
import { drain } from "./drain.ts";
import { openKeeper } from "./keep.ts";
import { type QueuePlace, reportDrained, reportQueue, reportTags } from "./report.ts";
import type { DirtymarkSettings } from "./settings.ts";
import { type TaggedAccount, tagAccounts } from "./tag-accounts.ts";

export interface QueueScan {
  readonly context: ScanContext<DirtymarkSettings>;
  /** Its calls but those that receive go on for some seconds after the run is stopped. */
  readonly queue: Queue;
  readonly sessions: AccountSessions;
  readonly assess: (messages: readonly Message[]) => Promise<readonly Assessed[]>;
  readonly audit: (marks: readonly Mark[]) => Promise<void>;
  /** Comes some seconds after the run's, so that what is begun can end. */
  readonly finishing: AbortSignal;
}

/** Where nothing can be kept, so long nothing is received: each delivery brings a message nearer to its dead-letter queue. */
const breath = seconds(20);

/** What is in hand when a run is stopped is still kept within this time; then it is left to others, for which there must be time. */
const keepingGrace = seconds(1.5);

/** Of the deadline; the rest is for tags. */
const receivingShare = 0.7;

/** Drains the queue, puts the tags that are due, and prints what came of it; in other modes than commit, only how the queue stands. */
export async function scanQueue(request: QueueScan): Promise<ScanResult> {
  const { context, queue } = request;
  const { emit, run, scope, session, now } = context;
  const notes = trackCoverage();
  const counter = openCounter();
  const isReceiving = run.mode === "commit";
  const tagged = isReceiving ? await work(request, { notes, counter }) : [];
  const place: QueuePlace = { accountId: scope.accountId, region: session.region, queue: queue.name };
  const counts = isReceiving ? counter.counts() : undefined;
  if (counts !== undefined) await emit([reportDrained(counts, place)]);
  await emit(tagged.flatMap(({ regions }) => regions.map(reportTags)));
  await emit(await readQueue(queue, { notes, report: (state) => reportQueue(state, counts, { ...place, now }) }));
  const acts = tagged.flatMap((one) => (one.acts === undefined ? [] : [{ ...one.acts, accountId: one.accountId }]));
  for (const { accountId, refusals } of acts) await emit(reportRefusals("dirtymark", accountId, refusals));
  const coverage = notes.coverage();
  return { items: counts?.received ?? 0, coverage, evidenceAge: 0, acts: isReceiving ? countAll(acts) : undefined };
}

const countAll = (acts: readonly NonNullable<TaggedAccount["acts"]>[]) =>
  countActs({
    planned: acts.reduce((sum, { planned }) => sum + planned, 0),
    permitted: acts.reduce((sum, { permitted }) => sum + permitted, 0),
    refusals: acts.flatMap(({ refusals }) => refusals),
    outcomes: acts.flatMap(({ outcomes }) => outcomes),
  });

interface Reporting {
  readonly notes: CoverageNotes;
  readonly report: (state: Awaited<ReturnType<Queue["state"]>>) => ReturnType<typeof reportQueue>;
}

/** What was done is told even where the queue no longer answers. */
async function readQueue(queue: Queue, { notes, report }: Reporting) {
  try {
    return [report(await queue.state())];
  } catch (thrown) {
    notes.note({
      what: `queue "${queue.name}"`,
      code: failureCodeOf(thrown),
      reason: messageOf(thrown),
      subjects: true,
    });
    return [];
  }
}

interface Working {
  readonly notes: CoverageNotes;
  readonly counter: Counter;
}

async function work(request: QueueScan, working: Working): Promise<readonly TaggedAccount[]> {
  const { context, sessions, finishing } = request;
  const { settings, run, stop } = context;
  const { tag, follow } = settings;
  const { notes } = working;
  const store = await openStore(context);
  const note = (what: string, why: unknown) =>
    notes.note({ what, code: failureCodeOf(why), reason: messageOf(why), subjects: true });
  const [receiving, keeping] = [openDeadline(stop, run.deadline * receivingShare), openGrace(stop, keepingGrace)];
  const receiver = { ...working, note, stop: receiving.signal, store: storeUntil(store, keeping.signal) };
  const isKept = await receiveAll(request, receiver);
  if (!isKept && follow) await pause(breath, undefined, { signal: receiving.signal }).catch(() => undefined);
  receiving.release();
  keeping.release();
  if (tag === undefined) return [];
  try {
    const bounded = storeUntil(store, finishing);
    return await tagAccounts({ context, store: bounded, sessions, notes, tag, newId: randomUUID, finishing });
  } catch (thrown) {
    // What became of the messages is told even so.
    note("tags that are due", thrown);
    return [];
  }
}

interface WorkingReceiver extends Working {
  readonly store: Store;
  readonly note: (what: string, why: unknown) => void;
  readonly stop: AbortSignal;
}

/** False where no more can be received, or kept. */
async function receiveAll(request: QueueScan, receiver: WorkingReceiver): Promise<boolean> {
  const { context, queue, assess, audit } = request;
  const { settings, run, clock } = context;
  const { tag, tagUnverified, visibility, follow } = settings;
  const { counter, store, note, stop } = receiver;
  const keeper = openKeeper({
    ...{ store, clock, newId: randomUUID, concurrency: run.concurrency, audit },
    isTagged: ({ verified }) => tag !== undefined && (verified !== undefined || tagUnverified),
  });
  try {
    return await drain({
      ...{ queue, counter, keeper, note, stop, visibility, follow, assess },
      ...{ receivers: settings.receivers, window: settings.window, maxReceives: settings.maxReceives },
      wait: follow ? seconds(20) : seconds(1),
      bury: openBurial(queue, store, clock),
      keepHidden: (received) => keepHidden({ ...received, queue, visibility, note }),
    });
  } catch (thrown) {
    note(`queue "${queue.name}"`, thrown);
    return false;
  }
}

async function openStore({ openState }: QueueScan["context"]): Promise<Store> {
  const store = await openState();
  if (store === undefined) throw new Error("mode commit has no state");
  return store;
}
