import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BundledScript, bundleScript } from "./bundle-script.ts";
import type { PolicyPart } from "./policy-part.ts";
import { type Command, runChild } from "./run-child.ts";
import { median, quantile, round } from "./statistics.ts";

interface Loading {
  readonly runs: number;
  readonly notes: string[];
}

interface Candidate {
  readonly what: string;
  readonly command: Command;
}

const built = process.env.STALEWATCH_DIST ?? fileURLToPath(new URL("../../../dist", import.meta.url));
const stalewatch = join(built, "stalewatch.cjs");

/** Whole processes by turns: what it costs to have the catalogue at all, beside a process that has not. */
export async function measureLoad({ runs, notes }: Loading): Promise<PolicyPart> {
  const script = await bundleScript(fileURLToPath(new URL("policy-load.ts", import.meta.url)));
  try {
    const candidates = [...ownCandidates(script), ...builtCandidates(notes)];
    const walls = candidates.map((): number[] => []);
    const said = candidates.map((): string[] => []);
    for (let run = 0; run < runs; run += 1)
      for (const [index, { command }] of candidates.entries()) {
        const { wallMs, stdout } = runChild(command);
        walls[index]?.push(wallMs);
        said[index]?.push(stdout);
      }
    const nothing = median(walls[0] ?? []);
    const rows = candidates.map(({ what }, index) => ({
      ...{ what, wall_ms: round(median(walls[index] ?? [])), best_ms: round(quantile(walls[index] ?? [], 0)) },
      more_ms: round(median(walls[index] ?? []) - nothing),
      ...(what === ownExpand ? inside(said[index] ?? []) : { load_ms: undefined, expand_ms: undefined }),
    }));
    return { tables: [{ title: "policy: load the catalogue and expand s3:*", rows }], targets: [] };
  } finally {
    await script.remove();
  }
}

const ownExpand = "the library, expand s3:*";

function ownCandidates({ file }: BundledScript): readonly Candidate[] {
  const candidate = (what: string, ...args: readonly string[]): Candidate => ({
    ...{ what, command: { file: process.execPath, args: [file, ...args], environment: {} } },
  });
  return [candidate("nothing", "nothing"), candidate(ownExpand, "expand")];
}

/** The command as it is built, where it is; what is skipped must be heard. */
function builtCandidates(notes: string[]): readonly Candidate[] {
  const command: Command = {
    ...{ file: process.execPath, args: [stalewatch, "policy", "expand", "--action", "s3:*"], environment: {} },
  };
  const version: Command = { ...command, args: [stalewatch, "--version"] };
  if (hasExpand(command))
    return [
      { what: "stalewatch --version", command: version },
      { what: "stalewatch policy expand s3:*", command },
    ];
  notes.push("SKIPPED: the built stalewatch.cjs has no command `policy expand`");
  return [];
}

function hasExpand(command: Command): boolean {
  try {
    return runChild(command).stdout.includes("s3:GetObject");
  } catch {
    // An unknown command ends with 2.
    return false;
  }
}

/** What a process says of itself. */
function inside(said: readonly string[]) {
  const times = said.map((text): { readonly load: number; readonly expand: number } => JSON.parse(text));
  return {
    load_ms: round(median(times.map(({ load }) => load))),
    expand_ms: round(median(times.map(({ expand }) => expand)), 2),
  };
}
