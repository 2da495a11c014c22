// Has tsx compile once what the test files share: they run side by side, and each would compile all of it for itself.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

const modulesIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(root, folder, name));

for (const path of [...modulesIn("lib"), ...modulesIn("test/support")]) await import(pathToFileURL(path).href);
