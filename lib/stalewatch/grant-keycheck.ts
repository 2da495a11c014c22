import type { Grant } from "../aws/policy-document.ts";
import { modeOf } from "../keycheck/mode.ts";
import { keycheckActions, keycheckSecrets } from "../keycheck/permissions.ts";
import { keycheckSettings } from "../keycheck/settings.ts";
import type { Frame } from "../runtime/frame.ts";
import { loadRun } from "./load-run.ts";
import { grantScopes, grantSecrets, grantState } from "./policy-grants.ts";

export type Granted =
  | { readonly ok: true; readonly grants: readonly Grant[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The scanned accounts' statement first, then those of the account at home: getting into the others, state, secrets. */
export async function grantKeycheck(frame: Frame, options: { readonly account: string | undefined }): Promise<Granted> {
  const loaded = await loadRun(frame, options, keycheckSettings);
  if (!loaded.ok) return loaded;
  const { run, settings, origins } = loaded;
  const { account } = options;
  const { mode } = modeOf(settings, { mode: run.mode, origins });
  const statePlace = { account, region: run.stateRegion ?? run.region };
  const credstashPlace = { account, region: settings.credstashRegion ?? run.region };
  return {
    ok: true,
    grants: [
      { sid: "Stalewatch", actions: keycheckActions(mode, settings), resources: "*" },
      ...grantScopes(run),
      ...grantState(run, statePlace),
      ...grantSecrets(keycheckSecrets(mode, settings), { account, region: run.region }, credstashPlace),
    ],
  };
}
