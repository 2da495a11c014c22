import { policyDocument } from "../aws/policy-document.ts";
import { keycheckPermissions } from "../keycheck/permissions.ts";
import { type Command, writeText } from "./command.ts";

const permissions = { keycheck: keycheckPermissions } as const;

type ProgramName = keyof typeof permissions;

const programs = Object.keys(permissions);

interface PolicyOptions {
  readonly program: string;
  readonly mode: "observe";
}

export const iamPolicy: Command<PolicyOptions> = {
  command: "iam-policy <program>",
  describe: "Print the least-privilege IAM policy of a program: just the actions that it calls",
  options: (yargs) =>
    yargs
      .positional("program", { type: "string", choices: programs, demandOption: true })
      .option("mode", { choices: ["observe"] as const, default: "observe" as const }),
  async run(frame, { program, mode }) {
    const actions = permissions[program as ProgramName][mode];
    await writeText(frame, `${JSON.stringify(policyDocument(actions), undefined, 2)}\n`);
    return 0;
  },
};
