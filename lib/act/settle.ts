import { messageOf } from "../core/errors.ts";
import { actionId } from "./action.ts";
import { type ActionKinds, type Concluding, conclude, kindOf, recordEnding } from "./conclude.ts";
import type { JournalEntry } from "./entry.ts";
import { type Journal, referenceOf } from "./journal.ts";
import type { Intended } from "./kind.ts";
import { hideKeyIds } from "./wording.ts";

/**
 * Heals what a process that is gone left open, or of that only the action with one id: asks the world, and journals what
 * is true. Returns what it could not.
 */
export async function settle(journal: Journal, kinds: ActionKinds, only?: string): Promise<readonly string[]> {
  const unsettled: string[] = [];
  for await (const adopted of journal.adopt(only)) {
    if (adopted.is === "left") {
      unsettled.push(`${hideKeyIds(adopted.id)}: left to the process that began it`);
      continue;
    }
    const { entry } = adopted;
    const { action } = entry;
    try {
      await settleOne(entry, { kind: kindOf(action, kinds), journal, wasInterrupted: true });
    } catch (thrown) {
      unsettled.push(`${actionId(action)}: ${hideKeyIds(messageOf(thrown))}`);
    }
  }
  return unsettled;
}

async function settleOne(entry: JournalEntry, concluding: Concluding): Promise<void> {
  const { action, state } = entry;
  if (state === "intended") {
    const { intendedAt: since, before } = entry;
    const intended: Intended = { action, reference: referenceOf(actionId(action)), since, before };
    await conclude(action, await concluding.kind.confirm(intended, {}), concluding);
    return;
  }
  await recordEnding(entry, concluding);
}
