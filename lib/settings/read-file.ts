import { type Declaration, settingsIn } from "./declare.ts";
import type { Path } from "./kind.ts";
import { programSections } from "./names.ts";
import { type Given, type Reading, refuseUnknown } from "./reading.ts";

/** A file as YAML gave it. */
export interface YamlFile {
  readonly path: string;
  readonly value: unknown;
  /** The line of what lies at a path inside the value, or of its nearest surroundings. */
  readonly lineAt: (path: Path) => number;
  /** Why there is no value. */
  readonly problems: readonly string[];
  /** There may be a file, which could not be read. */
  readonly isIncomplete: boolean;
}

/** What there is to read where no file is named. */
export const noFile: YamlFile = { path: "", value: undefined, lineAt: () => 1, problems: [], isIncomplete: false };

/** Reads our sections of a settings file and leaves those of other programs alone. */
export function readFileSettings(declarations: readonly Declaration[], file: YamlFile): Reading {
  const given: Given[] = [];
  const problems = [...file.problems];
  for (const [section, value] of entriesOf(file, [], problems)) {
    const declaration = declarations.find((candidate) => candidate.section === section);
    if (declaration === undefined) problems.push(...refuseSection(declarations, file, section));
    else
      for (const [key, raw] of entriesOf({ ...file, value }, [section], problems)) {
        const setting = settingsIn([declaration]).find(({ names }) => names.file.includes(key));
        const where = (path: Path = []) => placeOf(file, [section, key, ...path]);
        if (setting !== undefined) given.push({ setting, raw, where });
        else problems.push(refuseUnknown({ where: where(), name: key, source: "file", declarations }));
      }
  }
  return { source: "file", given, problems, isIncomplete: file.isIncomplete };
}

/** A file or section of nothing but comments has no entries, and no problem either. */
function entriesOf(file: YamlFile, path: Path, problems: string[]): [string, unknown][] {
  const { value } = file;
  if (value === undefined || value === null) return [];
  if (typeof value === "object" && !Array.isArray(value)) return Object.entries(value);
  problems.push(`${placeOf(file, path)}: not a map of ${path.length === 0 ? "sections" : "settings"}`);
  return [];
}

/** A setting that forgot its section is told where it belongs. */
function refuseSection(declarations: readonly Declaration[], file: YamlFile, section: string): string[] {
  if (programSections.some((program) => program === section)) return [];
  return [refuseUnknown({ where: placeOf(file, [section]), name: section, source: "file", declarations })];
}

/** A place in a file, as problems name it: `file stalewatch.yaml line 4, keycheck.exemptions[2].until`. */
export const placeOf = ({ path: file, lineAt }: Pick<YamlFile, "path" | "lineAt">, path: Path): string =>
  `file ${file} line ${lineAt(path)}${path.length === 0 ? "" : `, ${formatPath(path).replace(/^\./, "")}`}`;

/** The path as people read it in a settings file: `[2].until`. */
const formatPath = (path: Path): string =>
  path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
