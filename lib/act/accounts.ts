import type { Store } from "../state/store.ts";
import type { PlannedAction } from "./action.ts";

const collectionOf = (program: string): string => `accounts.${program}`;

/** Those that this process has noted already; an account, once noted, stays. */
const noted = new WeakMap<Store, Set<string>>();

/** Keeps an account where its journal is found without naming it: a store can't list its collections. */
export async function noteAccount(
  store: Store,
  { program, accountId }: Pick<PlannedAction, "program" | "accountId">,
): Promise<void> {
  const known = noted.get(store) ?? new Set();
  noted.set(store, known);
  const name = `${program}/${accountId}`;
  if (known.has(name)) return;
  await store.create(collectionOf(program), accountId, {});
  known.add(name);
}

/** The accounts in which a program has begun anything, by their ids. */
export async function listAccounts(store: Store, program: string): Promise<readonly string[]> {
  const accounts: string[] = [];
  for await (const { id } of store.list(collectionOf(program))) accounts.push(id);
  return accounts;
}
