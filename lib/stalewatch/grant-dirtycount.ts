import { dirtycountActionsOf } from "../dirtycount/permissions.ts";
import { dirtycountSettings } from "../dirtycount/settings.ts";
import type { Frame } from "../runtime/frame.ts";
import { type Granted, grantRun } from "./grant-run.ts";
import { loadRun } from "./load-run.ts";

export async function grantDirtycount(
  frame: Frame,
  options: { readonly account: string | undefined },
): Promise<Granted> {
  const loaded = await loadRun(frame, options, dirtycountSettings);
  if (!loaded.ok) return loaded;
  const { run, settings } = loaded;
  const grants = grantRun(run, {
    account: options.account,
    actions: dirtycountActionsOf(run.mode, settings),
    ...{ secrets: [], credstashRegion: undefined },
  });
  return { ok: true, grants };
}
