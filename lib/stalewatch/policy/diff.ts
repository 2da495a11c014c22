import type { Command } from "../command.ts";
import { type DiffOptions, diffFormats, lastOf, takeColor, takeSeveral } from "./arguments.ts";

export const policyDiff: Command<DiffOptions> = {
  command: "diff <before> <after>",
  describe: "Say which actions one policy allows and the other does not",
  options: (yargs) =>
    takeColor(takeSeveral(yargs))
      .positional("before", { type: "string", demandOption: true, describe: "a policy; - is standard input" })
      .positional("after", { type: "string", demandOption: true, describe: "what became of it" })
      // One value each, else yargs takes a `-` for an option.
      .nargs({ before: 1, after: 1 })
      .options({
        "refuse-gain": {
          ...{ type: "boolean", default: false, coerce: lastOf<boolean> },
          describe: "exit with 1 if the second allows anything that the first did not",
        },
        format: {
          ...{ choices: diffFormats, default: "table" as DiffOptions["format"], coerce: lastOf<DiffOptions["format"]> },
          describe: "diff: of the texts",
        },
      } as const),
  async run(frame, options) {
    const { diffFiles } = await import("./diff-run.ts");
    return diffFiles(frame, options);
  },
};
