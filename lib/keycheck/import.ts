import type { Millis } from "../core/time.ts";
import type { Store } from "../state/store.ts";
import { newLadder } from "./ladder.ts";
import { openLadders } from "./ladders.ts";
import { type MappedPings, mapPings, notePings, type OwnedKey, type PingMapping } from "./last-pings.ts";
import { parseMemory } from "./memory.ts";

export interface ImportRequest {
  readonly store: Store;
  readonly accountId: string;
  /** Of the original's table. */
  readonly items: readonly ReadonlyMap<string, string>[];
  readonly clock: () => Millis;
  /** Only says what would become of it. */
  readonly isDry: boolean;
}

export interface Imported extends PingMapping {
  /** Users of the account that are remembered: without any, no key can be told whose it is. */
  readonly users: number;
  /** Of those mapped, what was not remembered already. */
  readonly news: readonly MappedPings[];
}

/** Takes over when the original last told a key's owner; done again it changes nothing. */
export async function importPings({ store, accountId, items, clock, isDry }: ImportRequest): Promise<Imported> {
  const { keys, users } = await rememberedKeys(store, accountId);
  const mapping = mapPings(items, keys, clock());
  const ladders = openLadders(store, accountId, clock);
  const known = await ladders.load();
  const news = mapping.mapped.filter(({ key, pings }) => {
    const { lastNoticeAt = Number.NEGATIVE_INFINITY, firstNoticeAt = Number.POSITIVE_INFINITY } =
      known.get(key.id) ?? {};
    return lastNoticeAt < pings.last || firstNoticeAt > pings.first;
  });
  for (const { user, key, pings } of isDry ? [] : news)
    await ladders.update(newLadder(user, key), (ladder) => notePings(ladder, pings));
  return { ...mapping, users, news };
}

async function rememberedKeys(store: Store, accountId: string) {
  const keys = new Map<string, OwnedKey>();
  let users = 0;
  for await (const { id: user, body } of store.list(`keycheck.users#${accountId}`)) {
    const memory = parseMemory(user, body);
    if (memory === undefined) continue;
    users += 1;
    for (const key of memory.keys) keys.set(key.id, { user, key });
  }
  return { keys, users };
}
