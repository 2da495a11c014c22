import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "tap";
import { parse } from "yaml";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" })
  .split("\0")
  .filter((path) => path !== "" && existsSync(join(root, path)));

interface Rule {
  readonly name: string;
  readonly from: { readonly path: string };
}

/** What dependency-cruiser lets import nothing of Node's. */
const { forbidden }: { readonly forbidden: readonly Rule[] } = createRequire(import.meta.url)(
  "../../.dependency-cruiser.cjs",
);
const pure = new RegExp(forbidden.find(({ name }) => name === "pure-no-built-ins")?.from.path ?? "$^");

const isPure = (path: string): boolean => pure.test(path) && path.endsWith(".ts");

/** A file whose every line goes at run time: interfaces and type aliases only. */
const holdsOnlyTypes = (path: string): boolean => !/^(export )?(async )?(const|let|function|class)\b/m.test(read(path));

test("every pure module has its twin, because tap is content with a file that no test loads", async (t) => {
  const modules = tracked.filter((path) => isPure(path) && !holdsOnlyTypes(path));
  t.ok(modules.length > 50, "the pattern finds the pure modules");
  const twins = modules.map((path) => path.replace(/^lib\//, "test/").replace(/\.ts$/, ".test.ts"));
  t.strictSame(
    twins.filter((twin) => !existsSync(join(root, twin))),
    [],
  );
});

/** As tap reads a glob of .taprc. */
const asPattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replaceAll(".", "\\.")
      .replaceAll(/\{(.*?)\}/g, (_, words: string) => `(${words.replaceAll(",", "|")})`)
      .replaceAll(/\*+/g, (stars) => (stars === "*" ? "[^/]*" : ".*"))}$`,
  );

test("no pure module is left out of coverage", async (t) => {
  const { "coverage-exclude": globs }: { "coverage-exclude": readonly string[] } = parse(read(".taprc"));
  const excluded = globs.map(asPattern);
  t.ok(
    excluded.some((pattern) => pattern.test("lib/keycheck/main.ts")),
    "the patterns find what is left out",
  );
  t.strictSame(
    tracked.filter((path) => isPure(path) && excluded.some((pattern) => pattern.test(path))),
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
