import type { Command } from "../command.ts";
import { type CheckOptions, checkFormats, lastOf, takeFiles } from "./arguments.ts";

const says = "Say what is wrong with policies: what AWS refuses is status 1, advice is 0";

export const policyCheck: Command<CheckOptions> = {
  command: "check",
  describe: says,
  options: (yargs) =>
    takeFiles(yargs, "check", says).option("format", {
      ...{ choices: checkFormats, default: "table" as CheckOptions["format"], coerce: lastOf<CheckOptions["format"]> },
    } as const),
  async run(frame, options) {
    const { checkFiles } = await import("./check-run.ts");
    return checkFiles(frame, options);
  },
};
