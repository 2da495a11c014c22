import pLimit from "p-limit";
import { type Acts, actOnAccount } from "../act/act-on-account.ts";
import { thisHolder } from "../act/holder.ts";
import { sayActs } from "../act/say-acts.ts";
import { ec2Client, ec2WriteClient } from "../aws/client/ec2.ts";
import { regionalSession } from "../aws/regional-session.ts";
import { type CoverageNotes, wholeCoverage } from "../core/coverage.ts";
import { failureCodeOf, messageOf } from "../core/errors.ts";
import { openMarks } from "../marks/marks.ts";
import type { Promised } from "../marks/promised.ts";
import { openDueBook } from "../marks/tags-due.ts";
import type { ScanContext } from "../runtime/program.ts";
import type { TagPair } from "../settings/aws-kinds.ts";
import type { Store } from "../state/store.ts";
import type { AccountSessions } from "./account-sessions.ts";
import { tag } from "./actions/tag.ts";
import { planTags } from "./plan.ts";
import { endsOf, regionsOf, type TaggedRegion } from "./tag-counts.ts";

export interface TagRequest {
  readonly context: Omit<ScanContext<never>, "settings">;
  readonly store: Store;
  readonly sessions: AccountSessions;
  readonly notes: CoverageNotes;
  readonly tag: TagPair;
  readonly newId: () => string;
  /** Ends some seconds after the run is stopped, so that what is begun can end. */
  readonly finishing: AbortSignal;
}

export interface TaggedAccount {
  readonly accountId: string;
  readonly regions: readonly TaggedRegion[];
  /** Undefined where nothing could be begun. */
  readonly acts?: Acts;
}

const holder = thisHolder();

/** Puts all tags that are due, in all accounts: one that denies waits for a later run, and keeps none of the others. */
export async function tagAccounts(request: TagRequest): Promise<readonly TaggedAccount[]> {
  const { store, context, newId } = request;
  const byAccount = new Map<string, Promised[]>();
  for await (const promised of openDueBook(store, newId).list()) {
    const ofAccount = byAccount.get(promised.accountId) ?? [];
    ofAccount.push(promised);
    byAccount.set(promised.accountId, ofAccount);
  }
  const limit = pLimit(context.run.accountConcurrency);
  return Promise.all(
    [...byAccount].map(([accountId, promised]) => limit(() => tagOrNote(accountId, promised, request))),
  );
}

async function tagOrNote(
  accountId: string,
  promised: readonly Promised[],
  request: TagRequest,
): Promise<TaggedAccount> {
  const { notes, context } = request;
  try {
    if (!context.stop.aborted) return await tagAccount(accountId, promised, request);
  } catch (thrown) {
    const what = `tags in account ${accountId}`;
    notes.note({ what, code: failureCodeOf(thrown), reason: messageOf(thrown), subjects: false });
  }
  return { accountId, regions: regionsOf(accountId, promised, new Map()) };
}

async function tagAccount(
  accountId: string,
  promised: readonly Promised[],
  request: TagRequest,
): Promise<TaggedAccount> {
  const { context, store, sessions, notes, newId, finishing } = request;
  const { run, clock, stop, log } = context;
  const { scope, session } = await sessions.open(accountId, context.stop);
  const anyRegion = promised[0]?.region ?? session.region;
  const untaggable = new Set<string>();
  const acts = await actOnAccount({
    ...{ store, program: "dirtymark", accountId, who: scope.callerArn, holder, clock, stop },
    clockOffset: () => ec2Client(regionalSession(session, anyRegion)).config.systemClockOffset,
    leaseLength: run.leaseTime,
    circumstances: { ...run, mode: run.mode, exemptions: [], ownLegs: new Set() },
    kinds: () => {
      const writing = (region: string) => ({
        client: ec2WriteClient(regionalSession(session, region)),
        stop: finishing,
      });
      const note = (region: string, id: string) => untaggable.add(`${region}/${id}`);
      const kind = tag({ writing, marks: openMarks(store, accountId, clock), note });
      return new Map([[kind.name, kind]]);
    },
    plan: async () => ({
      actions: planTags(promised, { accountId, tag: request.tag, now: clock(), run: newId() }),
      coverage: wholeCoverage,
      // Nothing that is capped or judged by a share.
      ...{ fleet: { subjects: 0, due: 0 }, limits: {} },
    }),
  });
  if (acts === undefined) return { accountId, regions: regionsOf(accountId, promised, new Map()) };
  const ends = endsOf(acts.outcomes, untaggable);
  const due = openDueBook(store, newId);
  for (const one of promised)
    await due.settle(
      one,
      one.instanceIds.filter((id) => ends.get(`${one.region}/${id}`) === undefined),
    );
  sayActs(acts, { log, name: accountId });
  for (const { says, action, ending } of acts.outcomes)
    if (ending !== "applied")
      notes.note({ what: `tags of ${accountId} ${action.subject}`, code: "other", reason: says, subjects: false });
  return { accountId, regions: regionsOf(accountId, promised, ends), acts };
}
