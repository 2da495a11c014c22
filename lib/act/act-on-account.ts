import { createHash } from "node:crypto";
import type { Coverage } from "../core/coverage.ts";
import type { Millis } from "../core/time.ts";
import type { Store } from "../state/store.ts";
import { actionId, type Outcome, type PlannedAction, type Refusal } from "./action.ts";
import type { ActionKinds } from "./conclude.ts";
import { decide, judge } from "./decide.ts";
import { execute } from "./execute.ts";
import { classesBoundBy, type GateName } from "./gate-table.ts";
import { type Canary, doubtFleet, type GateContext, gates, missCanary } from "./gates.ts";
import type { Holder } from "./holder.ts";
import { type Journal, openJournal } from "./journal.ts";
import { acquireLease, type Lease } from "./lease.ts";
import { findPause } from "./pause.ts";
import { settle } from "./settle.ts";
import { openSpending } from "./spending.ts";
import { listExemptions } from "./stored-exemptions.ts";

/** What a program wants done, with what its gates judge by. */
export interface Plan {
  readonly actions: readonly PlannedAction[];
  readonly coverage: Coverage;
  /** Absent where the program has none. */
  readonly canary?: Canary;
  readonly fleet: { readonly subjects: number; readonly due: number };
  /** By cap: how many in 24 hours. */
  readonly limits: Readonly<Record<string, number>>;
}

interface Circumstances
  extends Pick<
    GateContext,
    "mode" | "actOnAccounts" | "calendar" | "ownLegs" | "protected" | "maxEvidenceAge" | "overridePlan"
  > {
  /** Of the settings; those in the store are asked for under the lease. */
  readonly exemptions: GateContext["exemptions"];
}

export interface Acting {
  readonly store: Store;
  readonly program: string;
  readonly accountId: string;
  /** The ARN that STS answered. */
  readonly who: string;
  readonly holder: Holder;
  readonly clock: () => Millis;
  /** AWS's clock less ours, by its last answer. */
  readonly clockOffset: () => Millis;
  readonly leaseLength: Millis;
  readonly circumstances: Circumstances;
  /** Aborted: nothing new is begun. */
  readonly stop: AbortSignal;
  readonly kinds: (journal: Journal) => ActionKinds;
  /** Made under the lease and after the journal is settled, so that it knows of everything done before. */
  readonly plan: (journal: Journal, lease: Pick<Lease, "isHeld">) => Promise<Plan>;
}

export interface Acts {
  readonly planned: number;
  readonly permitted: number;
  readonly refusals: readonly Refusal[];
  readonly outcomes: readonly Outcome[];
  readonly planHash: string;
  /** Intents of earlier runs whose end could not be learnt yet. */
  readonly unsettled: readonly string[];
}

/** Heals, plans, decides and acts, alone in the account. Undefined while another process does. */
export async function actOnAccount(acting: Acting): Promise<Acts | undefined> {
  const { store, program, accountId, holder, clock } = acting;
  const request = { collection: `lease.${program}`, id: accountId, holder, length: acting.leaseLength, clock };
  const lease = await acquireLease(store, request);
  if (lease === undefined) return undefined;
  try {
    return await actAlone(acting, lease);
  } finally {
    await lease.release();
  }
}

/** A write that takes longer than this is looked after by the next run. */
export const patienceOf = ({ leaseLength }: Pick<Acting, "leaseLength">): Millis => leaseLength * 2.5;

async function actAlone(acting: Acting, lease: Lease): Promise<Acts> {
  const { store, program, accountId, who, holder, clock, stop } = acting;
  const patience = patienceOf(acting);
  const journal = openJournal({
    store,
    program,
    accountId,
    holder,
    who,
    clock,
    patience: patience + acting.leaseLength,
  });
  const kinds = acting.kinds(journal);
  const unsettled = await settle(journal, kinds);
  const plan = await acting.plan(journal, lease);
  const context = await judgingContext(acting, plan);
  const { permits, spares, refusals } = decide(plan.actions, context);
  const execution = {
    ...{ journal, kinds, planHash: context.planHash, limits: context.caps, lease, stop, clock, patience },
    askGates: () => askGates(acting, context),
  };
  const executed = await execute(permits, execution, spares);
  if (isTrusted(context)) await rememberFleet(acting, plan);
  const permitted = [...permits, ...executed.spares].map(({ action }) => action);
  return {
    ...{ planned: plan.actions.length, permitted: permitted.length, planHash: context.planHash, unsettled },
    refusals: [...refusals.filter(({ action }) => !permitted.includes(action)), ...executed.refusals],
    outcomes: executed.outcomes,
  };
}

/** What people and clocks may have changed since the plan was judged. */
const changing: readonly GateName[] = ["paused", "calendar", "exempt", "clock"];

async function askGates(acting: Acting, context: GateContext) {
  const now = { ...context, ...(await readChanging(acting)) };
  const asked = gates.filter(({ name }) => changing.includes(name));
  return (action: PlannedAction): Refusal | undefined => judge([action], now, asked).refusals[0];
}

async function readChanging({ store, program, clock, clockOffset, circumstances }: Acting) {
  const [pause, stored] = await Promise.all([findPause(store, program), listExemptions(store, program)]);
  const exemptions = [...circumstances.exemptions, ...stored];
  return { now: clock(), clockOffset: clockOffset(), pause, exemptions };
}

/** What is doubted, though nothing came far enough to be refused by it, must not be what the next run is held against. */
const isTrusted = (context: GateContext): boolean =>
  context.coverage.missingTotal === 0 && missCanary(context.canary) === undefined && doubtFleet(context) === undefined;

async function judgingContext(
  acting: Acting,
  { actions, coverage, canary, fleet, limits }: Plan,
): Promise<GateContext> {
  const { store, program, accountId, clock, circumstances } = acting;
  const changing = await readChanging(acting);
  const spending = openSpending({ store, program, accountId, clock });
  const caps = await Promise.all(
    Object.entries(limits).map(async ([cap, limit]) => [cap, { limit, spent: await spending.spent(cap) }] as const),
  );
  const before = await store.get<FleetBody>(fleetOf(program), accountId);
  return {
    ...{ ...circumstances, ...changing, accountId, coverage, canary, planHash: hashPlan(actions) },
    fleet: { ...fleet, shareBefore: before?.body.share },
    caps: Object.fromEntries(caps),
  };
}

/** Of what the gate `fleet` may refuse: whoever overrides it names what they have looked at. */
function hashPlan(actions: readonly PlannedAction[]): string {
  const bound = classesBoundBy("fleet");
  const ids = actions.filter((action) => bound.includes(action.class)).map(actionId);
  return createHash("sha256").update(ids.sort().join("\n")).digest("hex").slice(0, 12);
}

type FleetBody = { readonly share: number; readonly at: Millis };

const fleetOf = (program: string): string => `fleet.${program}`;

async function rememberFleet({ store, program, accountId, clock }: Acting, { fleet }: Plan): Promise<void> {
  const body = { share: fleet.subjects === 0 ? 0 : fleet.due / fleet.subjects, at: clock() };
  const found = await store.get<FleetBody>(fleetOf(program), accountId);
  // Whoever else writes it holds the lease, and has looked later.
  if (found === undefined) await store.create(fleetOf(program), accountId, body);
  else await store.replace(fleetOf(program), accountId, { body, expectedVersion: found.version });
}
