import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { parse } from "yaml";
import { loadSettings } from "../../lib/settings/load-settings.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";
import { parseScheme } from "../../lib/tagaudit/parse-scheme.ts";
import { ruleKeys, schemeKeys, selectorKeys, valueKeys } from "../../lib/tagaudit/scheme-file.ts";
import { parseTagPolicy } from "../../lib/tagaudit/tag-policy.ts";
import { generatedDocuments } from "../../scripts/dev/documents.ts";
import { programs } from "../support/programs.ts";

for (const { path, found, wanted } of generatedDocuments()) {
  test(`${path} says what the code says (npm run documents)`, async (t) => t.equal(found, wanted));
}

const root = join(import.meta.dirname, "..", "..");
const pageOf = (program: string): string => readFileSync(join(root, "lib", program, "README.md"), "utf8");

/** Fenced blocks of a language, without the indentation of a list around them. */
const blocksIn = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\`$`, "gms"))].map(([, indent = "", block = ""]) =>
    block.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  );

for (const { name, settings } of programs) {
  test(`every settings file that ${name}'s page shows is one that it takes`, async (t) => {
    const isSettings = new RegExp(`^(run|${name}):$`, "m");
    const examples = blocksIn(pageOf(name), "yaml").filter((block) => isSettings.test(block));
    t.ok(examples.length > 0, "there are examples");
    for (const example of examples) {
      const loaded = await loadSettings({
        ...{ program: name, says: "", examples: [] },
        declarations: [runSettings, settings],
        argv: ["--config", "example.yaml"],
        environment: {},
        readFile: async () => example,
      });
      t.strictSame(loaded.kind === "problems" ? loaded.problems : [], [], example);
    }
  });
}

test("the scheme that tagaudit's page shows is one, and has every key", async (t) => {
  const schemes = blocksIn(pageOf("tagaudit"), "yaml")
    .map((block) => parse(block))
    .filter(({ tags }) => tags !== undefined);
  t.equal(schemes.length, 1);
  const [scheme] = schemes;
  t.match(parseScheme(scheme), { ok: true });
  const rules = Object.values<Readonly<Record<string, object>> | null>(scheme.tags).map((rule) => rule ?? {});
  const keysIn = (parts: readonly object[]) => [...new Set(parts.flatMap((part) => Object.keys(part)))].sort();
  const partsOf = (key: string) => rules.map((rule) => rule[key]).filter((part) => typeof part === "object");
  t.strictSame(Object.keys(scheme).sort(), schemeKeys.toSorted());
  t.strictSame(keysIn(rules), ruleKeys.toSorted());
  t.strictSame(keysIn(partsOf("value")), valueKeys.toSorted());
  t.strictSame(keysIn(partsOf("applies_to")), selectorKeys.toSorted());
});

test("the tag policy that tagaudit's page shows is one", async (t) => {
  const policies = blocksIn(pageOf("tagaudit"), "json").filter((block) => block.includes('"tag_key"'));
  t.equal(policies.length, 1);
  t.match(
    policies.map((block) => parseTagPolicy(JSON.parse(block))),
    [{ ok: true, notes: [] }],
  );
});
