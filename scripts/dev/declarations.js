import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isolatedDeclarationSync } from "rolldown/experimental";

/** A rolldown plugin: writes the types of a library's entry, and of all that they name, as declarations of CommonJS modules. */
export const declarations = (entry, folder) => ({
  name: "declarations",
  generateBundle() {
    const waiting = [entry];
    const written = new Set();
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (written.has(path)) continue;
      written.add(path);
      const { code, errors } = isolatedDeclarationSync(path, readFileSync(path, "utf8"));
      for (const { message } of errors) this.error(`${path}: ${message}`);
      waiting.push(...[...code.matchAll(imported)].map(([, name]) => join(dirname(path), name)));
      const fileName = `${folder}/${basename(path, ".ts")}.d.cts`;
      this.emitFile({
        type: "asset",
        fileName,
        source: code.replaceAll(imported, (text) => text.replace(".ts", ".cjs")),
      });
    }
  },
});

const imported = /(?<=\bfrom )"(\.\/[^"]+\.ts)"/g;
