import { actionId, type PlannedAction } from "../act/action.ts";
import type { JournalEntry } from "../act/entry.ts";
import { type Failures, noteFailure } from "../act/failures.ts";
import type { Millis } from "../core/time.ts";

type FindEntry = (id: string) => Promise<JournalEntry | undefined>;

/** Those that their occasion has not seen yet: what has failed waits, and what may have been done is not done again. */
export async function stillToDo<Action extends PlannedAction>(
  actions: readonly Action[],
  find: FindEntry,
): Promise<readonly Action[]> {
  const planned: Action[] = [];
  for (const action of actions) {
    const entry = await find(actionId(action));
    if (entry === undefined) planned.push(action);
    else if (entry.state === "failed") planned.push({ ...action, notBefore: retryAt(entry) });
  }
  return planned;
}

/** What was cut short is tried again at once. */
function retryAt({
  action: { kind },
  attempt,
  intendedAt,
  endedAt = intendedAt,
  wasInterrupted,
}: JournalEntry): Millis {
  if (wasInterrupted === true) return endedAt;
  const { failures } = noteFailure<{ readonly failures?: Failures }>({}, kind, { at: endedAt, attempt });
  return failures?.[kind]?.retryAt ?? endedAt;
}
