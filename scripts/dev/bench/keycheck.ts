import { fileURLToPath } from "node:url";
import type { Runtime } from "./peers.ts";
import type { Command } from "./run-child.ts";

/** What `npm run build` makes. */
export const bundle = fileURLToPath(new URL("../../../dist/keycheck.cjs", import.meta.url));
export const tagauditBundle = fileURLToPath(new URL("../../../dist/tagaudit.cjs", import.meta.url));
export const dirtymarkBundle = fileURLToPath(new URL("../../../dist/dirtymark.cjs", import.meta.url));
export const dirtycountBundle = fileURLToPath(new URL("../../../dist/dirtycount.cjs", import.meta.url));
const preload = fileURLToPath(new URL("report-peak-memory.cjs", import.meta.url));

interface KeycheckRun {
  readonly runtime: Runtime;
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The built executable, as Telegraf runs it. */
export const keycheckCommand = ({ runtime, flags, environment }: KeycheckRun): Command => ({
  ...{ file: runtime.file, args: [bundle, ...flags], environment },
});

/** The same command, saying its peak memory, if it is Node's or list-users.py: a millisecond or two slower. */
export const withPeakMemory = (command: Command): Command => ({
  ...command,
  environment: { ...command.environment, PEAK_MEMORY: "true", NODE_OPTIONS: `--require "${preload}"` },
});
