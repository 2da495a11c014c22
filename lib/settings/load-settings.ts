import { callSettings } from "./call-settings.ts";
import type { Declaration, OriginsOf, SettingsOf } from "./declare.ts";
import { type Described, formatHelp } from "./help.ts";
import { parseArguments } from "./load-arguments.ts";
import { loadFile, type ReadText } from "./load-file.ts";
import { parseValue } from "./parse-value.ts";
import { type Environment, readEnvironment } from "./read-environment.ts";
import { noFile, readFileSettings, type YamlFile } from "./read-file.ts";
import { readFlags } from "./read-flags.ts";
import type { Reading } from "./reading.ts";
import { resolveSettings } from "./resolve.ts";

interface SettingsRequest<Run, Program> extends Described {
  /** What every program shares, and the program's own. */
  readonly declarations: readonly [Run, Program];
  readonly argv: readonly string[];
  readonly environment: Environment;
  readonly readFile: ReadText;
}

export type Loaded<Run, Program> =
  | {
      readonly kind: "settings";
      readonly run: SettingsOf<Run>;
      readonly program: SettingsOf<Program>;
      readonly origins: { readonly run: OriginsOf<Run>; readonly program: OriginsOf<Program> };
    }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "version" }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/** Reads all sources and settles every setting, or says all that is wrong at once. Nothing is thrown. */
export async function loadSettings<Run extends Declaration, Program extends Declaration>(
  request: SettingsRequest<Run, Program>,
): Promise<Loaded<Run, Program>> {
  const { argv, environment } = request;
  const [run, program] = request.declarations;
  const all = [callSettings, run, program] as const;
  const flags = readFlags(all, parseArguments(argv, all));
  if (asksFor("help", flags)) return { kind: "help", text: formatHelp(request, [program, run]) };
  if (asksFor("version", flags)) return { kind: "version" };
  const variables = readEnvironment(all, environment);
  const file = await findFile([flags, variables], request.readFile);
  const resolved = resolveSettings(all, [flags, variables, readFileSettings([run, program], file)]);
  if (!resolved.ok) return { kind: "problems", problems: resolved.problems };
  const [, runValues, programValues] = resolved.settings;
  const [, runOrigins, programOrigins] = resolved.origins;
  return {
    kind: "settings",
    run: runValues,
    program: programValues,
    origins: { run: runOrigins, program: programOrigins },
  };
}

/** Help is given whatever else is wrong. */
function asksFor(key: "help" | "version", { given }: Reading): boolean {
  const asked = callSettings.settings[key];
  const parsed = given.filter(({ setting }) => setting === asked).map(({ raw }) => parseValue(asked.kind, raw));
  return parsed.some((one) => one.ok && one.value === true);
}

/** What is wrong with the flags and variables waits until the file has been read, too. */
async function findFile(readings: readonly Reading[], readFile: ReadText): Promise<YamlFile> {
  const quiet = readings.map((reading) => ({ ...reading, problems: [] }));
  const call = resolveSettings([callSettings], quiet);
  if (!call.ok) return { ...noFile, isIncomplete: true };
  const [{ config }] = call.settings;
  const [origins] = call.origins;
  return config === undefined ? noFile : loadFile(config, origins.config.where, readFile);
}
