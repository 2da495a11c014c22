import { formatColumns } from "../../core/columns.ts";
import { type AccessLevel, accessLevels, type Policy } from "../../policy/library.ts";
import { isPattern } from "../../policy/pattern.ts";
import type { ExitCode, Frame } from "../../runtime/frame.ts";
import { refuse, writeText } from "../command.ts";
import type { ExpandOptions } from "./arguments.ts";
import { warnOfAge } from "./catalogue.ts";
import { readPolicies } from "./files.ts";
import { findGranted, type Granted } from "./granted.ts";
import { sayUnknown } from "./nearest.ts";
import { count, formatJson, placeOf, shown } from "./words.ts";

export async function expandPolicies(frame: Frame, options: ExpandOptions): Promise<ExitCode> {
  const { files, action: patterns, level: levels, format } = options;
  const problems = [
    ...patterns.filter((pattern) => !isPattern(pattern)).map(sayNoPattern),
    ...levels.filter((level) => levelOf(level) === undefined).map(sayNoLevel),
  ];
  if (problems.length > 0) return refuse(frame, problems);
  const asksFiles = files.length > 0 || patterns.length === 0;
  const read = asksFiles ? await readPolicies(frame, files) : { ok: true as const, policies: [] };
  if (!read.ok) return read.code;
  warnOfAge(frame);
  warnOfUnlisted(frame, read.policies);
  const granted = findGranted(read.policies, patterns);
  for (const { action, level } of granted) if (level === undefined) frame.log.warn(sayUnknown(action));
  const wanted = new Set(levels.map(levelOf));
  const listed = wanted.size === 0 ? granted : granted.filter(({ level }) => level !== undefined && wanted.has(level));
  await writeText(frame, formats[format](listed));
  return 0;
}

const sayNoPattern = (pattern: string): string =>
  `action: "${shown(pattern)}" is not an action, as s3:GetObject, or a pattern, as s3:Get* or *`;

const sayNoLevel = (level: string): string => `level: "${shown(level)}" is not one of ${accessLevels.join(", ")}`;

const levelOf = (written: string): AccessLevel | undefined =>
  accessLevels.find((level) => level.toLowerCase() === written.toLowerCase().replace(/[-_]/g, " "));

function warnOfUnlisted({ log }: Frame, policies: readonly Policy[]): void {
  const denies = policies.flatMap(({ statements }) => statements).filter(({ effect }) => effect === "Deny");
  if (denies.length > 0) log.warn(`not taken into account: ${count(denies.length, "Deny statement")}`);
  for (const statement of policies.flatMap(({ statements }) => statements))
    if (statement.effect === "Allow" && statement.element === "NotAction")
      log.warn(`${placeOf(statement)}: it has NotAction, and allows actions that are not known as well`);
}

const formats = {
  text: (granted: readonly Granted[]) => granted.map(({ action }) => `${shown(action)}\n`).join(""),
  table: (granted: readonly Granted[]) =>
    formatColumns([["SERVICE", "ACTION", "LEVEL", "GRANTED BY"], ...granted.map(rowOf)]),
  json: (granted: readonly Granted[]) => formatJson(granted.map(dataOf)),
} as const;

function rowOf({ action, level, statements, isAsked }: Granted): readonly string[] {
  const [service = "", name = ""] = action.includes(":") ? action.split(":") : [action, action];
  const by = statements.map(({ policy, index, sid }) => `${policy} ${sid ?? index + 1}`);
  return [service, name, level ?? "unknown", [...by, ...(isAsked ? ["--action"] : [])].join(", ")].map(shown);
}

const dataOf = ({ action, level, statements }: Granted) => ({
  ...{ action, level: level ?? null },
  statements: statements.map(({ policy, index, sid }) => ({ policy, index, sid: sid ?? null })),
});
