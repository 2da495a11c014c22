import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dirtycountPermissions, dirtycountRecyclePermissions } from "../../lib/dirtycount/permissions.ts";
import { dirty, dirtyFleet } from "../../lib/dirtycount/report.ts";
import { dirtycountSettings } from "../../lib/dirtycount/settings.ts";
import { dirtymarkQueue, dirtymarkRun, dirtymarkTags } from "../../lib/dirtymark/report.ts";
import { dirtymarkSettings } from "../../lib/dirtymark/settings.ts";
import { keycheckDetailPermissions, keycheckPermissions } from "../../lib/keycheck/permissions.ts";
import { iam, iamReport, keycheckAccount } from "../../lib/keycheck/report.ts";
import { keycheckSettings } from "../../lib/keycheck/settings.ts";
import { formatMeasurementTable } from "../../lib/measurements/format-table.ts";
import { stalewatchRefusal } from "../../lib/measurements/refusal.ts";
import { stalewatchRun } from "../../lib/measurements/run.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";
import { formatSettingsTable } from "../../lib/settings/settings-table.ts";
import {
  tagauditDocumentPermissions,
  tagauditIdentityCenterPermissions,
  tagauditMarkPermissions,
  tagauditPermissions,
  tagauditProtectionPermissions,
  tagauditTerminationPermissions,
  tagauditUserPermissions,
} from "../../lib/tagaudit/permissions.ts";
import { tagauditRegion, tagauditTag, tagauditViolation } from "../../lib/tagaudit/report.ts";
import { tagauditSettings } from "../../lib/tagaudit/settings.ts";
import { sampleJournal, sampleNotice } from "./documents/acting-samples.ts";
import { dirtycountGates } from "./documents/dirtycount-gates.ts";
import { sampleSimulation } from "./documents/dirtycount-samples.ts";
import { dirtymarkGates } from "./documents/dirtymark-gates.ts";
import { describeConsumer, markRolePolicy, markRoleTrust, othersPolicy } from "./documents/dirtymark-policies.ts";
import { sampleOutput as sampleMarking } from "./documents/dirtymark-samples.ts";
import { formatGatesTable } from "./documents/gates-table.ts";
import { keycheckGates } from "./documents/keycheck-gates.ts";
import { fenced } from "./documents/markdown.ts";
import { describeFurtherPermissions, describePolicies } from "./documents/permissions.ts";
import { tagauditGates } from "./documents/tagaudit-gates.ts";
import { sampleCheck, sampleDocuments, sampleOutput } from "./documents/tagaudit-samples.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** What documents show of the code, by document and name of the block. */
const blocks: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  "lib/keycheck/README.md": {
    settings: () => formatSettingsTable(keycheckSettings),
    "run settings": () => formatSettingsTable(runSettings),
    gates: () => formatGatesTable(keycheckGates),
    notice: () => fenced("text", sampleNotice()),
    journal: () => fenced("text", sampleJournal()),
    measurements: () =>
      [iam, iamReport, keycheckAccount, stalewatchRefusal, stalewatchRun].map(formatMeasurementTable).join("\n"),
    output: () => fenced("text", read("test/golden/keycheck/everyday/expected.lp")),
    policies: () => describePolicies(keycheckPermissions),
    "further permissions": () =>
      describeFurtherPermissions([["`group` or `tag` in `kinds`", keycheckDetailPermissions]]),
  },
  "lib/tagaudit/README.md": {
    check: () => fenced("text", sampleCheck()),
    gates: () => formatGatesTable(tagauditGates),
    documents: () => fenced("json", sampleDocuments()),
    settings: () => formatSettingsTable(tagauditSettings),
    measurements: () => [tagauditRegion, tagauditTag, tagauditViolation].map(formatMeasurementTable).join("\n"),
    output: () => fenced("text", sampleOutput()),
    policies: () => describePolicies(tagauditPermissions),
    "further permissions": () =>
      describeFurtherPermissions([
        ["a sink for documents", tagauditDocumentPermissions],
        ["`confirm`, or `iam-user` in the scheme", tagauditUserPermissions],
        ["`identity-center-user` in the scheme", tagauditIdentityCenterPermissions],
        ["`terminate`, in mode `commit`", tagauditTerminationPermissions],
        ["`flip_protection` in the scheme, in mode `commit`", tagauditProtectionPermissions],
        ["`canary_timestamp`, in mode `commit`", tagauditMarkPermissions],
      ]),
  },
  "lib/dirtymark/README.md": {
    gates: () => formatGatesTable(dirtymarkGates),
    settings: () => formatSettingsTable(dirtymarkSettings),
    measurements: () => [dirtymarkRun, dirtymarkQueue, dirtymarkTags].map(formatMeasurementTable).join("\n"),
    output: () => fenced("text", sampleMarking()),
    consumer: describeConsumer,
    "mark role": markRolePolicy,
    trust: markRoleTrust,
    others: othersPolicy,
  },
  "lib/dirtycount/README.md": {
    simulation: () => fenced("text", sampleSimulation()),
    gates: () => formatGatesTable(dirtycountGates),
    settings: () => formatSettingsTable(dirtycountSettings),
    measurements: () => [dirty, dirtyFleet].map(formatMeasurementTable).join("\n"),
    policies: () => describePolicies(dirtycountPermissions),
    "further permissions": () =>
      describeFurtherPermissions([["`recycle`, in mode `commit`", dirtycountRecyclePermissions]]),
  },
};

export interface GeneratedDocument {
  readonly path: string;
  readonly found: string;
  readonly wanted: string;
}

/** Every document with generated blocks, as it stands and as the code would have it. */
export const generatedDocuments = (): readonly GeneratedDocument[] =>
  Object.entries(blocks).map(([path, generators]) => {
    const found = read(path);
    const wanted = Object.entries(generators).reduce(
      (text, [name, generate]) => replaceBlock({ path, text, name, block: generate() }),
      found,
    );
    return { path, found, wanted };
  });

function replaceBlock({
  path,
  text,
  name,
  block,
}: Readonly<Record<"path" | "text" | "name" | "block", string>>): string {
  const [start, end] = [`<!-- generated: ${name} -->\n`, "<!-- end -->\n"];
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`${path} has no block "${name}"`);
  return `${text.slice(0, from + start.length)}\n${block}\n${text.slice(to)}`;
}

if (process.argv[1] === import.meta.filename) {
  for (const { path, wanted } of generatedDocuments()) writeFileSync(join(root, path), wanted);
}
