import type { RunSettings } from "../settings/run-settings.ts";
import { chooseShard } from "../settings/shard.ts";

export type AccountSelection = Pick<
  RunSettings,
  "includeAccounts" | "excludeAccounts" | "shard" | "shards" | "shardIndex"
>;

/** Whether these settings have an account scanned: not excluded, included where that says anything, and of this shard. */
export function isChosenAccount(accountId: string, run: AccountSelection): boolean {
  if (run.excludeAccounts.includes(accountId)) return false;
  if (run.includeAccounts.length > 0 && !run.includeAccounts.includes(accountId)) return false;
  const shard = chooseShard(run);
  return shard === undefined || hashAccount(accountId) % shard.count === shard.index;
}

/** FNV-1a, 32 bits: any even spread does, as long as every process and release spreads alike. */
function hashAccount(accountId: string): number {
  let hash = 0x811c9dc5;
  for (const letter of accountId) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}
