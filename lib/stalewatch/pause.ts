import { pause as pullKillSwitch } from "../act/pause.ts";
import { formatInstant, type Millis } from "../core/time.ts";
import { thisPerson } from "../runtime/this-person.ts";
import { date, duration, text } from "../settings/kinds.ts";
import { sayPlace } from "../state/open-store.ts";
import { actingPrograms } from "./acting-programs.ts";
import { type Command, refuse, writeText } from "./command.ts";
import { takePlace } from "./load-run.ts";
import { readOptions } from "./read-options.ts";
import { withSharedStore } from "./with-store.ts";

interface PauseOptions {
  readonly program: string | undefined;
  readonly reason: string;
  readonly until: string | undefined;
  readonly for: string | undefined;
}

export const pause: Command<PauseOptions> = {
  command: "pause",
  describe: "Pull the kill switch: until it is resumed, every run only observes",
  options: (yargs) =>
    takePlace(
      yargs
        .options({
          program: { choices: actingPrograms, describe: "only this program; absent: all of them" },
          reason: { type: "string", demandOption: true, describe: "why, for those who wonder" },
          until: { type: "string", describe: "when it ends by itself: a date or an instant" },
          for: { type: "string", describe: "after how long it ends by itself, such as 2h" },
        })
        .conflicts("until", "for"),
    ),
  async run(frame, options) {
    const { program } = options;
    const at = frame.now();
    const read = readOptions({ reason: text(), until: date(), for: duration({ min: "1s" }) }, options);
    if (!read.ok) return refuse(frame, read.problems);
    const { reason = "", for: length } = read.values;
    const until = length === undefined ? read.values.until : at + length;
    if (until !== undefined && until <= at) return refuse(frame, [`until: "${formatInstant(until)}" is not to come`]);
    return withSharedStore(frame, options, async (store, settings) => {
      await pullKillSwitch(store, { program }, { reason, by: thisPerson(), at, until });
      const place = await sayPlace({ settings, environment: frame.environment });
      await writeText(frame, `paused ${sayScope(program)} ${sayEnd(until)}, in ${place}\n`);
      return 0;
    });
  },
};

export const sayScope = (program: string | undefined): string => program ?? "all programs";

const sayEnd = (until: Millis | undefined): string =>
  until === undefined ? "until resumed" : `until ${formatInstant(until)}`;
