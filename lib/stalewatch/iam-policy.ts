import type { ExitCode, Frame } from "../runtime/frame.ts";
import { accountId } from "../settings/aws-kinds.ts";
import { type Command, refuse, writeText } from "./command.ts";
import { takeMode, takePlace } from "./load-run.ts";
import { readOptions } from "./read-options.ts";

/** What each program's settings have it call. */
const programs = {
  keycheck: async (frame: Frame, options: PolicyOptions) => {
    const { grantKeycheck } = await import("./grant-keycheck.ts");
    return grantKeycheck(frame, options);
  },
  tagaudit: async (frame: Frame, options: PolicyOptions) => {
    const { grantTagaudit } = await import("./grant-tagaudit.ts");
    return grantTagaudit(frame, options);
  },
} as const;

interface PolicyOptions {
  readonly program: keyof typeof programs;
  readonly account: string | undefined;
}

// `Object.keys` knows no more than that they are strings.
const names = Object.keys(programs) as (keyof typeof programs)[];

export const iamPolicy: Command<PolicyOptions> = {
  command: "iam-policy <program>",
  describe: "Print the least-privilege IAM policy of a program: just the actions that it calls by its settings",
  options: (yargs) =>
    takePlace(
      takeMode(
        yargs
          .positional("program", { choices: names, demandOption: true })
          .options({ account: { type: "string", describe: "account that the state's table and secrets lie in" } }),
      ),
    ),
  async run(frame, options): Promise<ExitCode> {
    const read = readOptions({ account: accountId() }, options);
    if (!read.ok) return refuse(frame, read.problems);
    const granted = await programs[options.program](frame, options);
    if (!granted.ok) return refuse(frame, granted.problems);
    const { policyOf } = await import("../aws/policy-document.ts");
    await writeText(frame, `${JSON.stringify(policyOf(granted.grants), undefined, 2)}\n`);
    return 0;
  },
};
