import type { CommandGroup } from "./command.ts";
import { exemptAdd } from "./exempt-add.ts";
import { exemptList } from "./exempt-list.ts";
import { exemptRemove } from "./exempt-remove.ts";

export const exempt: CommandGroup = {
  command: "exempt",
  describe: "Leave users, keys or instances alone for a while",
  subcommands: [exemptAdd, exemptList, exemptRemove],
};
