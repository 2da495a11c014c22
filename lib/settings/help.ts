import { callSettings } from "./call-settings.ts";
import { type Declaration, type DeclaredSetting, describeUnit, settingsIn } from "./declare.ts";

export interface Described {
  readonly program: string;
  /** What the program does, in a sentence. */
  readonly says: string;
  readonly examples: readonly (readonly [command: string, says: string])[];
}

const width = 100;
const margin = 2;
const nameWidth = 34;

/** The text of `--help`, no line of it wider than 100 columns. */
export function formatHelp({ program, says, examples }: Described, declarations: readonly Declaration[]): string {
  const positional = settingsIn(declarations).find((setting) => setting.positional);
  const words = positional === undefined ? "" : ` [${itemOf(positional)}...]`;
  const groups = declarations.flatMap((declaration) => [
    `Settings, in the file's section ${declaration.section}:`,
    ...settingsIn([declaration]).flatMap(formatSetting),
    "",
  ]);
  const lines = [
    `Usage: ${program} [FLAG...]${words}`,
    "",
    ...wrap(says, width),
    "",
    ...groups,
    "Beside the settings:",
    ...settingsIn([callSettings]).flatMap(formatSetting),
    "",
    ...wrap(precedence, width),
    ...(examples.length === 0 ? [] : ["", "Examples:"]),
    ...examples.flatMap(formatExample),
  ];
  return `${lines.join("\n")}\n`;
}

const precedence =
  "A flag beats the environment, which beats the settings file. What is on or off is turned off by --no- before its name.";

const itemOf = ({ kind }: DeclaredSetting): string => kind.placeholder.replace(/,\.\.\.$/, "");

function formatSetting(setting: DeclaredSetting): string[] {
  const { kind, names, says } = setting;
  const flags = [...names.flag].sort((one, two) => one.length - two.length).join(", ");
  const name = flags === "" ? `${names.section}.${names.stem}` : `${flags} ${kind.placeholder}`.trim();
  const meaning = [...wrap(says, width - nameWidth), ...wrap(formatDetails(setting), width - nameWidth)];
  const isTooLong = margin + name.length >= nameWidth;
  return besides(isTooLong ? ["", ...meaning] : meaning, name);
}

function formatDetails(setting: DeclaredSetting): string {
  const { names } = setting;
  const [environment, ...originals] = names.environment;
  const details = [
    setting.default === undefined || setting.default.length === 0 ? "" : `default ${setting.default}`,
    describeUnit(setting) ?? "",
    environment ?? (names.file.length > 0 ? "settings file only" : ""),
    originals.length === 0 ? "" : `original ${originals.join(", ")}`,
  ];
  return details.filter((detail) => detail !== "").join("; ");
}

/** A name on the left, lines on the right; an empty first line leaves the name its own. */
const besides = (lines: readonly string[], name: string): string[] =>
  lines.map((line, index) => `${" ".repeat(margin)}${index === 0 ? name : ""}`.padEnd(nameWidth) + line).map(trimEnd);

const trimEnd = (line: string): string => line.trimEnd();

const formatExample = ([command, says]: readonly [string, string]): string[] => [
  ...wrap(command, width - margin).map((line) => " ".repeat(margin) + line),
  ...wrap(says, width - 3 * margin).map((line) => " ".repeat(3 * margin) + line),
];

/** Breaks between words, or within one that alone is wider. */
const wrap = (text: string, columns: number): string[] =>
  [...text.matchAll(new RegExp(`(\\S.{0,${columns - 1}})(?:\\s+|$)|\\S{${columns}}`, "g"))].map(([line]) =>
    line.trimEnd(),
  );
