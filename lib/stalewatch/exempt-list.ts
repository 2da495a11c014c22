import { listExemptions } from "../act/stored-exemptions.ts";
import { formatColumns } from "../core/columns.ts";
import { formatInstant } from "../core/time.ts";
import { actingPrograms } from "./acting-programs.ts";
import { type Command, writeText } from "./command.ts";
import { takePlace } from "./load-run.ts";
import { withSharedStore } from "./with-store.ts";

interface ExemptListOptions {
  readonly program: string | undefined;
  readonly json: boolean;
}

export const exemptList: Command<ExemptListOptions> = {
  command: "list",
  describe: "List the exemptions given by command; those of the settings file stand there",
  options: (yargs) =>
    takePlace(
      yargs.options({
        program: { choices: actingPrograms, describe: "only those of this program" },
        json: { type: "boolean", default: false, describe: "one JSON object a line, times in milliseconds" },
      }),
    ),
  run: (frame, options) =>
    withSharedStore(frame, options, async (store) => {
      const programs = options.program === undefined ? actingPrograms : [options.program];
      const listed = await Promise.all(
        programs.map(async (program) =>
          (await listExemptions(store, program)).map(({ names, until, owner, reason }) => ({
            ...{ program, names, until, owner, reason },
          })),
        ),
      );
      const exemptions = listed.flat();
      await writeText(frame, options.json ? formatLines(exemptions) : formatTable(exemptions));
      return 0;
    }),
};

interface Listed {
  readonly program: string;
  readonly names: string;
  readonly until: number;
  readonly owner: string;
  readonly reason: string;
}

const formatLines = (exemptions: readonly Listed[]): string =>
  exemptions.map((one) => `${JSON.stringify(one)}\n`).join("");

function formatTable(exemptions: readonly Listed[]): string {
  if (exemptions.length === 0) return "no exemption is stored\n";
  return formatColumns([
    ["PROGRAM", "NAMES", "UNTIL", "OWNER", "REASON"],
    ...exemptions.map(({ program, names, until, owner, reason }) => [
      ...[program, names, formatInstant(until), owner, reason],
    ]),
  ]);
}
