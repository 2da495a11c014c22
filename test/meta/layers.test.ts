import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "tap";

const root = join(import.meta.dirname, "..", "..");

/** Each rule of .dependency-cruiser.cjs with files that break it; all of them together make one tree. */
const violations = [
  {
    name: "pure",
    says: "an assessment that reaches AWS through another file",
    files: {
      "lib/keycheck/assess.ts": `import { x } from "../owners/x.ts"; export const y = x;`,
      "lib/owners/x.ts": `import { z } from "../aws/read/z.ts"; export const x = z;`,
      "lib/aws/read/z.ts": "export const z = 1;",
    },
  },
  {
    name: "pure-no-built-ins",
    says: "a noun that reads files",
    files: { "lib/core/file.ts": `import { readFileSync } from "node:fs"; export const x = readFileSync;` },
  },
  {
    name: "writes-only-from-actions",
    says: "a scan that disables a key",
    files: {
      "lib/keycheck/scan.ts": `import { w } from "../aws/write/w.ts"; export const s = w;`,
      "lib/aws/write/w.ts": "export const w = 1;",
    },
  },
  {
    name: "sdk-only-at-edge",
    says: "a program with a client of its own",
    files: {
      "lib/keycheck/collect.ts": `import { IAMClient } from "@aws-sdk/client-iam"; export const c = IAMClient;`,
    },
  },
  {
    name: "no-cross-executable",
    says: "one program in another",
    files: {
      "lib/keycheck/main.ts": `import { x } from "../tagaudit/x.ts"; export const y = x;`,
      "lib/tagaudit/x.ts": "export const x = 1;",
    },
  },
  {
    name: "shared-knows-no-executable",
    says: "a sink that knows a program",
    files: { "lib/sink/x.ts": `import { x } from "../tagaudit/x.ts"; export const y = x;` },
  },
  {
    name: "scripts-only-main",
    says: "a script that assesses",
    files: { "scripts/keycheck.ts": `import { y } from "../lib/keycheck/assess.ts"; void y;` },
  },
  {
    name: "no-circular",
    says: "two files that need each other",
    files: {
      "lib/runtime/a.ts": `import { b } from "./b.ts"; export const a = () => b;`,
      "lib/runtime/b.ts": `import { a } from "./a.ts"; export const b = () => a;`,
    },
  },
  {
    name: "no-orphans",
    says: "a file that no script reaches",
    files: { "lib/runtime/lonely.ts": "export const a = 1;" },
  },
  {
    name: "not-to-unresolvable",
    says: "an import of nothing",
    files: { "lib/runtime/c.ts": `import { d } from "./d.ts"; export const c = d;` },
  },
] as const;

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

function cruise(directory: string): readonly Violation[] {
  const files = Object.assign(
    { "package.json": `{ "type": "module" }`, "tsconfig.json": "{}" },
    ...violations.map(({ files }) => files),
  );
  for (const [path, text] of Object.entries<string>(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  copyFileSync(join(root, ".dependency-cruiser.cjs"), join(directory, ".dependency-cruiser.cjs"));
  symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
  const depcruise = join(root, "node_modules/.bin/depcruise");
  const { stdout } = spawnSync(depcruise, ["--output-type", "json", "lib", "scripts"], {
    cwd: directory,
    encoding: "utf8",
  });
  return JSON.parse(stdout).summary.violations;
}

test("a planted violation of each rule is caught", async (t) => {
  const caught = cruise(t.testdir());
  for (const { name, says, files } of violations) {
    const planted = Object.keys(files);
    t.ok(
      caught.some(({ rule, from }) => rule.name === name && planted.includes(from)),
      `${name}: ${says}`,
    );
  }
});

test("every rule has its violation", async (t) => {
  const print = 'console.log(JSON.stringify(require("./.dependency-cruiser.cjs").forbidden.map((rule) => rule.name)))';
  const rules: string[] = JSON.parse(execFileSync(process.execPath, ["-e", print], { cwd: root, encoding: "utf8" }));
  t.strictSame(rules.sort(), violations.map(({ name }) => name).sort());
});
