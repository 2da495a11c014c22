import { idOf, type JournalEntry } from "../act/entry.ts";
import { hideKeyIds } from "../act/wording.ts";
import { formatColumns, shorten } from "../core/columns.ts";
import { formatInstant } from "../core/time.ts";

/** For people; the id, which `undo` takes, is never cut. */
export function formatJournalTable(entries: readonly JournalEntry[]): string {
  if (entries.length === 0) return "the journal has nothing of that\n";
  return formatColumns([["WHEN", "STATE", "KIND", "SUBJECT", "WHY", "ID"], ...entries.map(formatRow)]);
}

function formatRow(entry: JournalEntry): readonly string[] {
  const { action, intendedAt, says = action.reason } = entry;
  const { kind, subject } = action;
  return [formatInstant(intendedAt), stateOf(entry), kind, subject, shorten(hideKeyIds(says)), idOf(entry)];
}

const stateOf = ({ state, undoneBy }: JournalEntry): string => (undoneBy === undefined ? state : "undone");

/** For machines: one object a line, access key ids cut to their last five characters as everywhere. */
export const formatJournalLines = (entries: readonly JournalEntry[]): string =>
  entries.map((entry) => `${JSON.stringify(documentOf(entry))}\n`).join("");

function documentOf(entry: JournalEntry) {
  const { action, attempt, before, after, says, who, intendedAt, endedAt, planHash, undoneBy } = entry;
  const { program, accountId, kind, subject, reason, decidedBy, undoes } = action;
  const told = { reason, says, before, after, detail: action.detail };
  return {
    ...{ id: idOf(entry), program, account: accountId, kind, subject, state: entry.state, attempt },
    ...{ intended_at: intendedAt, ended_at: endedAt, decided_by: decidedBy, who, plan_hash: planHash },
    ...{ undone_by: undoneBy, undoes },
    ...JSON.parse(hideKeyIds(JSON.stringify(told))),
  };
}
