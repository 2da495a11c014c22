import { keycheckSettings } from "../keycheck/settings.ts";
import type { Declaration } from "../settings/declare.ts";
import { tagauditSettings } from "../tagaudit/settings.ts";

/** Of every program, by its name. */
export const programSettings = {
  keycheck: keycheckSettings,
  tagaudit: tagauditSettings,
} as const satisfies Readonly<Record<string, Declaration>>;
