import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { parseDuration } from "../../lib/settings/duration.ts";
import { parseValue } from "../../lib/settings/parse-value.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";
import { programs, settingsOf, variablesOf } from "../support/programs.ts";

const directory = join(import.meta.dirname, "..", "..", "telegraf");

/** A comment behind `##` is prose; behind `#` stands an option that is off. */
const uncommented = (conf: string): string => conf.replace(/^( *)# (?=["[\w])/gm, "$1");

const files = programs.flatMap((program) =>
  [`${program.name}.conf`, `${program.name}-execd.conf`].map((file) => ({ file, program })),
);

test("every program has its two drop-ins, and there are no others", async (t) => {
  t.strictSame(readdirSync(directory).sort(), files.map(({ file }) => file).sort());
});

for (const { file, program } of files) {
  const conf = readFileSync(join(directory, file), "utf8");
  const settings = settingsOf(program);
  const variables = [...uncommented(conf).matchAll(new RegExp(`"(${variablesOf(program)})=([^"]*)"`, "g"))];
  const named = variables.map(([, name]) => name);

  test(`${file} runs its own program`, async (t) => {
    const run = [...conf.matchAll(/dist\/(\w+)\.cjs/g)].map(([, name]) => name);
    t.strictSame([...new Set(run)], [program.name]);
  });

  test(`${file} names only settings that exist`, async (t) => {
    const known = settings.flatMap(({ names }) => names.environment);
    t.strictSame(
      named.filter((name) => !known.includes(name ?? "")),
      [],
    );
  });

  test(`${file} shows every setting that the environment can give`, async (t) => {
    const own = settings.flatMap(({ names }) => names.environment.slice(0, 1));
    t.strictSame(
      own.filter((name) => !named.includes(name)),
      [],
    );
  });

  test(`${file} shows what is commented out at its default, or as an example where there is none`, async (t) => {
    for (const [, name = "", value] of variables) {
      const { default: fallback } = settings.find(({ names }) => names.environment.includes(name)) ?? {};
      if (fallback !== undefined && fallback.length > 0) t.equal(value, fallback, name);
    }
  });

  test(`${file} shows values that their settings take`, async (t) => {
    for (const [, name = "", value] of variables) {
      const { kind } = settings.find(({ names }) => names.environment.includes(name)) ?? {};
      t.ok(kind && parseValue(kind, value).ok, name);
    }
  });

  test(`${file} leaves a run the time to end by itself`, async (t) => {
    const timeout = /^ *timeout = "(\w+)"/m.exec(conf)?.[1];
    if (conf.includes("[[inputs.execd]]")) return t.equal(timeout, undefined);
    const deadline = parseDuration(String(runSettings.settings.deadline.default)) ?? Number.POSITIVE_INFINITY;
    t.ok((parseDuration(timeout ?? "5s") ?? 0) > deadline);
  });
}
