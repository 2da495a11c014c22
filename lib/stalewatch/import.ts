import type { CommandGroup } from "./command.ts";
import { importLastPings } from "./import-last-pings.ts";
import { importSkunky } from "./import-skunky.ts";

export const importing: CommandGroup = {
  command: "import",
  describe: "Take over what the originals remember; their tables are read, never written",
  subcommands: [importLastPings, importSkunky],
};
