import { readFile } from "node:fs/promises";
import type { Frame } from "../runtime/frame.ts";
import { loadScheme } from "../tagaudit/load-scheme.ts";
import { modeOf } from "../tagaudit/mode.ts";
import { tagauditActions, tagauditSecrets } from "../tagaudit/permissions.ts";
import { tagauditSettings } from "../tagaudit/settings.ts";
import { type Granted, grantRun } from "./grant-run.ts";
import { loadRun } from "./load-run.ts";

/** What a run calls depends on its scheme, too: only some rules look at users, or let protection be taken off. */
export async function grantTagaudit(frame: Frame, options: { readonly account: string | undefined }): Promise<Granted> {
  const loaded = await loadRun(frame, options, tagauditSettings);
  if (!loaded.ok) return loaded;
  const { run, settings, origins } = loaded;
  const asked = await loadScheme(settings, origins.program, (path) => readFile(path, "utf8"));
  if (!asked.ok) return asked;
  const { mode } = modeOf(settings, { mode: run.mode, origins });
  const grants = grantRun(run, {
    account: options.account,
    actions: tagauditActions(mode, { sink: run.sink, scheme: asked.scheme, settings }),
    secrets: tagauditSecrets(mode, settings),
    credstashRegion: settings.credstashRegion,
  });
  return { ok: true, grants };
}
