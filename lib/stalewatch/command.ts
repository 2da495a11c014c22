import type { Argv, CommandModule } from "yargs";
import type { ExitCode, Frame } from "../runtime/frame.ts";

/** One subcommand: what yargs needs to know of it, and what it does. */
export interface Command<Options> {
  readonly command: string;
  readonly describe: string;
  readonly options: (yargs: Argv) => Argv<Options>;
  // Each has options of its own, which only its own `run` reads.
  // biome-ignore lint/suspicious/noExplicitAny: a list of commands has no one type of options
  readonly subcommands?: readonly Command<any>[];
  run(frame: Frame, options: Options): Promise<ExitCode>;
}

/** A word that does nothing without one of its subcommands. */
export interface CommandGroup {
  readonly command: string;
  readonly describe: string;
  // biome-ignore lint/suspicious/noExplicitAny: a list of commands has no one type of options
  readonly subcommands: readonly Command<any>[];
}

type Ended = (code: ExitCode) => void;

/** As yargs takes it; the exit status of the one that ran goes to `ended`. */
export const asModule = <Options>(
  frame: Frame,
  { command, describe, options, subcommands = [], run }: Command<Options>,
  ended: Ended,
): CommandModule<object, Options> => ({
  command,
  describe,
  builder: (yargs) =>
    options(subcommands.reduce((built, subcommand) => built.command(asModule(frame, subcommand, ended)), yargs)),
  // yargs has parsed what `options` declares, and adds `_` and `$0`, which no command declares.
  handler: async (given) => ended(await run(frame, given as Options)),
});

export const asGroupModule = (
  frame: Frame,
  { command, describe, subcommands }: CommandGroup,
  ended: Ended,
): CommandModule => ({
  command,
  describe,
  builder: (yargs) =>
    subcommands
      .reduce((built, subcommand) => built.command(asModule(frame, subcommand, ended)), yargs)
      .demandCommand(1, `${command} what? stalewatch ${command} --help lists it`),
  // yargs asks for the subcommand before it gets here.
  handler: () => undefined,
});

/** A reader that is gone, such as `head`, has what it wants; its event comes after the write's own answer. */
export const writeText = ({ stdout }: Frame, text: string): Promise<void> =>
  new Promise((resolve) => {
    const ignore = () => undefined;
    stdout.on("error", ignore);
    stdout.write(text, (failure) => {
      if (!failure) stdout.off("error", ignore);
      resolve();
    });
  });

/** One line for each problem; 2 is for what was asked or set wrongly. */
export function refuse({ log }: Frame, problems: readonly string[], code: ExitCode = 2): ExitCode {
  for (const problem of problems) log.error(problem);
  return code;
}
