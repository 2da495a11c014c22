import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { build } from "rolldown";

export interface BundledScript {
  readonly file: string;
  remove(): Promise<void>;
}

/** A script of this folder as it would be shipped: compiled, with what it uses of its packages and no more. */
export async function bundleScript(script: string): Promise<BundledScript> {
  const directory = await mkdtemp(join(tmpdir(), "stalewatch-bench-"));
  const name = basename(script, ".ts");
  await build({
    input: { [name]: script },
    platform: "node",
    // The SDK's CommonJS builds can't be tree-shaken.
    resolve: { mainFields: ["module", "main"] },
    output: { dir: directory, format: "esm", minify: true, entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" },
    logLevel: "warn",
  });
  return { file: join(directory, `${name}.mjs`), remove: () => rm(directory, { recursive: true, force: true }) };
}
