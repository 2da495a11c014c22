import * as whole from "node:fs/promises";
import { basename } from "node:path";
import { test } from "tap";
import * as lighter from "../../scripts/dev/lighter-file-promises/file-promises.js";
import { lighterFilePromises } from "../../scripts/dev/lighter-file-promises.js";

type Files = Pick<typeof whole, keyof typeof lighter>;
type Call = (files: Files, directory: string) => Promise<unknown>;

const both = { lighter: lighter as unknown as Files, whole };

const calls: Readonly<Record<keyof typeof lighter, Call>> = {
  access: (files, directory) => files.access(`${directory}/there`),
  readFile: (files, directory) => files.readFile(`${directory}/there`, "utf8"),
  mkdir: (files, directory) => files.mkdir(`${directory}/new`),
  mkdtemp: async (files, directory) => basename(await files.mkdtemp(`${directory}/new-`)).length,
  open: async (files, directory) => {
    const file = await files.open(`${directory}/there`);
    await file.close();
    return file.constructor.name;
  },
  rename: (files, directory) => files.rename(`${directory}/there`, `${directory}/moved`),
  rm: (files, directory) => files.rm(`${directory}/there`),
  stat: async (files, directory) => (await files.stat(`${directory}/there`)).isFile(),
};

for (const [name, call] of Object.entries(calls)) {
  test(`${name} does what it does in node:fs/promises`, async (t) => {
    const root = t.testdir({ lighter: { there: "text" }, whole: { there: "text" } });
    const done = {
      lighter: await call(both.lighter, `${root}/lighter`),
      whole: await call(both.whole, `${root}/whole`),
    };
    t.strictSame(done.lighter, done.whole);
    for (const files of Object.values(both))
      t.equal(await call(files, "/nowhere/at all").catch(({ code }) => code), "ENOENT");
  });
}

const checkout = "/var/lib/build/stalewatch";
const { handler } = lighterFilePromises([`${checkout}/lib/`]).resolveId;

const importers = [
  { name: "a module of the folder", path: `${checkout}/lib/runtime/run-program.ts`, isGiven: true },
  {
    name: "a package, though the checkout lies below another lib",
    path: `${checkout}/node_modules/a/b.js`,
    isGiven: false,
  },
  { name: "a package's own lib", path: `${checkout}/node_modules/a/lib/b.js`, isGiven: false },
];

for (const { name, path, isGiven } of importers) {
  test(`who is given them: ${name}`, async (t) => {
    t.equal(handler("node:fs/promises", path) !== null, isGiven);
  });
}
