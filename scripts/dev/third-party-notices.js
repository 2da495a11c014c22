import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Licences under which a package may be shipped inside ours. */
const permissive = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0"];

/**
 * A rolldown plugin: writes the licence of every package that went into the bundles beside them, and of those in `origins`,
 * whose data some file of ours is made from; fails the build at one that is not permissive.
 */
export const thirdPartyNotices = (fileName, origins) => ({
  name: "third-party-notices",
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((chunk) => chunk.moduleIds ?? []);
    const directories = new Set(modules.flatMap((id) => packageDirectory.exec(id)?.[0] ?? []));
    for (const name of origins) directories.add(join("node_modules", name));
    const notices = [...directories].map(readNotice).toSorted((a, b) => (a.title < b.title ? -1 : 1));
    for (const { title, licence } of notices) {
      if (!permissive.includes(licence)) this.error(`${title} is under ${licence}, which may not be shipped`);
    }
    this.emitFile({ type: "asset", fileName, source: [...new Set(notices.map(formatNotice))].join("\n") });
  },
});

/** Up to the last `node_modules/NAME` or `node_modules/@SCOPE/NAME`. */
const packageDirectory = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

function readNotice(directory) {
  const { name, version, license: licence } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : readFileSync(join(directory, file), "utf8").trim();
  return { title: `${name} ${version}`, licence, text };
}

const formatNotice = ({ title, licence, text }) => `${"-".repeat(80)}\n${title} (${licence})\n\n${text}\n`;
