import { existsSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { measureAudit } from "./audit.ts";
import { measureDirty } from "./dirty.ts";
import { measureEncoder } from "./encoder.ts";
import { measureInstances } from "./instances.ts";
import { bundle } from "./keycheck.ts";
import { measureLogin } from "./login.ts";
import { measureMarking } from "./marking.ts";
import { measureMemory } from "./memory.ts";
import { measurePolicy } from "./policy.ts";
import { formatMeasured } from "./print.ts";
import { measureScan } from "./scan.ts";
import type { Measured, Section } from "./section.ts";
import { measureStartUp } from "./start-up.ts";
import { measureThrottled } from "./throttled.ts";
import { measureWarm } from "./warm.ts";

// npm run bench -- [SECTION...] [--runs N] [--json FILE]; the built executables are what is measured.

const sections: Readonly<Record<string, Section>> = {
  "start-up": measureStartUp,
  encoder: measureEncoder,
  scan: measureScan,
  memory: measureMemory,
  throttled: measureThrottled,
  warm: measureWarm,
  instances: measureInstances,
  audit: measureAudit,
  dirty: measureDirty,
  marking: measureMarking,
  login: measureLogin,
  policy: measurePolicy,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" }, runs: { type: "string", default: "15" } },
});
const runs = Number(values.runs);
const asked = positionals.length === 0 ? Object.keys(sections) : positionals;
const unknown = asked.filter((name) => sections[name] === undefined);
if (unknown.length > 0 || !(runs >= 1)) {
  console.error(`usage: npm run bench -- [${Object.keys(sections).join("|")}]... [--runs N] [--json FILE]`);
  process.exit(2);
}
if (!existsSync(bundle)) {
  console.error(`${bundle} is not there: npm run build makes it`);
  process.exit(1);
}

// With the JSON on stdout, the tables are for the person who waits.
const print = values.json === "-" ? console.error : console.log;
const measured: Record<string, Measured> = {};
for (const name of asked) {
  const [load = 0] = loadavg();
  const section = await sections[name]?.({ runs });
  if (section === undefined) continue;
  measured[name] = { ...section, notes: [...section.notes, `load of the machine before: ${load.toFixed(1)}`] };
  print(formatMeasured(measured[name]));
}

if (values.json !== undefined) {
  const machine = { node: process.version, platform: process.platform, cpus: cpus().length, cpu: cpus()[0]?.model };
  const text = `${JSON.stringify({ ...machine, runs, sections: measured }, undefined, 2)}\n`;
  if (values.json === "-") process.stdout.write(text);
  else writeFileSync(values.json, text);
}
