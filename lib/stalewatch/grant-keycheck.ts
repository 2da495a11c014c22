import { modeOf } from "../keycheck/mode.ts";
import { keycheckActions, keycheckSecrets } from "../keycheck/permissions.ts";
import { keycheckSettings } from "../keycheck/settings.ts";
import type { Frame } from "../runtime/frame.ts";
import { type Granted, grantRun } from "./grant-run.ts";
import { loadRun } from "./load-run.ts";

export async function grantKeycheck(frame: Frame, options: { readonly account: string | undefined }): Promise<Granted> {
  const loaded = await loadRun(frame, options, keycheckSettings);
  if (!loaded.ok) return loaded;
  const { run, settings, origins } = loaded;
  const { mode } = modeOf(settings, { mode: run.mode, origins });
  const grants = grantRun(run, {
    account: options.account,
    actions: keycheckActions(mode, settings),
    secrets: keycheckSecrets(mode, settings),
    credstashRegion: settings.credstashRegion,
  });
  return { ok: true, grants };
}
