import type { Origin } from "../settings/declare.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { KeycheckSettings } from "./settings.ts";

type Mode = RunSettings["mode"];

/** By what the original was told to act, long before there was a mode. */
const switches = ["sendSlack", "createJira", "disableKey"] as const;
type Switch = (typeof switches)[number];

interface GivenMode {
  readonly mode: Mode;
  readonly origins: { readonly run: { readonly mode: Origin }; readonly program: Readonly<Record<Switch, Origin>> };
}

interface ChosenMode {
  readonly mode: Mode;
  /** For the log: what the original's switches have come to; absent where they decided nothing. */
  readonly warning?: string;
}

/**
 * The mode that is meant. The original's switches, given true where no mode is, raise it to notify and no further: a
 * configuration brought along must not disable keys by rules that it knows nothing of.
 */
export function modeOf(
  settings: Pick<KeycheckSettings, Switch | "at" | "fromReport">,
  { mode, origins: { run, program } }: GivenMode,
): ChosenMode {
  const given = switches.filter((one) => settings[one] && program[one].source !== "default");
  if (run.mode.source !== "default" || given.length === 0) return { mode };
  const places = given.map((one) => program[one].where).join(", ");
  if (settings.at !== undefined || settings.fromReport)
    return { mode, warning: `${places}: without effect, because at and from_report only observe` };
  return {
    mode: "notify",
    warning: `${places}: sets mode to notify, in which no key is disabled; for that give mode commit`,
  };
}
