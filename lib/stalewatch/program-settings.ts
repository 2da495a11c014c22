import { dirtycountSettings } from "../dirtycount/settings.ts";
import { dirtymarkSettings } from "../dirtymark/settings.ts";
import { keycheckSettings } from "../keycheck/settings.ts";
import type { Declaration } from "../settings/declare.ts";
import { tagauditSettings } from "../tagaudit/settings.ts";

/** Of every program, by its name. */
export const programSettings = {
  keycheck: keycheckSettings,
  tagaudit: tagauditSettings,
  dirtymark: dirtymarkSettings,
  dirtycount: dirtycountSettings,
} as const satisfies Readonly<Record<string, Declaration>>;
