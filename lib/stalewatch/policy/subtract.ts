import type { Command } from "../command.ts";
import {
  lastOf,
  type PatternForm,
  patternForms,
  type SubtractOptions,
  takeFiles,
  takeImmutableSid,
  takeRewriteFormat,
} from "./arguments.ts";

const says = "Take actions from what policies allow; all that does not change keeps every byte";

export const policySubtract: Command<SubtractOptions> = {
  command: "subtract",
  describe: says,
  options: (yargs) =>
    takeImmutableSid(takeRewriteFormat(takeFiles(yargs, "subtract", says))).options({
      remove: {
        ...{ type: "string", array: true, requiresArg: true, default: [] as string[] },
        describe: "what to take: s3:PutObject, s3:Put*, or s3 for all of it; several times",
      },
      "remove-from": {
        ...{ type: "string", array: true, requiresArg: true, default: [] as string[] },
        describe: "a file of these, one a line with # before comments, or a JSON list; several times",
      },
      "rewrite-not-action": {
        ...{ type: "boolean", default: false, coerce: lastOf<boolean> },
        describe: "take from statements with NotAction or NotResource, too",
      },
      patterns: {
        ...{ choices: patternForms, default: "minimal" as PatternForm, coerce: lastOf<PatternForm> },
        describe: "how what is left of a pattern is written: in short patterns, or each action by its name",
      },
    } as const),
  async run(frame, options) {
    const { subtractFiles } = await import("./subtract-run.ts");
    return subtractFiles(frame, options);
  },
};
