import yargs from "yargs";
import type { ExitCode, Main } from "../runtime/frame.ts";
import { version } from "../runtime/version.ts";
import { asGroupModule, asModule, refuse, writeText } from "./command.ts";
import { demo } from "./demo.ts";
import { exempt } from "./exempt.ts";
import { iamPolicy } from "./iam-policy.ts";
import { importing } from "./import.ts";
import { journal } from "./journal.ts";
import { pause } from "./pause.ts";
import { policy } from "./policy/policy.ts";
import { resume } from "./resume.ts";
import { schema } from "./schema.ts";
import { undo } from "./undo.ts";

export const main: Main = async (frame) => {
  let code: ExitCode = 0;
  const ended = (ran: ExitCode) => {
    code = ran;
  };
  const program = yargs()
    .scriptName("stalewatch")
    .usage("$0 COMMAND\n\nWhat the programs share: a demo, policies, the journal, and what people decide.")
    .command(asModule(frame, demo, ended))
    .command(asModule(frame, iamPolicy, ended))
    .command(asModule(frame, policy, ended))
    .command(asModule(frame, schema, ended))
    .command(asModule(frame, journal, ended))
    .command(asModule(frame, undo, ended))
    .command(asGroupModule(frame, exempt, ended))
    .command(asModule(frame, pause, ended))
    .command(asModule(frame, resume, ended))
    .command(asGroupModule(frame, importing, ended))
    .demandCommand(1, "which command? stalewatch --help lists them")
    .parserConfiguration({ "duplicate-arguments-array": false })
    .strict()
    .recommendCommands()
    .exitProcess(false)
    .wrap(100)
    .version(version);
  const { failure, output } = await parse(program, frame.argv);
  if (failure !== undefined) return refuse(frame, [failure]);
  if (output !== "") await writeText(frame, `${output}\n`);
  return code;
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
