import { messageOf } from "../core/errors.ts";
import type { ExitCode, Frame } from "../runtime/frame.ts";
import { openState } from "../runtime/state.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { Store } from "../state/store.ts";
import { refuse } from "./command.ts";
import { loadRun, noProgram } from "./load-run.ts";

/** Does something with what runs remember, and closes it. */
export async function withStore(
  frame: Frame,
  run: RunSettings,
  use: (store: Store) => Promise<ExitCode>,
): Promise<ExitCode> {
  frame.log.configure({ level: run.logLevel, format: run.logFormat });
  const state = openState(frame, run);
  try {
    const store = await state.open().catch(messageOf);
    if (store === undefined) return refuse(frame, ['state is "none", so nothing is remembered']);
    return typeof store === "string" ? refuse(frame, [store]) : await use(store);
  } finally {
    await state.close();
  }
}

/** The same by the settings of no program in particular. */
export async function withSharedStore(
  frame: Frame,
  flags: object,
  use: (store: Store, run: RunSettings) => Promise<ExitCode>,
): Promise<ExitCode> {
  const loaded = await loadRun(frame, flags, noProgram);
  return loaded.ok ? withStore(frame, loaded.run, (store) => use(store, loaded.run)) : refuse(frame, loaded.problems);
}
