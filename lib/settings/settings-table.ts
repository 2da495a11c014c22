import { type Declaration, type DeclaredSetting, describeUnit, settingsIn } from "./declare.ts";

/** A declaration as a README shows it. */
export function formatSettingsTable(declaration: Declaration): string {
  const rows = settingsIn([declaration]).map(formatRow);
  const header = [
    ["setting", "default", "environment", "original name", "meaning"],
    ["---", "---", "---", "---", "---"],
  ];
  return `${[...header, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}

function formatRow(setting: DeclaredSetting): string[] {
  const { names, says } = setting;
  const [environment, ...originals] = names.environment;
  const unit = describeUnit(setting);
  const originalFlags = names.flag.slice(1);
  return [
    code(names.file[0] ?? names.flag[0]),
    code(setting.default?.toString()),
    code(environment),
    [...originals, ...originalFlags].map(code).join(", "),
    escapeCell(unit === undefined ? says : `${says} (${unit})`),
  ];
}

const code = (text: string | undefined): string => (text === undefined || text === "" ? "" : `\`${escapeCell(text)}\``);

const escapeCell = (text: string): string => text.replaceAll("|", "\\|");
