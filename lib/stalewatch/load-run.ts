import { readFile } from "node:fs/promises";
import type { Argv } from "yargs";
import type { Frame } from "../runtime/frame.ts";
import { callSettings } from "../settings/call-settings.ts";
import {
  type Declaration,
  type DeclaredSetting,
  declareSettings,
  type OriginsOf,
  type SettingsOf,
} from "../settings/declare.ts";
import { loadSettings } from "../settings/load-settings.ts";
import { undashed } from "../settings/read-flags.ts";
import { type RunSettings, runSettings } from "../settings/run-settings.ts";

const { state, stateDirectory, stateTable, stateProfile, stateRegion, mode } = runSettings.settings;

/** Settings that commands take as flags, too; all others come from the environment and the settings file. */
const flagged = {
  place: [callSettings.settings.config, state, stateDirectory, stateTable, stateProfile, stateRegion],
  mode: [mode],
} as const satisfies Record<string, readonly DeclaredSetting[]>;

/** Adds the options that say where what is remembered lies. */
export const takePlace = <Options>(yargs: Argv<Options>): Argv<Options> => takeSettings(yargs, flagged.place);

/** Adds the option that says how far a program goes. */
export const takeMode = <Options>(yargs: Argv<Options>): Argv<Options> => takeSettings(yargs, flagged.mode);

function takeSettings<Options>(yargs: Argv<Options>, settings: readonly DeclaredSetting[]): Argv<Options> {
  for (const { names, says, default: fallback } of settings)
    for (const flag of names.flag)
      yargs.option(undashed(flag), {
        ...{ type: "string", group: "Settings, as of a run:", describe: says },
        ...(typeof fallback === "string" ? { defaultDescription: fallback } : {}),
      });
  return yargs;
}

/** Of commands that read no program's settings. */
export const noProgram = declareSettings("stalewatch", {});

export type LoadedRun<Declared extends Declaration> =
  | {
      readonly ok: true;
      readonly run: RunSettings;
      readonly settings: SettingsOf<Declared>;
      readonly origins: { readonly run: OriginsOf<typeof runSettings>; readonly program: OriginsOf<Declared> };
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Settings as a run of the program would have them; `flags` may hold other options of the command. */
export async function loadRun<Declared extends Declaration>(
  { environment }: Frame,
  flags: object,
  declaration: Declared,
): Promise<LoadedRun<Declared>> {
  const loaded = await loadSettings({
    ...{ program: "stalewatch", says: "", examples: [] },
    declarations: [runSettings, declaration],
    argv: argvOf(new Map(Object.entries(flags))),
    environment,
    readFile: (path) => readFile(path, "utf8"),
  });
  if (loaded.kind === "settings") {
    const { run, program: settings, origins } = loaded;
    return { ok: true, run, settings, origins };
  }
  return { ok: false, problems: loaded.kind === "problems" ? loaded.problems : [] };
}

/** Back into the words that yargs took apart, so that settings are read, and refused, as a program would. */
const argvOf = (given: ReadonlyMap<string, unknown>): string[] =>
  Object.values(flagged)
    .flat()
    .flatMap(({ names }) => names.flag)
    .flatMap((flag) => {
      const value = given.get(undashed(flag));
      return value === undefined ? [] : [`${flag}=${value}`];
    });
