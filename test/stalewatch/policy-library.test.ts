import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Test, test } from "tap";
import { stalewatchPath } from "../support/run-stalewatch.ts";

const root = join(import.meta.dirname, "..", "..");

/** A project that has the package as installed. */
function makeProject(t: Test): string {
  const project = t.testdir({ "package.json": "{}" });
  const installed = join(project, "node_modules", "stalewatch");
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(installed, "package.json"), readFileSync(join(root, "package.json")));
  symlinkSync(dirname(stalewatchPath), join(installed, "dist"));
  return project;
}

const run = (project: string, args: readonly string[]): string =>
  execFileSync(process.execPath, [...args], { cwd: project, encoding: "utf8" });

test("the page's example runs as a module, and each comment says what comes of its line", async (t) => {
  const [, example = ""] = /```js\n(.*?)```/s.exec(readFileSync(join(root, "lib/policy/README.md"), "utf8")) ?? [];
  const claims = [...example.matchAll(/^(.+); \/\/ (\[.*\])$/gm)];
  t.equal(claims.length, 3);
  const checked = claims.reduce(
    (text, [line, expression, want]) =>
      text.replace(line, `console.log(JSON.stringify(${expression}) === JSON.stringify(${want}));`),
    example,
  );
  const project = makeProject(t);
  writeFileSync(join(project, "example.mjs"), checked);
  t.equal(run(project, ["example.mjs"]), "true\n".repeat(claims.length));
});

test("it can be required, too", async (t) => {
  const names = run(makeProject(t), ["-p", 'Object.keys(require("stalewatch/policy")).sort().join(" ")']);
  for (const name of ["diff", "expand", "minimise", "parsePolicy", "subtract"])
    t.match(names, new RegExp(`\\b${name}\\b`));
});

test("its types hold in modules and in CommonJS, without a type of a package that is not installed", async (t) => {
  const project = makeProject(t);
  const use = `import { expand, type Policy, parsePolicy, subtract } from "stalewatch/policy";
    const read = parsePolicy("{}");
    if (read.ok) { const policy: Policy = read.policy; const [first] = subtract([policy], ["s3"]).changes; first?.is === "narrowed" && first.lost.join(); }
    // @ts-expect-error: patterns are strings
    expand([3]);`;
  const names = ["module.mts", "common.cts"];
  for (const name of names) writeFileSync(join(project, name), use);
  const compilerOptions = { noEmit: true, strict: true, module: "nodenext", target: "es2023", types: [] };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: names }));
  t.equal(run(project, [join(root, "node_modules/typescript/bin/tsc")]), "");
});
