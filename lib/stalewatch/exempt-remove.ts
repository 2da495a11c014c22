import { removeExemption } from "../act/stored-exemptions.ts";
import { actingPrograms } from "./acting-programs.ts";
import { type Command, refuse, writeText } from "./command.ts";
import { takePlace } from "./load-run.ts";
import { withSharedStore } from "./with-store.ts";

interface ExemptRemoveOptions {
  readonly glob: string;
  readonly program: string;
}

export const exemptRemove: Command<ExemptRemoveOptions> = {
  command: "remove <glob>",
  describe: "End an exemption now; it is named as it was given",
  options: (yargs) =>
    takePlace(
      yargs.positional("glob", { type: "string", demandOption: true }).options({
        program: { choices: actingPrograms, default: "keycheck", describe: "the program that leaves it alone" },
      }),
    ),
  run: (frame, options) =>
    withSharedStore(frame, options, async (store) => {
      const { program, glob } = options;
      if (!(await removeExemption(store, program, glob)))
        return refuse(frame, [`${program} has no stored exemption "${glob}"`]);
      await writeText(frame, `${program} no longer leaves "${glob}" alone\n`);
      return 0;
    }),
};
