import { messageOf } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { Millis } from "../core/time.ts";
import type { Outcome, PlannedAction, Refusal } from "./action.ts";
import { batchesOf, standAll } from "./batches.ts";
import { carryOut, letGo } from "./carry-out.ts";
import { type ActionKinds, kindOf } from "./conclude.ts";
import type { Permit } from "./decide.ts";
import { capOf } from "./gate-table.ts";

import type { Journal } from "./journal.ts";
import type { Begun, Standing } from "./kind.ts";
import type { Lease } from "./lease.ts";
import { hideKeyIds, sayRefusal } from "./wording.ts";

export interface Execution {
  readonly journal: Journal;
  readonly kinds: ActionKinds;
  readonly planHash: string;
  /** Of each cap, in 24 hours. */
  readonly limits: Readonly<Record<string, { readonly limit: number }>>;
  readonly lease: Pick<Lease, "isHeld">;
  /** Asked before each batch, for gates that may have closed since the plan was judged: a kill switch stops the next one. */
  readonly askGates: () => Promise<(action: PlannedAction) => Refusal | undefined>;
  /** Aborted: nothing new is begun. What is begun ends by the kinds' own signal. */
  readonly stop: AbortSignal;
  readonly clock: () => Millis;
  /** How long a write may take before others may look after it. */
  readonly patience: Millis;
}

export interface Executed {
  readonly outcomes: readonly Outcome[];
  readonly refusals: readonly Refusal[];
  /** Those that took the places of others. */
  readonly spares: readonly Permit[];
}

/**
 * Carries permitted actions out, one batch after the other; what fails is an outcome, and the next one is begun. Spares
 * take the places under their caps of those that turn out not to be due, or these would be tried alone in every run.
 */
export async function execute(
  permits: readonly Permit[],
  execution: Execution,
  spares: readonly Permit[] = [],
): Promise<Executed> {
  const outcomes: Outcome[] = [];
  const refusals: Refusal[] = [];
  const taken: Permit[] = [];
  for (let next = permits; next.length > 0; ) {
    const places: string[] = [];
    for (const batch of batchesOf(next, execution.kinds)) {
      if (!mayBegin(execution)) return { outcomes, refusals, spares: taken };
      for (const { freed, ...ended } of await executeBatch(batch, execution)) {
        if (freed !== undefined) places.push(freed);
        if ("gate" in ended) refusals.push({ ...ended, says: sayRefusal(ended.says) });
        else outcomes.push({ ...ended, says: hideKeyIds(ended.says) });
      }
    }
    next = fill(
      places,
      spares.filter((spare) => !taken.includes(spare)),
    );
    taken.push(...next);
  }
  return { outcomes, refusals, spares: taken };
}

/** For each place under a cap the next that is counted by it. */
function fill(places: readonly string[], spares: readonly Permit[]): readonly Permit[] {
  const left = [...places];
  return spares.filter(({ action }) => {
    const at = left.indexOf(capOf(action) ?? "");
    return at !== -1 && left.splice(at, 1).length > 0;
  });
}

const mayBegin = ({ stop, lease }: Execution): boolean => !stop.aborted && lease.isHeld();

/** With the cap whose place it leaves to another, where it was not begun. */
type Ended = (Outcome | Refusal) & { readonly freed?: string | undefined };

async function executeBatch(batch: readonly Permit[], execution: Execution): Promise<readonly Ended[]> {
  const { kinds, journal, clock, patience } = execution;
  const ended: Ended[] = [];
  const begun: Begun[] = [];
  for (const { permit, standing } of await standBatch(batch, execution)) {
    const { action } = permit;
    const freed = capOf(action);
    if (standing.is === "barred") ended.push(standing.refusal);
    else if (standing.is === "refused") ended.push({ action, gate: standing.gate, says: standing.says, freed });
    else if (standing.is === "unneeded") ended.push({ action, ending: standing.is, says: standing.says, freed });
    else if (standing.is === "failed") ended.push({ action, ending: standing.is, says: standing.says });
    // To look takes time, and so does whoever takes over.
    else if (mayBegin(execution)) {
      const one = await begin(permit, standing.before, execution);
      if (one === undefined) continue;
      if ("intent" in one) begun.push(one);
      else ended.push(one);
    }
  }
  const [first] = begun;
  if (first === undefined) return ended;
  const carrying = { kind: kindOf(first.intent.action, kinds), journal, clock, patience };
  // To journal many takes time, too.
  const isInTime = begun.length === 1 || mayBegin(execution);
  return [...ended, ...(await (isInTime ? carryOut(begun, carrying) : letGo(begun, carrying)))];
}

interface Stood {
  readonly permit: Permit;
  readonly standing:
    | Standing
    | { readonly is: "barred"; readonly refusal: Refusal }
    | { readonly is: "failed"; readonly says: string };
}

async function standBatch(batch: readonly Permit[], execution: Execution): Promise<readonly Stood[]> {
  const standings = await readStandings(
    batch.map(({ action }) => action),
    execution,
  );
  const unsaid = { is: "failed", says: "its kind says nothing of it" } as const;
  return batch.map((permit, index) => ({ permit, standing: standings[index] ?? unsaid }));
}

async function readStandings(
  actions: readonly PlannedAction[],
  { askGates, kinds }: Execution,
): Promise<readonly (Stood["standing"] | undefined)[]> {
  try {
    const refusals = await askGates().then((refuse) => actions.map(refuse));
    const allowed = actions.filter((_action, index) => refusals[index] === undefined);
    // A batch is of one kind.
    const [kind] = allowed.map((action) => kindOf(action, kinds));
    const standings = kind === undefined ? [] : [...(await standAll(kind, allowed))];
    return refusals.map((refusal) => (refusal === undefined ? standings.shift() : { is: "barred", refusal }));
  } catch (thrown) {
    return actions.map(() => ({ is: "failed", says: messageOf(thrown) }));
  }
}

/** Undefined where it is somebody else's. */
async function begin(permit: Permit, before: JsonObject, execution: Execution): Promise<Begun | Ended | undefined> {
  const { action } = permit;
  const { journal, planHash, limits } = execution;
  const cap = capOf(action);
  const limit = cap === undefined ? undefined : limits[cap]?.limit;
  try {
    const intending = await journal.intend(permit, { before, planHash, limit });
    if (intending.is === "capped") return { action, gate: "cap", says: "others have used it up meanwhile" };
    return intending.is === "taken" ? undefined : { intent: intending.intent, before };
  } catch (thrown) {
    return { action, ending: "failed", says: messageOf(thrown) };
  }
}
