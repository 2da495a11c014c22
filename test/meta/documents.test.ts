import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { keycheckSettings } from "../../lib/keycheck/settings.ts";
import { loadSettings } from "../../lib/settings/load-settings.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";
import { generatedDocuments } from "../../scripts/dev/documents.ts";

for (const { path, found, wanted } of generatedDocuments()) {
  test(`${path} says what the code says (npm run documents)`, async (t) => t.equal(found, wanted));
}

/** Fenced blocks that a settings file could hold, without the indentation of a list around them. */
function settingsExamples(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^( *)```yaml\n(.*?)^ *```$/gms)];
  return blocks
    .map(([, indent = "", block = ""]) => block.replaceAll(new RegExp(`^${indent}`, "gm"), ""))
    .filter((block) => /^(run|keycheck):$/m.test(block));
}

test("every settings file that keycheck's page shows is one that keycheck takes", async (t) => {
  const page = readFileSync(join(import.meta.dirname, "../../lib/keycheck/README.md"), "utf8");
  const examples = settingsExamples(page);
  t.ok(examples.length > 0, "there are examples");
  for (const example of examples) {
    const loaded = await loadSettings({
      ...{ program: "keycheck", says: "", examples: [] },
      declarations: [runSettings, keycheckSettings],
      argv: ["--config", "example.yaml"],
      environment: {},
      readFile: async () => example,
    });
    t.strictSame(loaded.kind === "problems" ? loaded.problems : [], [], example);
  }
});
