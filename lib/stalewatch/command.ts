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

/** As yargs takes it; the exit status of the one that ran goes to `ended`. */
export const asModule = <Options>(
  frame: Frame,
  { command, describe, options, subcommands = [], run }: Command<Options>,
  ended: (code: ExitCode) => void,
): CommandModule<object, Options> => ({
  command,
  describe,
  builder: (yargs) =>
    options(subcommands.reduce((built, subcommand) => built.command(asModule(frame, subcommand, ended)), yargs)),
  // yargs has parsed what `options` declares, and adds `_` and `$0`, which no command declares.
  handler: async (given) => ended(await run(frame, given as Options)),
});

export const writeText = ({ stdout }: Frame, text: string): Promise<void> =>
  new Promise((resolve) => stdout.write(text, () => resolve()));
