import { readFile } from "node:fs/promises";
import { messageOf } from "../core/errors.ts";
import type { Millis } from "../core/time.ts";
import type { Declaration, OriginsOf, SettingsOf } from "../settings/declare.ts";
import type { ReadText } from "../settings/load-file.ts";
import { loadSettings } from "../settings/load-settings.ts";
import { type RunSettings, runSettings } from "../settings/run-settings.ts";
import { chooseShard } from "../settings/shard.ts";
import { refuseForgetfulState } from "../settings/state-settings.ts";
import { ReaderGone } from "../sink/errors.ts";
import { openSinks, type RemoteMeans } from "../sink/open-sinks.ts";
import type { ExitCode, Frame } from "./frame.ts";
import { type Gathering, openGatherer } from "./gather.ts";
import type { Scan } from "./program.ts";
import { version } from "./version.ts";

/** A program is a declaration of settings and what it does with one scope; the rest is the same for all. */
export interface Program<Declared extends Declaration> {
  readonly name: string;
  readonly says: string;
  readonly examples: readonly (readonly [command: string, says: string])[];
  readonly declaration: Declared;
  /** Problems that only the clock, or how it is run, can tell of its settings; in the words of the others. */
  readonly refuses?: (
    settings: SettingsOf<Declared>,
    origins: OriginsOf<Declared>,
    run: RunSettings & { readonly now: Millis },
  ) => readonly string[];
  /** The mode that is meant, where settings of its own have a say in it. */
  readonly modeOf?: (settings: SettingsOf<Declared>, given: GivenMode<Declared>) => ChosenMode;
  /** Reads what settings point to; its problems are refused like theirs. */
  readonly prepare?: (
    settings: SettingsOf<Declared>,
    origins: OriginsOf<Declared>,
    readFile: ReadText,
  ) => Promise<readonly string[]>;
  /** What a run is to print in place of a scan, where settings ask for that. */
  readonly instead?: (
    settings: SettingsOf<Declared>,
    origins: OriginsOf<Declared>,
    readFile: ReadText,
  ) => Promise<Instead | undefined>;
  readonly scan: Scan<SettingsOf<Declared>>;
  /** Whether, by its settings, a run goes on with the next round as soon as one is over, until it is stopped. */
  readonly repeats?: (settings: SettingsOf<Declared>) => boolean;
}

type Instead = { readonly text: string } | { readonly problems: readonly string[] };

interface GivenMode<Declared extends Declaration> {
  readonly mode: RunSettings["mode"];
  readonly origins: { readonly run: OriginsOf<typeof runSettings>; readonly program: OriginsOf<Declared> };
}

interface ChosenMode {
  readonly mode: RunSettings["mode"];
  readonly warning?: string;
}

export async function runProgram<Declared extends Declaration>(
  frame: Frame,
  program: Program<Declared>,
): Promise<ExitCode> {
  const read = (path: string) => readFile(path, "utf8");
  const loaded = await loadSettings({
    ...{ program: program.name, says: program.says, examples: program.examples },
    declarations: [runSettings, program.declaration],
    argv: frame.argv,
    environment: frame.environment,
    readFile: read,
  });
  if (loaded.kind === "help") return print(frame, loaded.text);
  if (loaded.kind === "version") return print(frame, `${program.name} ${version}\n`);
  if (loaded.kind === "problems") return refuse(frame, loaded.problems);
  const { program: settings, origins } = loaded;
  const chosen: ChosenMode = program.modeOf?.(settings, { mode: loaded.run.mode, origins }) ?? loaded.run;
  const run = { ...loaded.run, mode: chosen.mode };
  const refused = program.refuses?.(settings, origins.program, { ...run, now: frame.now() }) ?? [];
  const forgetful = refuseForgetfulState(run, { ...run, isSharded: isSharded(run), environment: frame.environment });
  if (forgetful !== undefined) return refuse(frame, [...refused, `${origins.run.mode.where}: ${forgetful}`]);
  if (refused.length > 0) return refuse(frame, refused);
  frame.log.configure({ level: run.logLevel, format: run.logFormat });
  if (chosen.warning !== undefined) frame.log.warn(chosen.warning);
  const instead = await program.instead?.(settings, origins.program, read);
  if (instead !== undefined) return "text" in instead ? print(frame, instead.text) : refuse(frame, instead.problems);
  const listed = await listAccounts(run.accounts, origins.run.accounts.where, read);
  if (!listed.ok) return refuse(frame, listed.problems);
  const unprepared = (await program.prepare?.(settings, origins.program, read)) ?? [];
  if (unprepared.length > 0) return refuse(frame, unprepared);
  const sinks = await openSinks(run, frame.stdout, await remoteMeans(frame, run)).catch((thrown: unknown) =>
    messageOf(thrown),
  );
  if (typeof sinks === "string") return refuse(frame, [sinks]);
  const { openState } = await import("./state.ts");
  const state = openState(frame, run);
  try {
    if (run.mode !== "observe") await state.open();
  } catch (thrown) {
    return refuse(frame, [messageOf(thrown)]);
  }
  const { name, scan } = program;
  const gathering = { frame, program: name, run, accounts: listed.accounts, settings, scan, sink: sinks };
  const finding = { openState: state.openOrWarn, findState: state.find };
  const repeats = program.repeats?.(settings) ?? false;
  return gatherAsAsked({ ...gathering, state: finding }, repeats).finally(state.close);
}

/** Only a sink beyond this machine has secrets. */
async function remoteMeans({ environment, now, log }: Frame, run: RunSettings): Promise<RemoteMeans | undefined> {
  if (!run.sink.includes("elasticsearch")) return undefined;
  const { secretReader } = await import("../secrets/secret-reader.ts");
  return { readSecret: secretReader({ environment, run, clock: now }), warn: log.warn };
}

const isSharded = (run: RunSettings): boolean => chooseShard(run) !== undefined;

/** What few runs need is imported where they ask for it, here and below: the others start sooner. */
async function listAccounts(path: string | undefined, where: string, read: ReadText) {
  if (path === undefined) return { ok: true, accounts: undefined } as const;
  const { loadAccounts } = await import("../settings/load-accounts.ts");
  return loadAccounts({ path, where, readFile: read });
}

async function gatherAsAsked<Settings>(gathering: Gathering<Settings>, repeats: boolean): Promise<ExitCode> {
  const { frame, run } = gathering;
  const gather = openGatherer(gathering);
  try {
    if (run.execd) {
      const { gatherOnLines } = await import("./execd.ts");
      await gatherOnLines({ input: frame.stdin, stop: frame.stop, gather });
      return 0;
    }
    if (repeats) {
      const { gatherUntilStopped } = await import("./repeat.ts");
      await gatherUntilStopped(gather, frame.stop);
      return 0;
    }
    const isUsable = await gather(frame.stop);
    // Telegraf reads the output of a command that it stopped only where the command then ends well.
    return isUsable || frame.stop.aborted ? 0 : 1;
  } catch (thrown) {
    if (thrown instanceof ReaderGone) return 0;
    throw thrown;
  }
}

async function print({ stdout }: Frame, text: string): Promise<ExitCode> {
  await new Promise((resolve) => stdout.write(text, resolve));
  return 0;
}

function refuse({ log }: Frame, problems: readonly string[]): ExitCode {
  for (const problem of problems) log.error(problem);
  return 2;
}
