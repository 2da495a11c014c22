import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleScript } from "./bundle-script.ts";
import { measureAgainstUniverse } from "./policy-against-universe.ts";
import type { DocumentsRow } from "./policy-documents.ts";
import { measureLoad } from "./policy-load-times.ts";
import type { PolicyBench, PolicyPart, Row } from "./policy-part.ts";
import { managedTexts } from "./policy-python.ts";
import { runChild } from "./run-child.ts";
import { atMost, type Section, type Target } from "./section.ts";
import { round } from "./statistics.ts";

/** The policy language: each row from a process of its own. */
export const measurePolicy: Section = async ({ runs }) => {
  const notes = ["cold: the first time in a process; warm: the median of the times after it"];
  const script = await bundleScript(fileURLToPath(new URL("policy-work.ts", import.meta.url)));
  const directory = mkdtempSync(join(tmpdir(), "stalewatch-bench-"));
  let inputs = 0;
  const writeInput = (input: object): string => {
    inputs += 1;
    const path = join(directory, `${inputs}.json`);
    writeFileSync(path, JSON.stringify(input));
    return path;
  };
  const work = <Said>(kind: string, input: object = {}): Said =>
    JSON.parse(
      runChild({ file: process.execPath, args: [script.file, kind, writeInput(input)], environment: {} }).stdout,
    );
  try {
    const bench: PolicyBench = { work, writeInput, notes };
    const parts = [
      await measureLoad({ runs, notes }),
      measureExpand(bench),
      measureAgainstUniverse(bench),
      measureManaged(bench),
      measureInclusion(bench),
    ];
    const [tables, targets] = [parts.flatMap((part) => part.tables), parts.flatMap((part) => part.targets)];
    return { tables, targets, notes };
  } finally {
    rmSync(directory, { recursive: true, force: true });
    await script.remove();
  }
};

function measureExpand({ work }: PolicyBench): PolicyPart {
  const row = work<{ readonly warm_ms: number }>("expand");
  return {
    tables: [{ title: "policy: expand *", rows: [{ ...row }] }],
    targets: [atMost("whole catalogue expanded, warm, ms", 50, row.warm_ms)],
  };
}

const counts = [350, 700, 1400];

/** Long enough to say how slow it is, and no longer. */
const limitMs = 200_000;

function measureManaged({ work, notes }: PolicyBench): PolicyPart {
  const texts = managedTexts(notes);
  if (texts === undefined) return { tables: [], targets: [] };
  const all = Object.keys(texts).length;
  const rows = work<readonly DocumentsRow[]>("documents", {
    ...{ texts, limitMs, counts: [...counts, all] },
  });
  const last = rows.at(-1);
  if (last?.documents !== all) notes.push(`GAVE UP after ${last?.documents} of ${all} AWS-managed policies`);
  notes.push("AWS-managed policies: seconds of all documents so far; *_less: without every third action");
  return {
    tables: [{ title: "policy: AWS-managed policies", rows: rows.map((row) => ({ ...row })) }],
    targets: last === undefined ? [] : targetsOf(last, all),
  };
}

/** Of work that was given up, what it would have come to. */
function targetsOf(last: DocumentsRow, all: number): readonly Target[] {
  const inAll = (seconds: number): number => round((seconds * all) / last.documents, 2);
  const minimised = last.parse_s + last.expand_s + last.minimise_all_s;
  return [
    atMost(`${all} AWS-managed policies expanded and minimised, s`, 10, inAll(minimised)),
    atMost(`${all} AWS-managed policies, with what is taken from them, s`, 10, inAll(last.total_s)),
  ];
}

const measureInclusion = ({ work }: PolicyBench): PolicyPart => ({
  tables: [{ title: "policy: glob inclusion", rows: work<readonly Row[]>("inclusion") }],
  targets: [],
});
