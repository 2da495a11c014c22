import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { test } from "tap";
import { parse } from "yaml";
import { programSettings } from "../../lib/stalewatch/program-settings.ts";
import { programs } from "../support/programs.ts";
import { testsOf } from "../support/run-room.ts";

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

test("every test that needs nothing but Node is run once: with its room, or by itself", async (t) => {
  const { include, exclude }: Readonly<Record<"include" | "exclude", readonly string[]>> = parse(read(".taprc"));
  const matches = (globs: readonly string[]) => (path: string) => globs.some((glob) => asPattern(glob).test(path));
  const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `test/${name}`);
  const ownProcess = files.filter(matches(include)).filter((path) => !matches(exclude)(path));
  const shared = ownProcess.filter((path) => path.startsWith("test/rooms/"));
  const roomsIn = (path: string) =>
    [...read(path).matchAll(/^await runRoom\("(.+)"\);$/gm)].map(([, room = ""]) => room);
  for (const path of shared) t.ok(roomsIn(path).length > 0, `${path} runs rooms`);
  const rooms = shared.flatMap(roomsIn);
  t.ok(rooms.length > 10 && ownProcess.length > shared.length, "the patterns find both");
  for (const room of rooms) t.ok(testsOf(room).length > 0, `${room} has tests`);
  const inRooms = rooms.flatMap((room) => testsOf(room).map((path) => relative(root, path)));
  const hermetic = files.filter((path) => !/^test\/(conformance|rooms)\//.test(path));
  t.strictSame([...inRooms, ...ownProcess.filter((path) => !path.startsWith("test/rooms/"))].sort(), hermetic.sort());
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

const programNames = programs.map(({ name }) => name).sort();

test("what is told of every program is told of all that there are", async (t) => {
  const folders = readdirSync(join(root, "lib")).filter((name) => existsSync(join(root, "lib", name, "main.ts")));
  t.strictSame(folders.sort(), [...programNames, "stalewatch"].sort());
  t.strictSame(Object.keys(programSettings).sort(), programNames, "stalewatch schema");
  t.strictSame(
    programs.map(({ name, settings }) => settings.section === name),
    programs.map(() => true),
  );
  for (const name of programNames) {
    t.ok(existsSync(join(root, "lib", name, "README.md")), `${name} has its page`);
    t.ok(read("README.md").includes(`| [${name}](lib/${name}/README.md)`), `${name} stands in the list of programs`);
    t.ok(read("CHANGELOG.md").includes(`\n- \`${name}\`: `), `${name} stands in the changes`);
  }
});

/** Nobody starts them. */
const calledByServices: readonly string[] = ["dirtymark-lambda"];

test("the package has a build of each executable, and declares it", async (t) => {
  const { bin } = JSON.parse(read("package.json")) as { readonly bin: Readonly<Record<string, string>> };
  const scripts = readdirSync(join(root, "scripts")).flatMap((file) =>
    file.endsWith(".ts") ? [file.slice(0, -3)] : [],
  );
  const built = [...read("rolldown.config.js").matchAll(/([\w-]+)"?: "scripts\/\1\.ts"/g)].map(([, name]) => name);
  t.strictSame(scripts.sort(), [...programNames, "dirtymark-send", ...calledByServices, "stalewatch"].sort());
  t.strictSame(built.sort(), scripts);
  const run = scripts.filter((name) => !calledByServices.includes(name));
  t.strictSame(bin, Object.fromEntries(run.map((name) => [name, `dist/${name}.cjs`])));
  for (const path of Object.values(bin)) t.ok(existsSync(join(root, path)), path);
});
