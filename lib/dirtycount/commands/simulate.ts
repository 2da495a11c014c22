import { messageOf } from "../../core/errors.ts";
import type { Millis } from "../../core/time.ts";
import type { ReadText } from "../../settings/load-file.ts";
import { replayMessages } from "../replay.ts";
import type { DirtycountSettings } from "../settings.ts";
import { formatSimulation } from "../simulation-text.ts";

interface Simulation extends Pick<DirtycountSettings, "filters" | "automationPrincipals" | "guardDuty"> {
  readonly path: string;
  /** What named the file. */
  readonly where: string;
}

type Simulated = { readonly text: string } | { readonly problems: readonly string[] };

export async function simulate(simulation: Simulation, readFile: ReadText, now: Millis): Promise<Simulated> {
  const { path, where, filters: rules, automationPrincipals, guardDuty } = simulation;
  try {
    const lines = (await readFile(path)).split("\n");
    return {
      text: formatSimulation(replayMessages(lines, { filters: { rules, automationPrincipals }, guardDuty, now }), now),
    };
  } catch (thrown) {
    return { problems: [`${where}: can't read "${path}": ${messageOf(thrown)}`] };
  }
}
