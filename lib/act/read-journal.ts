import type { Store } from "../state/store.ts";
import { actionName, type PlannedAction } from "./action.ts";
import { accountOf, asEntry, type JournalEntry, journalOf, openOf } from "./entry.ts";

type Account = Pick<PlannedAction, "program" | "accountId">;

/** All that one account's journal holds, in the order of its ids. */
export async function* listEntries(store: Store, account: Account): AsyncGenerator<JournalEntry> {
  for await (const { body } of store.list(journalOf(account))) yield asEntry(body);
}

/** What is begun and not yet concluded; what was about to begin has no entry. */
export async function* listOpenEntries(store: Store, account: Account): AsyncGenerator<JournalEntry> {
  for await (const { id } of store.list(openOf(account))) {
    const entry = await findEntry(store, id);
    if (entry !== undefined) yield entry;
  }
}

/** Subjects of what is open, of these kinds: begun or about to begin, by whichever process, and of unknown end so far. */
export async function listOpenSubjects(
  store: Store,
  account: Account,
  kinds: readonly string[],
): Promise<ReadonlySet<string>> {
  const subjects = new Set<string>();
  for await (const { id } of store.list(openOf(account))) {
    const name = actionName(id);
    if (name !== undefined && kinds.includes(name.kind)) subjects.add(name.subject);
  }
  return subjects;
}

/** Undefined also for what is no id of a journal. */
export async function findEntry(store: Store, id: string): Promise<JournalEntry | undefined> {
  const account = accountOf(id);
  const found = account && (await store.get(journalOf(account), id));
  return found && asEntry(found.body);
}
