import type { Grant, Trust } from "../aws/policy-document.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { SecretSource } from "../settings/secret-settings.ts";
import { grantScopes, grantSecrets, grantState } from "./policy-grants.ts";

/** What one program's settings have it call. */
export interface RunCalls {
  /** The account that the state's table and secrets lie in, where it is known. */
  readonly account: string | undefined;
  /** In each account that is scanned. */
  readonly actions: readonly string[];
  /** What they are called on; absent: anything. */
  readonly resources?: Grant["resources"];
  readonly secrets: readonly SecretSource[];
  /** Of `secrets` alone. */
  readonly credstashRegion: string | undefined;
}

export type Granted =
  | { readonly ok: true; readonly grants: readonly (Grant | Trust)[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The scanned accounts' statement first, then those of the account at home: getting into the others, state, secrets. */
export function grantRun(run: RunSettings, calls: RunCalls): readonly Grant[] {
  const { account, actions, resources = "*", secrets, credstashRegion } = calls;
  const home = { account, region: run.region };
  return [
    { sid: "Stalewatch", actions, resources },
    ...grantScopes(run),
    ...grantState(run, { account, region: run.stateRegion ?? run.region }),
    ...mergeGrants([
      ...grantSecrets(secrets, home, { account, region: credstashRegion ?? run.region }),
      ...grantSecrets(sinkSecrets(run), home, home),
    ]),
  ];
}

/** What sinks beyond this machine sign in with. */
const sinkSecrets = (run: RunSettings): readonly SecretSource[] =>
  run.sink.includes("elasticsearch")
    ? [run.elasticsearchApiKey, run.elasticsearchUser, run.elasticsearchPassword].filter((one) => one !== undefined)
    : [];

/** A policy takes each Sid once. */
function mergeGrants(grants: readonly Grant[]): readonly Grant[] {
  const merged = new Map<string, Grant>();
  for (const grant of grants) {
    const resources = [...(merged.get(grant.sid)?.resources ?? []), ...grant.resources];
    merged.set(grant.sid, { ...grant, resources: [...new Set(resources)] });
  }
  return [...merged.values()];
}
