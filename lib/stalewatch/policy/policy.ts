import type { Command } from "../command.ts";
import { refuse } from "../command.ts";
import { policyCheck } from "./check.ts";
import { policyDiff } from "./diff.ts";
import { policyExpand } from "./expand.ts";
import { policyMinimise } from "./minimise.ts";
import { policySubtract } from "./subtract.ts";

interface PolicyCommandOptions {
  readonly "catalogue-date": boolean;
}

/** What its subcommands do with the catalogue of actions lies in files that only they load. */
export const policy: Command<PolicyCommandOptions> = {
  command: "policy",
  describe: "Read and rewrite identity policies: what they allow, less of it, shorter",
  options: (yargs) =>
    yargs.option("catalogue-date", {
      ...{ type: "boolean", default: false, global: false },
      describe: "print of which day the known actions are",
    }),
  subcommands: [policyExpand, policyMinimise, policySubtract, policyDiff, policyCheck],
  async run(frame, { "catalogue-date": isAsked }) {
    if (!isAsked) return refuse(frame, ["policy what? stalewatch policy --help lists it"]);
    const { printCatalogueDate } = await import("./catalogue.ts");
    return printCatalogueDate(frame);
  },
};
