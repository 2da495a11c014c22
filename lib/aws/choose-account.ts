import { hashText } from "../core/hash.ts";
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
  return shard === undefined || hashText(accountId) % shard.count === shard.index;
}
