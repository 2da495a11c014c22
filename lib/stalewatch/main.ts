import yargs from "yargs";
import type { ExitCode, Frame, Main } from "../runtime/frame.ts";
import { version } from "../runtime/version.ts";
import { asModule, writeText } from "./command.ts";
import { demo } from "./demo.ts";
import { iamPolicy } from "./iam-policy.ts";
import { schema } from "./schema.ts";

export const main: Main = async (frame) => {
  let code: ExitCode = 0;
  const ended = (ran: ExitCode) => {
    code = ran;
  };
  const program = yargs()
    .scriptName("stalewatch")
    .usage("$0 COMMAND\n\nWhat the six programs share: a demo, their IAM policies, the schema of their settings.")
    .command(asModule(frame, demo, ended))
    .command(asModule(frame, iamPolicy, ended))
    .command(asModule(frame, schema, ended))
    .demandCommand(1, "which command? stalewatch --help lists them")
    .strict()
    .recommendCommands()
    .exitProcess(false)
    .wrap(100)
    .version(version);
  const { failure, output } = await parse(program, frame.argv);
  if (failure === undefined) {
    if (output !== "") await writeText(frame, `${output}\n`);
    return code;
  }
  return refuse(frame, failure);
};

interface Parsed {
  readonly failure: string | undefined;
  readonly output: string;
}

/** yargs hands what it would print, and what it refuses, to the callback; what a command throws comes out as thrown. */
async function parse(program: ReturnType<typeof yargs>, argv: readonly string[]): Promise<Parsed> {
  let parsed: Parsed = { failure: undefined, output: "" };
  await program.parseAsync([...argv], {}, (error, _options, output) => {
    if (error instanceof Error && error.name !== "YError") throw error;
    parsed = { failure: error?.message, output };
  });
  return parsed;
}

function refuse({ log }: Frame, failure: string): ExitCode {
  log.error(failure);
  return 2;
}
