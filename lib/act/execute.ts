import { messageOf, OpsError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { Millis } from "../core/time.ts";
import type { Outcome, Refusal } from "./action.ts";
import { type ActionKinds, conclude, endingOf, kindOf } from "./conclude.ts";
import type { Permit } from "./decide.ts";
import { capOf } from "./gate-table.ts";
import type { Pause } from "./gates.ts";
import type { Intent, Journal } from "./journal.ts";
import type { ActionKind, Attempt } from "./kind.ts";
import type { Lease } from "./lease.ts";
import { hideKeyIds, sayRefusal } from "./wording.ts";

export interface Execution {
  readonly journal: Journal;
  readonly kinds: ActionKinds;
  readonly planHash: string;
  /** Of each cap, in 24 hours. */
  readonly limits: Readonly<Record<string, { readonly limit: number }>>;
  readonly lease: Pick<Lease, "isHeld">;
  /** Asked before each action: a kill switch pulled now stops the next one. */
  readonly findPause: () => Promise<Pause | undefined>;
  /** Aborted: nothing new is begun. What is begun ends by the kinds' own signal. */
  readonly stop: AbortSignal;
  readonly clock: () => Millis;
  /** How long a write may take before others may look after it. */
  readonly patience: Millis;
}

export interface Executed {
  readonly outcomes: readonly Outcome[];
  readonly refusals: readonly Refusal[];
}

/** Carries permitted actions out, one after the other; what fails is an outcome, and the next one is begun. */
export async function execute(permits: readonly Permit[], execution: Execution): Promise<Executed> {
  const outcomes: Outcome[] = [];
  const refusals: Refusal[] = [];
  for (const permit of permits) {
    if (!mayBegin(execution)) break;
    const ended = await executeOne(permit, execution);
    if (ended === undefined) continue;
    if ("gate" in ended) refusals.push({ ...ended, says: sayRefusal(ended.says) });
    else outcomes.push({ ...ended, says: hideKeyIds(ended.says) });
  }
  return { outcomes, refusals };
}

const mayBegin = ({ stop, lease }: Execution): boolean => !stop.aborted && lease.isHeld();

async function executeOne(permit: Permit, execution: Execution): Promise<Outcome | Refusal | undefined> {
  const { action } = permit;
  try {
    const pause = await execution.findPause();
    if (pause !== undefined) return { action, gate: "paused", says: pause.reason };
    const kind = kindOf(action, execution.kinds);
    const standing = await kind.stand(action);
    if (standing.is === "refused") return { action, gate: standing.gate, says: standing.says };
    if (standing.is === "unneeded") return { action, ending: "unneeded", says: standing.says };
    // To look takes time, and so does whoever takes over.
    if (!mayBegin(execution)) return undefined;
    const { journal, planHash, limits } = execution;
    const { before } = standing;
    const cap = capOf(action);
    const limit = cap === undefined ? undefined : limits[cap]?.limit;
    const intending = await journal.intend(permit, { before, planHash, limit });
    if (intending.is === "capped") return { action, gate: "cap", says: "others have used it up meanwhile" };
    if (intending.is === "taken") return undefined;
    return await carryOut(kind, { intent: intending.intent, before }, execution);
  } catch (thrown) {
    return { action, ending: "failed", says: messageOf(thrown) };
  }
}

interface Begun {
  readonly intent: Intent;
  readonly before: JsonObject;
}

async function carryOut(kind: ActionKind, begun: Begun, execution: Execution): Promise<Outcome> {
  const { intent, before } = begun;
  const { action } = intent;
  const since = execution.clock();
  const attempt = await tryWrite(kind, begun, execution.patience);
  try {
    const confirmation = await kind.confirm({ action, reference: intent.reference, since, before }, attempt);
    const entry = await conclude(action, confirmation, { kind, journal: execution.journal, wasInterrupted: false });
    return { action, ending: endingOf(confirmation), says: entry.says ?? "" };
  } catch (thrown) {
    // It stays open in the journal, and the next run asks the world.
    return { action, ending: "unknown", says: messageOf(attempt.thrown ?? thrown) };
  }
}

async function tryWrite(kind: ActionKind, { intent, before }: Begun, patience: Millis): Promise<Attempt> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new OpsError("unreachable", `no end within ${patience / 1000} s`)), patience);
  });
  try {
    const written: JsonObject = await Promise.race([kind.write(intent, before), late]);
    return { written };
  } catch (thrown) {
    return { thrown };
  } finally {
    clearTimeout(timer);
  }
}
