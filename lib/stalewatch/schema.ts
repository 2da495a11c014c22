import { settingsJsonSchema } from "../settings/json-schema.ts";
import { runSettings } from "../settings/run-settings.ts";
import { type Command, writeText } from "./command.ts";
import { programSettings } from "./program-settings.ts";

export const schema: Command<object> = {
  command: "schema",
  describe: "Print the JSON Schema of the settings file, for editors",
  options: (yargs) => yargs,
  async run(frame) {
    const declared = settingsJsonSchema([runSettings, ...Object.values(programSettings)]);
    await writeText(frame, `${JSON.stringify(declared, undefined, 2)}\n`);
    return 0;
  },
};
