import { days, type Millis } from "../core/time.ts";
import type { Store } from "../state/store.ts";

/** What caps have let through in the last 24 hours, counted in the store: one count for all processes and shards. */
export interface Spending {
  spent(cap: string): Promise<number>;
  /** `full` where the limit is reached; an action that was counted already passes, and is not counted again. */
  reserve(cap: string, id: string, limit: number): Promise<"reserved" | "counted" | "full">;
  /** Gives back what was certainly not done. */
  refund(cap: string, id: string): Promise<void>;
}

type Spent = { readonly id: string; readonly at: Millis };
type SpendingBody = { readonly spent: readonly Spent[] };

interface Purse {
  readonly store: Store;
  readonly program: string;
  readonly accountId: string;
  readonly clock: () => Millis;
}

export function openSpending({ store, program, accountId, clock }: Purse): Spending {
  const collection = `spent.${program}#${accountId}`;
  const read = async (cap: string) => {
    const found = await store.get<SpendingBody>(collection, cap);
    const since = clock() - days(1);
    return { version: found?.version, spent: (found?.body.spent ?? []).filter(({ at }) => at > since) };
  };
  const write = async (cap: string, version: number | undefined, spent: readonly Spent[]) => {
    const body = { spent };
    if (version === undefined) return (await store.create(collection, cap, body)) === "created";
    return (await store.replace(collection, cap, { body, expectedVersion: version })) === "replaced";
  };
  return {
    spent: async (cap) => (await read(cap)).spent.length,
    async reserve(cap, id, limit) {
      for (;;) {
        const { version, spent } = await read(cap);
        if (spent.some((one) => one.id === id)) return "counted";
        if (spent.length >= limit) return "full";
        if (await write(cap, version, [...spent, { id, at: clock() }])) return "reserved";
      }
    },
    async refund(cap, id) {
      for (;;) {
        const { version, spent } = await read(cap);
        if (!spent.some((one) => one.id === id)) return;
        if (
          await write(
            cap,
            version,
            spent.filter((one) => one.id !== id),
          )
        )
          return;
      }
    },
  };
}
