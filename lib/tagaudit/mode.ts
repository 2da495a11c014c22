import type { Origin } from "../settings/declare.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { TagauditSettings } from "./settings.ts";

type Mode = RunSettings["mode"];

interface GivenMode {
  readonly mode: Mode;
  readonly origins: { readonly run: { readonly mode: Origin }; readonly program: { readonly terminate: Origin } };
}

interface ChosenMode {
  readonly mode: Mode;
  /** For the log: what the original's switch has come to; absent where it decided nothing. */
  readonly warning?: string;
}

/**
 * The mode that is meant. The original's `--terminate`, given where no mode is, raises it to notify and no further: a command
 * brought along must not end instances by rules that it knows nothing of.
 */
export function modeOf(
  { terminate }: Pick<TagauditSettings, "terminate">,
  { mode, origins: { run, program } }: GivenMode,
): ChosenMode {
  if (!terminate || run.mode.source !== "default" || program.terminate.source === "default") return { mode };
  const { where } = program.terminate;
  return {
    mode: "notify",
    warning: `${where}: sets mode to notify, in which nothing is terminated; for that give mode commit`,
  };
}
