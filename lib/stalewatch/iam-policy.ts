import type { ExitCode, Frame } from "../runtime/frame.ts";
import { accountId } from "../settings/aws-kinds.ts";
import { list } from "../settings/kinds.ts";
import { type Command, refuse, writeText } from "./command.ts";
import { takeMode, takePlace } from "./load-run.ts";
import { type PolicyOptions, policyAudiences, principalArn } from "./policy-options.ts";
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
  dirtymark: async (frame: Frame, options: PolicyOptions) => {
    const { grantDirtymark } = await import("./grant-dirtymark.ts");
    return grantDirtymark(frame, options);
  },
  dirtycount: async (frame: Frame, options: PolicyOptions) => {
    const { grantDirtycount } = await import("./grant-dirtycount.ts");
    return grantDirtycount(frame, options);
  },
} as const;

interface IamPolicyOptions extends Omit<PolicyOptions, "principals"> {
  readonly program: keyof typeof programs;
  readonly principals: string | undefined;
}

// `Object.keys` knows no more than that they are strings.
const names = Object.keys(programs) as (keyof typeof programs)[];

export const iamPolicy: Command<IamPolicyOptions> = {
  command: "iam-policy <program>",
  describe: "Print the least-privilege IAM policy of a program: just the actions that it calls by its settings",
  options: (yargs) =>
    takePlace(
      takeMode(
        yargs.positional("program", { choices: names, demandOption: true }).options({
          account: { type: "string", describe: "account that the queue, the state's table and secrets lie in" },
          for: { choices: policyAudiences, describe: "of dirtymark: whose policy; the default is consumer" },
          principals: {
            ...{ type: "string", requiresArg: true },
            describe: "with for: ARNs of who may assume the mark role, or may change the tag beside it",
          },
        }),
      ),
    ),
  async run(frame, options): Promise<ExitCode> {
    const read = readOptions({ account: accountId(), principals: list(principalArn()) }, options);
    if (!read.ok) return refuse(frame, read.problems);
    const { program, for: audience } = options;
    const { principals = [] } = read.values;
    if (program !== "dirtymark" && (audience !== undefined || principals.length > 0))
      return refuse(frame, [`${program} has one policy: for and principals are of dirtymark alone`]);
    const granted = await programs[program](frame, { ...options, principals });
    if (!granted.ok) return refuse(frame, granted.problems);
    const { policyOf } = await import("../aws/policy-document.ts");
    await writeText(frame, `${JSON.stringify(policyOf(granted.grants), undefined, 2)}\n`);
    return 0;
  },
};
