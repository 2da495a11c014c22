import { addExemption } from "../act/stored-exemptions.ts";
import { formatInstant } from "../core/time.ts";
import { glob } from "../settings/act-kinds.ts";
import { date, text } from "../settings/kinds.ts";
import { actingPrograms } from "./acting-programs.ts";
import { type Command, refuse, writeText } from "./command.ts";
import { takePlace } from "./load-run.ts";
import { readOptions } from "./read-options.ts";
import { withSharedStore } from "./with-store.ts";

interface ExemptAddOptions {
  readonly glob: string;
  readonly program: string;
  readonly reason: string;
  readonly owner: string;
  readonly until: string;
}

export const exemptAdd: Command<ExemptAddOptions> = {
  command: "add <glob>",
  describe: "Leave alone what has this name, such as a user, an access key id or an instance id; * stands for any text",
  options: (yargs) =>
    takePlace(
      yargs.positional("glob", { type: "string", demandOption: true }).options({
        program: { choices: actingPrograms, default: "keycheck", describe: "the program that leaves it alone" },
        reason: { type: "string", demandOption: true, describe: "why" },
        owner: { type: "string", demandOption: true, describe: "who answers for it" },
        until: { type: "string", demandOption: true, describe: "when it ends: a date or an instant" },
      }),
    ),
  async run(frame, options) {
    const { program } = options;
    const read = readOptions({ glob: glob(), reason: text(), owner: text(), until: date() }, options);
    if (!read.ok) return refuse(frame, read.problems);
    const { glob: names = "", reason = "", owner = "", until = 0 } = read.values;
    if (until <= frame.now()) return refuse(frame, [`until: "${formatInstant(until)}" is not to come`]);
    return withSharedStore(frame, options, async (store) => {
      await addExemption(store, program, { names, reason, owner, until });
      await writeText(frame, `${program} leaves "${names}" alone until ${formatInstant(until)}\n`);
      return 0;
    });
  },
};
