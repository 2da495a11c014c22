import { openScopeLister, type ScopeSettings } from "../aws/list-scopes.ts";
import { type OpenScope, profileScope, type ScopeSource } from "../aws/scopes.ts";
import { OpsError } from "../core/errors.ts";
import type { RunSettings } from "../settings/run-settings.ts";

interface AccountRequest extends ScopeSettings {
  readonly accountId: string;
  /** Whose credentials are taken for the account's, whatever the settings say. */
  readonly profile: string | undefined;
}

/**
 * Opens one account as a run with these settings would. Where none of them leads to it, what they do lead to is opened:
 * whoever acts has to look which account it is.
 */
export async function openAccount(request: AccountRequest, stop: AbortSignal): Promise<OpenScope> {
  const { accountId, profile, run } = request;
  if (profile !== undefined) return profileScope({ name: profile, profile, region: run.region }).open(stop);
  const sources = await openScopeLister({ ...request, run: onlyAccount(run, accountId) }).list(stop);
  const named = sources.find((source) => source.accountId === accountId);
  return named === undefined ? tryEach(sources, accountId, stop) : named.open(stop);
}

/** What leaves accounts to other processes, or to nobody, does not matter to a person who names one. */
const onlyAccount = (run: RunSettings, accountId: string): RunSettings => ({
  ...run,
  ...{ includeAccounts: [accountId], excludeAccounts: [] },
  ...{ includeOus: [], excludeOus: [], includeTags: [], excludeTags: [] },
  ...{ shard: undefined, shards: undefined, shardIndex: undefined },
});

/** Which account a profile is of shows only once it is opened. */
async function tryEach(sources: readonly ScopeSource[], accountId: string, stop: AbortSignal): Promise<OpenScope> {
  let other: OpenScope | undefined;
  let failure: unknown = new OpsError("missing", `the settings lead to no credentials for account "${accountId}"`);
  for (const source of sources) {
    try {
      const opened = await source.open(stop);
      if (opened.scope.accountId === accountId) return opened;
      other = opened;
    } catch (thrown) {
      failure = thrown;
    }
  }
  if (other === undefined) throw failure;
  return other;
}
