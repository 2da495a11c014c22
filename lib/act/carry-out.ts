import { messageOf, OpsError } from "../core/errors.ts";
import type { Millis } from "../core/time.ts";
import type { Outcome, PlannedAction } from "./action.ts";
import { writeAll } from "./batches.ts";
import { conclude, endingOf } from "./conclude.ts";
import type { Journal } from "./journal.ts";
import type { AnyKind, Attempt, Begun, Confirmation } from "./kind.ts";

interface Carrying {
  readonly kind: AnyKind;
  readonly journal: Journal;
  readonly clock: () => Millis;
  readonly patience: Millis;
}

/** Writes what is journaled, all in one call, and brings each to an end of its own. */
export async function carryOut(begun: readonly Begun[], carrying: Carrying): Promise<readonly Outcome[]> {
  const since = carrying.clock();
  const attempts = await tryWrite(begun, carrying);
  // Each may wait for the world to show it.
  const written = begun.map(({ intent, before }, index) => {
    const attempt = attempts[index] ?? {};
    const { action, reference } = intent;
    return { action, attempt, answer: hear(carrying.kind.confirm({ action, reference, since, before }, attempt)) };
  });
  const outcomes: Outcome[] = [];
  for (const one of written) outcomes.push(await endOne(one, carrying));
  return outcomes;
}

/** Ends what was journaled and will not be written: nobody's failure, and begun again when it is next due. */
export async function letGo(begun: readonly Begun[], { kind, journal }: Carrying): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { intent } of begun) {
    const { action } = intent;
    const says = "the run was over before it was written";
    outcomes.push({ action, ending: "failed", says });
    await conclude(action, { is: "not_done", says }, { kind, journal, wasInterrupted: true }).catch(() => undefined);
  }
  return outcomes;
}

interface Written {
  readonly action: PlannedAction;
  readonly attempt: Attempt;
  readonly answer: Promise<Answer>;
}

type Answer = { readonly confirmation: Confirmation } | { readonly thrown: unknown };

/** It may fail while another is waited for, and before anybody looks. */
const hear = (confirming: Promise<Confirmation>): Promise<Answer> =>
  confirming.then(
    (confirmation) => ({ confirmation }),
    (thrown: unknown) => ({ thrown }),
  );

async function endOne({ action, attempt, answer }: Written, { kind, journal }: Carrying): Promise<Outcome> {
  try {
    const heard = await answer;
    if ("thrown" in heard) throw heard.thrown;
    const { confirmation } = heard;
    const entry = await conclude(action, confirmation, { kind, journal, wasInterrupted: false });
    return { action, ending: endingOf(confirmation), says: entry.says ?? "" };
  } catch (thrown) {
    // It stays open in the journal, and the next run asks the world.
    return { action, ending: "unknown", says: messageOf(attempt.thrown ?? thrown) };
  }
}

async function tryWrite(begun: readonly Begun[], { kind, clock, patience }: Carrying): Promise<readonly Attempt[]> {
  const overdue = new AbortController();
  const late = new Promise<never>((_resolve, reject) => {
    overdue.signal.addEventListener("abort", () => reject(overdue.signal.reason));
  });
  const giveUp = () => overdue.abort(new OpsError("unreachable", `no end within ${patience / 1000} s`));
  const timer = setTimeout(giveUp, patience);
  try {
    const attempts = await Promise.race([writeAll(kind, begun, overdue.signal), late]);
    return begun.map((_one, index) => ({ ...attempts[index], endedAt: clock() }));
  } catch (thrown) {
    return begun.map(() => ({ thrown, endedAt: clock() }));
  } finally {
    clearTimeout(timer);
  }
}
