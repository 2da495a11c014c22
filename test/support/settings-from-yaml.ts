import { stringify } from "yaml";
import type { Declaration, SettingsOf } from "../../lib/settings/declare.ts";
import { loadYaml } from "../../lib/settings/load-yaml.ts";
import { readFileSettings } from "../../lib/settings/read-file.ts";
import { resolveSettings } from "../../lib/settings/resolve.ts";

/** A program's settings as its section of a settings file gives them, by the machinery that users meet. */
export function settingsFromYaml<Declared extends Declaration>(
  declared: Declared,
  section: object,
): SettingsOf<Declared> {
  const file = loadYaml("input.yaml", stringify({ [declared.section]: section }));
  const resolved = resolveSettings([declared], [readFileSettings([declared], file)]);
  if (!resolved.ok) throw new Error(resolved.problems.join("\n"));
  return resolved.settings[0];
}
