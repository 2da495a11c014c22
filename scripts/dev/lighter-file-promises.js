import { fileURLToPath } from "node:url";

const replacement = fileURLToPath(new URL("lighter-file-promises/file-promises.js", import.meta.url));

/**
 * A rolldown plugin: gives those who import `node:fs/promises`, and whose path `importers` matches, only what every run
 * needs of it. The whole brings Node's line editor along, for a method of its file handles: 1.5 ms of a start.
 */
export const lighterFilePromises = (importers) => ({
  name: "lighter-file-promises",
  resolveId: {
    filter: { id: /^node:fs\/promises$/ },
    handler: (_id, importer) => (importers.test(importer) ? replacement : null),
  },
});
