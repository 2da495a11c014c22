import { findPause, resume as releaseKillSwitch } from "../act/pause.ts";
import { sayPlace } from "../state/open-store.ts";
import { actingPrograms } from "./acting-programs.ts";
import { type Command, writeText } from "./command.ts";
import { takePlace } from "./load-run.ts";
import { sayScope } from "./pause.ts";
import { withSharedStore } from "./with-store.ts";

interface ResumeOptions {
  readonly program: string | undefined;
}

export const resume: Command<ResumeOptions> = {
  command: "resume",
  describe: "Release the kill switch",
  options: (yargs) =>
    takePlace(
      yargs.options({
        program: { choices: actingPrograms, describe: "that of this program; absent: that of all" },
      }),
    ),
  async run(frame, options) {
    const { program } = options;
    return withSharedStore(frame, options, async (store, settings) => {
      const wasPaused = await releaseKillSwitch(store, { program });
      const place = await sayPlace({ settings, environment: frame.environment });
      await writeText(frame, `${wasPaused ? "resumed" : "there was no pause of"} ${sayScope(program)}, in ${place}\n`);
      for (const one of program === undefined ? actingPrograms : [program]) {
        const left = await findPause(store, one);
        if (left !== undefined) frame.log.warn(`${one} is still paused, by "${left.by}": "${left.reason}"`);
      }
      return 0;
    });
  },
};
