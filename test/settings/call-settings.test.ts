import { test } from "tap";
import { callSettings } from "../../lib/settings/call-settings.ts";
import { settingNames } from "../../lib/settings/declare.ts";
import { readEnvironment } from "../../lib/settings/read-environment.ts";
import { resolveSettings } from "../../lib/settings/resolve.ts";

test("only the file's path comes from the environment, and nothing from the file", async (t) =>
  t.strictSame(settingNames(callSettings), {
    flag: ["--config", "--help", "-h", "--version"],
    environment: ["STALEWATCH_CONFIG"],
    file: [],
  }));

test("a blank path is refused", async (t) =>
  t.strictSame(resolveSettings([callSettings], [readEnvironment([callSettings], { STALEWATCH_CONFIG: " " })]), {
    ok: false,
    problems: ['environment STALEWATCH_CONFIG: " " is not the path of a file'],
  }));
