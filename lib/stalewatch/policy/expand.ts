import type { Command } from "../command.ts";
import { type ExpandOptions, expandFormats, lastOf, takeFiles } from "./arguments.ts";

const says = "List the actions that policies allow, whatever their resources and conditions";

export const policyExpand: Command<ExpandOptions> = {
  command: "expand",
  describe: says,
  options: (yargs) =>
    takeFiles(yargs, "expand", says).options({
      action: {
        ...{ type: "string", array: true, requiresArg: true, default: [] as string[] },
        describe: "a pattern such as s3:Get*, beside the files or instead of them; several times",
      },
      level: {
        ...{ type: "string", array: true, requiresArg: true, default: [] as string[] },
        describe: "only List, Read, Write, Tagging or permissions-management; several times",
      },
      format: {
        ...{
          choices: expandFormats,
          default: "text" as ExpandOptions["format"],
          coerce: lastOf<ExpandOptions["format"]>,
        },
        describe: "table and json say what allows each action",
      },
    } as const),
  async run(frame, options) {
    const { expandPolicies } = await import("./expand-run.ts");
    return expandPolicies(frame, options);
  },
};
