import type { Command } from "../command.ts";
import { type MinimiseOptions, takeFiles, takeImmutableSid, takeRewriteFormat } from "./arguments.ts";

const says = "Drop patterns that others of the same statement cover; nothing else is granted or lost";

export const policyMinimise: Command<MinimiseOptions> = {
  command: "minimise",
  describe: says,
  options: (yargs) =>
    takeImmutableSid(takeRewriteFormat(takeFiles(yargs, "minimise", says))).option("within", {
      ...{ type: "string", array: true, requiresArg: true, default: [] as string[] },
      describe: "names of actions may become patterns inside this one, with what AWS adds to them; several times",
    } as const),
  async run(frame, options) {
    const { minimiseFiles } = await import("./minimise-run.ts");
    return minimiseFiles(frame, options);
  },
};
