import { wholeCoverage } from "../core/coverage.ts";
import type { Millis } from "../core/time.ts";
import type { Store } from "../state/store.ts";
import { patienceOf } from "./act-on-account.ts";
import { actionId, type PlannedAction } from "./action.ts";
import type { ActionKinds } from "./conclude.ts";
import { decide } from "./decide.ts";
import { idOf, type JournalEntry } from "./entry.ts";
import { type Execution, execute } from "./execute.ts";
import type { GateContext } from "./gates.ts";
import type { Holder } from "./holder.ts";
import { type Journal, openJournal } from "./journal.ts";
import { acquireLease, type Lease } from "./lease.ts";
import { findEntry } from "./read-journal.ts";
import { settle } from "./settle.ts";
import { quote } from "./wording.ts";

/** Whose credentials reverse it, as STS answers, and what they can do. */
export interface UndoMeans {
  readonly accountId: string;
  readonly arn: string;
  readonly kinds: (journal: Journal) => ActionKinds;
}

export interface Undoing {
  readonly store: Store;
  /** Of the action to reverse. */
  readonly id: string;
  /** Asked for once the journal says that there is something to reverse. */
  readonly openMeans: () => Promise<UndoMeans>;
  readonly holder: Holder;
  readonly clock: () => Millis;
  readonly leaseLength: Millis;
  readonly stop: AbortSignal;
}

export interface Undone {
  /** `missing`: the journal has no such action. */
  readonly is: "undone" | "unneeded" | "refused" | "missing" | "failed" | "unknown";
  readonly says: string;
}

/** Reverses one applied action, by its kind's own undo and through the gates that bind what restores. */
export async function undo(undoing: Undoing): Promise<Undone> {
  const { store, id, holder, clock, leaseLength } = undoing;
  const entry = await findEntry(store, id);
  if (entry === undefined) return { is: "missing", says: `the journal has no ${quote(id)}` };
  const refused = refuseEntry(entry);
  if (refused !== undefined) return refused;
  const means = await undoing.openMeans();
  const { program, accountId } = entry.action;
  const request = { collection: `lease.${program}`, id: accountId, holder, length: leaseLength, clock };
  const lease = await acquireLease(store, request);
  if (lease === undefined) return refuse(`another run acts on account ${quote(accountId)} now`);
  const patience = patienceOf(undoing) + leaseLength;
  const journal = openJournal({ store, program, accountId, holder, who: means.arn, clock, patience });
  try {
    return await undoAlone(undoing, { means, lease, journal });
  } finally {
    await lease.release();
  }
}

const refuse = (says: string): Undone => ({ is: "refused", says });

function refuseEntry({ state, undoneBy, says }: JournalEntry): Undone | undefined {
  if (undoneBy !== undefined) return refuse(`it is undone already, by ${quote(undoneBy)}`);
  return state === "applied" ? undefined : refuse(`it was not applied: it is ${sayEnding({ state, says })}`);
}

const sayEnding = ({ state, says }: { readonly state: string; readonly says: string | undefined }): string =>
  says === undefined ? state : `${state}: ${says}`;

interface Alone {
  readonly means: UndoMeans;
  readonly lease: Lease;
  readonly journal: Journal;
}

/** Looks again: until now another process may have reversed it, or have been cut short in the middle of that. */
async function undoAlone(undoing: Undoing, { means, lease, journal }: Alone): Promise<Undone> {
  const kinds = means.kinds(journal);
  const entry = await journal.find(undoing.id);
  const refused = entry && refuseEntry(entry);
  if (entry === undefined || refused !== undefined) return refused ?? refuse("the journal has lost it meanwhile");
  const kind = kinds.get(entry.action.kind);
  const reverse = kind?.undo?.(entry);
  if (reverse === undefined) return refuse(kind?.noUndo ?? `kind ${quote(entry.action.kind)} has no undo`);
  const action: PlannedAction = { ...reverse, undoes: idOf(entry) };
  const [unsettled] = await settle(journal, kinds, actionId(action));
  if (unsettled !== undefined) return { is: "unknown", says: unsettled };
  const { undoneBy } = (await journal.find(undoing.id)) ?? {};
  if (undoneBy !== undefined) return { is: "undone", says: `by ${quote(undoneBy)}, which had been cut short` };
  return restore(action, { undoing, means, execution: { ...executionOf(undoing), journal, kinds, lease } });
}

/** What restores is in no plan, uncapped, and not held up by the kill switch. */
const executionOf = (undoing: Undoing) => ({
  ...{ planHash: "undo", limits: {}, askGates: async () => () => undefined },
  ...{ stop: undoing.stop, clock: undoing.clock, patience: patienceOf(undoing) },
});

interface Restoring {
  readonly undoing: Undoing;
  readonly means: UndoMeans;
  readonly execution: Execution;
}

async function restore(action: PlannedAction, { undoing, means, execution }: Restoring): Promise<Undone> {
  const { permits, refusals } = decide([action], contextOf(undoing, action, means));
  const executed = await execute(permits, execution);
  const [refusal] = [...refusals, ...executed.refusals];
  if (refusal !== undefined) return refuse(`by gate ${refusal.gate}: ${refusal.says}`);
  const [outcome] = executed.outcomes;
  if (outcome !== undefined)
    return { is: outcome.ending === "applied" ? "undone" : outcome.ending, says: outcome.says };
  const taken = await execution.journal.find(actionId(action));
  if (taken === undefined) return { is: "failed", says: "it was not begun" };
  const { state, says } = taken;
  return refuse(`${quote(actionId(action))} is ${sayEnding({ state, says })}`);
}

/** The account that the action was in must be the one at hand; no other gate that could ask binds what restores. */
const contextOf = ({ clock }: Undoing, { accountId }: PlannedAction, means: UndoMeans): GateContext => ({
  ...{ now: clock(), mode: "commit", accountId: means.accountId, actOnAccounts: [accountId] },
  ...{ pause: undefined, calendar: undefined, exemptions: [], ownLegs: new Set(), protected: [] },
  ...{
    coverage: wholeCoverage,
    maxEvidenceAge: 0,
    ...{ canary: undefined, clockOffset: undefined },
    fleet: { subjects: 0, due: 0, shareBefore: undefined },
  },
  ...{ planHash: "undo", overridePlan: undefined, caps: {} },
});
