import { readFile } from "node:fs/promises";
import { isChosenAccount } from "../../aws/choose-account.ts";
import { openScopeLister } from "../../aws/list-scopes.ts";
import type { OpenScope, ScopeSource } from "../../aws/scopes.ts";
import { messageOf } from "../../core/errors.ts";
import type { ExitCode, Frame } from "../../runtime/frame.ts";
import { openState } from "../../runtime/state.ts";
import { version } from "../../runtime/version.ts";
import type { Declaration, SettingsOf } from "../../settings/declare.ts";
import { loadSettings } from "../../settings/load-settings.ts";
import { type RunSettings, runSettings } from "../../settings/run-settings.ts";
import { isStoreMade } from "../../state/open-store.ts";
import type { Store } from "../../state/store.ts";

interface Command<Declared extends Declaration> {
  readonly program: string;
  readonly says: string;
  readonly examples: readonly (readonly [command: string, says: string])[];
  readonly declaration: Declared;
  /** What is asked for is no settings, such as a name that must be given. */
  readonly refuses?: (settings: SettingsOf<Declared>) => readonly string[];
  readonly run: (place: CommandPlace<SettingsOf<Declared>>) => Promise<ExitCode>;
}

export interface CommandPlace<Settings> {
  readonly frame: Frame;
  readonly run: RunSettings;
  readonly settings: Settings;
  readonly store: Store;
  /** As a run with these settings would have them. */
  readonly scopes: readonly ScopeSource[];
}

/** Runs a person's command by the settings of a run: the same state and the same accounts. */
export async function runCommand<Declared extends Declaration>(
  frame: Frame,
  command: Command<Declared>,
): Promise<ExitCode> {
  const loaded = await loadSettings({
    ...{ program: command.program, says: command.says, examples: command.examples },
    declarations: [runSettings, command.declaration],
    ...{ argv: frame.argv, environment: frame.environment, readFile: (path) => readFile(path, "utf8") },
  });
  if (loaded.kind === "help") return print(frame, loaded.text);
  if (loaded.kind === "version") return print(frame, `dirtycount ${version}\n`);
  if (loaded.kind === "problems") return refuse(frame, loaded.problems);
  const { run, program: settings, origins } = loaded;
  const refused = command.refuses?.(settings) ?? [];
  if (refused.length > 0) return refuse(frame, refused);
  frame.log.configure({ level: run.logLevel, format: run.logFormat });
  // Whoever asks the wrong state must neither take it for an empty one nor leave it as one.
  if (run.state !== "none" && !(await isStoreMade({ settings: run, environment: frame.environment })))
    return refuse(frame, ["nothing has ever been remembered in the state that is set"], 1);
  const listed = await listAccounts(run.accounts, origins.run.accounts.where);
  if (!listed.ok) return refuse(frame, listed.problems);
  const scopes = () => openScopeLister({ program: "dirtycount", run, accounts: listed.accounts }).list(frame.stop);
  const state = openState(frame, run);
  try {
    const store = await state.open().catch(messageOf);
    if (store === undefined) return refuse(frame, ['state is "none", so nothing is remembered']);
    if (typeof store === "string") return refuse(frame, [store], 1);
    return await command.run({ frame, run, settings, store, scopes: await scopes() });
  } finally {
    await state.close();
  }
}

/** Undefined for an account that the settings leave out. */
export async function openChosen(
  source: ScopeSource,
  { frame, run }: Pick<CommandPlace<never>, "frame" | "run">,
): Promise<OpenScope | undefined> {
  const open = await source.open(frame.stop);
  return isChosenAccount(open.scope.accountId, run) ? open : undefined;
}

async function listAccounts(path: string | undefined, where: string) {
  if (path === undefined) return { ok: true, accounts: undefined } as const;
  const { loadAccounts } = await import("../../settings/load-accounts.ts");
  return loadAccounts({ path, where, readFile: (name) => readFile(name, "utf8") });
}

/** A reader that is gone, such as `head`, has what it wants; its event comes after the write's own answer. */
export const print = ({ stdout }: Pick<Frame, "stdout">, text: string): Promise<ExitCode> =>
  new Promise((resolve) => {
    const ignore = () => undefined;
    stdout.on("error", ignore);
    stdout.write(text, (failure) => {
      if (!failure) stdout.off("error", ignore);
      resolve(0);
    });
  });

export function refuse({ log }: Pick<Frame, "log">, problems: readonly string[], code: ExitCode = 2): ExitCode {
  for (const problem of problems) log.error(problem);
  return code;
}
