import type { AccountEntry } from "../settings/accounts-file.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import { isChosenAccount } from "./choose-account.ts";
import { profileScope, roleScope, type ScopeSource } from "./scopes.ts";

export interface ScopeSettings {
  readonly program: string;
  readonly run: RunSettings;
  /** What the file of the setting `accounts` lists; undefined without one. */
  readonly accounts: readonly AccountEntry[] | undefined;
}

export interface ScopeLister {
  /** The scopes of a round; one that stays keeps its session, so an execd process stays warm. */
  list(stop: AbortSignal): Promise<readonly ScopeSource[]>;
  /** Whose credentials list the organization; undefined where listing asks nobody. */
  readonly organization: ScopeSource | undefined;
}

export function openScopeLister(settings: ScopeSettings): ScopeLister {
  const base = baseScope(settings.run);
  if (settings.run.organization) return { organization: base, list: organizationLister(base, settings) };
  const scopes = listedScopes(base, settings).filter(
    ({ accountId }) => accountId === undefined || isChosenAccount(accountId, settings.run),
  );
  return { organization: undefined, list: async () => scopes };
}

function listedScopes(base: ScopeSource, settings: ScopeSettings): readonly ScopeSource[] {
  const { accounts, run, program } = settings;
  if (accounts !== undefined) return accounts.map((entry) => entryScope(entry, base, settings));
  if (run.roleArns.length > 0) {
    const common = { externalId: run.externalId, base, program };
    return [...new Set(run.roleArns)].map((arn) =>
      roleScope({ ...common, name: arn, accountId: accountOf(arn), roleArn: () => arn }),
    );
  }
  const [first, ...others] = new Set(run.profiles);
  if (first === undefined) return [base];
  return [base, ...others.map((profile) => profileScope({ name: profile, profile, region: run.region }))];
}

/** The credentials that read the organization and assume roles: the one profile's, else the SDK's own chain's. */
function baseScope({ profiles, region }: RunSettings): ScopeSource {
  const [profile] = profiles;
  return profileScope({ name: profile ?? "default", profile, region });
}

function entryScope(entry: AccountEntry, base: ScopeSource, { run, program }: ScopeSettings): ScopeSource {
  if (entry.by === "profile") return profileScope({ name: entry.name, profile: entry.profile, region: run.region });
  const common = { name: entry.name, externalId: entry.externalId ?? run.externalId, base, program };
  if (entry.by === "role") {
    return roleScope({ ...common, accountId: accountOf(entry.roleArn), roleArn: () => entry.roleArn });
  }
  return roleScope({
    ...common,
    accountId: entry.accountId,
    roleArn: (partition) => roleArnOf(partition, entry.accountId, entry.roleName ?? run.roleName),
  });
}

/** Accounts come and go, so each round lists them; the account of the base credentials needs no role. */
function organizationLister(base: ScopeSource, { run, program }: ScopeSettings): ScopeLister["list"] {
  const known = new Map<string, ScopeSource>();
  const scopeOf = (accountId: string) =>
    roleScope({
      ...{ name: accountId, accountId, externalId: run.externalId, base, program },
      roleArn: (partition) => roleArnOf(partition, accountId, run.roleName),
    });
  return async (stop) => {
    const { scope: own, session } = await base.open(stop);
    // A run without an organization does not pay for the client of its service.
    const [{ organizationsClient }, { listFilteredAccounts }] = await Promise.all([
      import("./client/organizations.ts"),
      import("./organization-accounts.ts"),
    ]);
    const listed = await listFilteredAccounts({ client: organizationsClient(session), stop }, run);
    return listed
      .filter(({ id }) => isChosenAccount(id, run))
      .map(({ id }) => {
        const scope = known.get(id) ?? (id === own.accountId ? base : scopeOf(id));
        known.set(id, scope);
        return scope;
      });
  };
}

const accountOf = (roleArn: string): string | undefined => roleArn.split(":")[4];

const roleArnOf = (partition: string, accountId: string, roleName: string): string =>
  `arn:${partition}:iam::${accountId}:role/${roleName}`;
