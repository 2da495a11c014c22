import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" })
  .split("\0")
  .filter((path) => path !== "" && existsSync(join(root, path)));

const pure =
  /^lib\/(core|line-protocol|measurements|settings)\/(?!load-)|^lib\/keycheck\/(?!(main|collect|scan|permissions)\.ts$)/;

/** A file whose every line goes at run time: interfaces and type aliases only. */
const holdsOnlyTypes = (path: string): boolean => !/^(export )?(async )?(const|let|function|class)\b/m.test(read(path));

test("every pure module has its twin, because tap is content with a file that no test loads", async (t) => {
  const modules = tracked.filter((path) => pure.test(path) && path.endsWith(".ts") && !holdsOnlyTypes(path));
  t.ok(modules.length > 20, "the pattern finds the pure modules");
  const twins = modules.map((path) => path.replace(/^lib\//, "test/").replace(/\.ts$/, ".test.ts"));
  t.strictSame(
    twins.filter((twin) => !existsSync(join(root, twin))),
    [],
  );
});

test("the lock file names no download host", async (t) => {
  t.notMatch(read("package-lock.json"), /"resolved"/);
});

test("every dependency is pinned to one version", async (t) => {
  const { devDependencies, dependencies = {} } = JSON.parse(read("package.json"));
  for (const [name, version] of Object.entries({ ...devDependencies, ...dependencies })) {
    t.match(version, /^\d+\.\d+\.\d+$/, name);
  }
});

test("scripts that users run hold no logic", async (t) => {
  const scripts = tracked.filter((path) => /^scripts\/[^/]+\.ts$/.test(path));
  for (const path of scripts) t.ok(read(path).split("\n").length <= 15, path);
});

test("the package has a build of each executable it declares", async (t) => {
  const { bin } = JSON.parse(read("package.json")) as { readonly bin: Record<string, string> };
  for (const [name, path] of Object.entries(bin)) {
    t.ok(existsSync(join(root, `scripts/${name}.ts`)), name);
    t.ok(existsSync(join(root, path)), path);
  }
});
