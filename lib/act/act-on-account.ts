import { createHash } from "node:crypto";
import type { Coverage } from "../core/coverage.ts";
import type { Millis } from "../core/time.ts";
import type { Store } from "../state/store.ts";
import { actionId, type Outcome, type PlannedAction, type Refusal } from "./action.ts";
import type { ActionKinds } from "./conclude.ts";
import { decide } from "./decide.ts";
import { execute } from "./execute.ts";
import { classesBoundBy } from "./gate-table.ts";
import type { GateContext } from "./gates.ts";
import type { Holder } from "./holder.ts";
import { type Journal, openJournal } from "./journal.ts";
import { acquireLease, type Lease } from "./lease.ts";
import { findPause } from "./pause.ts";
import { settle } from "./settle.ts";
import { openSpending } from "./spending.ts";

/** What a program wants done, with what its gates judge by. */
export interface Plan {
  readonly actions: readonly PlannedAction[];
  readonly coverage: Coverage;
  readonly fleet: { readonly subjects: number; readonly due: number };
  /** By cap: how many in 24 hours. */
  readonly limits: Readonly<Record<string, number>>;
}

type Circumstances = Pick<
  GateContext,
  "mode" | "actOnAccounts" | "calendar" | "exemptions" | "ownLegs" | "protected" | "maxEvidenceAge" | "overridePlan"
>;

export interface Acting {
  readonly store: Store;
  readonly program: string;
  readonly accountId: string;
  /** The ARN that STS answered. */
  readonly who: string;
  readonly holder: Holder;
  readonly clock: () => Millis;
  readonly leaseLength: Millis;
  readonly circumstances: Circumstances;
  /** Aborted: nothing new is begun. */
  readonly stop: AbortSignal;
  readonly kinds: (journal: Journal) => ActionKinds;
  /** Made under the lease and after the journal is settled, so that it knows of everything done before. */
  readonly plan: (journal: Journal) => Promise<Plan>;
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
  const plan = await acting.plan(journal);
  const context = await judgingContext(acting, plan);
  const { permits, refusals } = decide(plan.actions, context);
  const executed = await execute(permits, {
    ...{ journal, kinds, planHash: context.planHash, limits: context.caps, lease, stop, clock, patience },
    findPause: () => findPause(store, program),
  });
  const isDoubted = refusals.some(({ gate }) => gate === "fleet");
  if (plan.coverage.missingTotal === 0 && !isDoubted) await rememberFleet(acting, plan);
  return {
    ...{ planned: plan.actions.length, permitted: permits.length, planHash: context.planHash, unsettled },
    ...{ refusals: [...refusals, ...executed.refusals], outcomes: executed.outcomes },
  };
}

async function judgingContext(acting: Acting, { actions, coverage, fleet, limits }: Plan): Promise<GateContext> {
  const { store, program, accountId, clock, circumstances } = acting;
  const spending = openSpending({ store, program, accountId, clock });
  const caps = await Promise.all(
    Object.entries(limits).map(async ([cap, limit]) => [cap, { limit, spent: await spending.spent(cap) }] as const),
  );
  const before = await store.get<FleetBody>(fleetOf(program), accountId);
  return {
    ...{ ...circumstances, now: clock(), accountId, coverage, planHash: hashPlan(actions) },
    pause: await findPause(store, program),
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
