import type { Measurement } from "../core/point.ts";

/** A measurement as READMEs show it, in Markdown. */
export function formatMeasurementTable({ name, says, tags, fields }: Measurement): string {
  const rows = [
    ["name", "", "type", "unit", "meaning"],
    ["---", "---", "---", "---", "---"],
    ...Object.entries(tags).map(([tag, meaning]) => [code(tag), "tag", "string", "", meaning]),
    ...Object.entries(fields).map(([field, { kind, unit, says: meaning }]) => {
      return [code(field), "field", kind, unit === "none" ? "" : unit, meaning];
    }),
  ];
  return [`${code(name)}: ${says}`, "", ...rows.map(formatRow), ""].join("\n");
}

const code = (name: string): string => `\`${name}\``;

const formatRow = (cells: readonly string[]): string =>
  `|${cells.map((cell) => (cell === "" ? " " : ` ${cell.replaceAll("|", "\\|")} `)).join("|")}|`;
