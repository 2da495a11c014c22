import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { stalewatchPath } from "../support/run-stalewatch.ts";

const page = readFileSync(join(import.meta.dirname, "../../lib/policy/README.md"), "utf8");

/** Each command of the page's transcripts, with what the page shows of what it prints. */
const commands = [...page.matchAll(/```console\n(.*?)```/gs)]
  .flatMap(([, transcript = ""]) => transcript.split(/^\$ /m).slice(1))
  .map((text) => {
    const [command = "", ...shown] = text.trimEnd().split("\n");
    return { command, shown: shown.join("\n") };
  });

/** Days go by; `...` stands for what is left out at the end. */
const comparable = (text: string): string => text.replace(/\d+ days/, "N days").trimEnd();

test("what the page shows of the command is what it prints", async (t) => {
  const directory = t.testdir({});
  const programs = `stalewatch() { "${process.execPath}" "${stalewatchPath}" "$@"; }`;
  for (const { command, shown } of commands) {
    const [, file] = /^cat (\S+)$/.exec(command) ?? [];
    if (file !== undefined) writeFileSync(join(directory, file), `${shown}\n`);
    const options = { cwd: directory, encoding: "utf8", env: { PATH: process.env.PATH } } as const;
    const { stdout } = spawnSync("sh", ["-c", `${programs}; { ${command}; } 2>&1`], options);
    const [start, rest] = comparable(shown).split(/^\.\.\.$/m);
    const printed = comparable(stdout);
    t.equal(rest === undefined ? printed : printed.slice(0, start?.length), start, command);
  }
  t.ok(commands.length > 10);
});
