import { fileURLToPath } from "node:url";
import { test } from "tap";
import type { ModuleEvent } from "../../lib/dirtymark/custom-modules.ts";
import { loadModules } from "../../lib/dirtymark/load-modules.ts";

const directory = fileURLToPath(new URL("../data/modules/", import.meta.url));

const load = (filterModules: readonly string[], auditors: readonly string[] = []) =>
  loadModules({ filterModules, auditors, directory });

const event: ModuleEvent = {
  ...{ accountId: "111122223333", region: "eu-west-1", instanceId: "i-0123456789abcdef0", name: "ssh" },
  ...{ source: "host", id: undefined, at: 0, principal: "robot", address: undefined, level: "high", annotations: {} },
};

test("ES modules and those of CommonJS, in the order of the settings", async (t) => {
  const loaded = load(["level.mjs", "./drop.cjs"], ["level.mjs"]);
  if (!loaded.ok) return t.fail(loaded.problems.join());
  const { filters, auditors } = loaded.modules;
  t.strictSame(
    filters.map(({ path }) => path),
    ["level.mjs", "./drop.cjs"],
  );
  const answers = await Promise.all(filters.map(({ filter }) => filter(event)));
  t.strictSame(answers, [{ level: "low", annotate: { by: "level.mjs" } }, { drop: true }]);
  t.strictSame(
    auditors.map(({ path }) => path),
    ["level.mjs"],
  );
});

test("none is none", async (t) => t.strictSame(load([]), { ok: true, modules: { filters: [], auditors: [] } }));

const broken = [
  { file: "not-there.mjs", says: "it, or a file that it needs, is not there" },
  { file: "broken.cjs", says: "it, or a file that it needs, is not there" },
  { file: "imports.mjs", says: "it, or a file that it needs, is not there" },
  { file: "waits.mjs", says: "it has an await outside of functions" },
  { file: "empty.cjs", says: 'it exports no function "filter"' },
  { file: "throws.cjs", says: "not today" },
];

for (const { file, says } of broken) {
  test(`${file}: ${says}`, async (t) =>
    t.strictSame(load([file]), { ok: false, problems: [`module "${file}": ${says}`] }));
}

test("all that can't be used is said at once", async (t) =>
  t.strictSame(load(["throws.cjs", "level.mjs"], ["drop.cjs"]), {
    ok: false,
    problems: ['module "throws.cjs": not today', 'module "drop.cjs": it exports no function "audited"'],
  }));
