import { OpsError } from "../core/errors.ts";
import { actionId, type PlannedAction } from "./action.ts";
import type { JournalEntry } from "./entry.ts";
import type { Journal } from "./journal.ts";
import type { AnyKind, Concludable, Confirmation } from "./kind.ts";

/** By name. */
export type ActionKinds = ReadonlyMap<string, AnyKind>;

export interface Concluding {
  readonly kind: Concludable;
  readonly journal: Journal;
  readonly wasInterrupted: boolean;
}

/** Journals what is true, then the program's own records, then lets go: a crash in between repeats what follows it. */
export async function conclude(
  action: PlannedAction,
  confirmation: Confirmation,
  concluding: Concluding,
): Promise<JournalEntry> {
  const entry = await concluding.journal.end(action, {
    ending: endingOf(confirmation),
    says: confirmation.is === "done" ? action.reason : confirmation.says,
    after: confirmation.is === "done" ? confirmation.after : undefined,
    wasInterrupted: concluding.wasInterrupted,
  });
  await recordEnding(entry, concluding);
  return entry;
}

export async function recordEnding(entry: JournalEntry, { kind, journal }: Concluding): Promise<void> {
  const { action, state } = entry;
  await kind.record?.(entry);
  if (action.undoes !== undefined && state === "applied")
    await journal.amend(action.undoes, { undoneBy: actionId(action) });
  await journal.close(action);
}

const endings = { done: "applied", not_done: "failed", unneeded: "unneeded", unknown: "unknown" } as const;

export const endingOf = ({ is }: Confirmation) => endings[is];

export function kindOf({ kind }: PlannedAction, kinds: ActionKinds): AnyKind {
  const found = kinds.get(kind);
  if (found === undefined) throw new OpsError("other", `no such kind of action: "${kind}"`);
  return found;
}
