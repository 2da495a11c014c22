import { declareSettings, setting } from "./declare.ts";
import { text, toggle } from "./kinds.ts";

/** What a call of any program takes besides its settings, and what can't stand in the settings file. */
export const callSettings = declareSettings("call", {
  config: setting(text({ pattern: /\S/, expects: "the path of a file", placeholder: "FILE" }), {
    from: ["flag", "environment"],
    says: "Settings file in YAML: a section run, and one named after each program.",
  }),
  help: setting(toggle(), { from: ["flag"], original: "-h", says: "Print this text." }),
  version: setting(toggle(), { from: ["flag"], says: "Print the version." }),
});
