import type { Cell, Measured, Table, Target } from "./section.ts";

/** All of a section as text for people. */
export const formatMeasured = ({ tables, targets, notes }: Measured): string =>
  [...tables.map(formatTable), ...notes.map((note) => `  ${note}`), ...targets.map(formatTarget), ""].join("\n");

function formatTable({ title, rows }: Table): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => formatCell(row[column])))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  const isText = columns.map((column) => rows.some((row) => typeof row[column] === "string"));
  const formatLine = (line: readonly string[]) =>
    line.map((cell, index) => (isText[index] ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)));
  return [`\n${title}`, ...lines.map((line) => `  ${formatLine(line).join("  ").trimEnd()}`)].join("\n");
}

function formatCell(cell: Cell): string {
  if (cell === undefined) return "-";
  return typeof cell === "number" ? cell.toLocaleString("en-US", { maximumFractionDigits: 3 }) : cell;
}

const formatTarget = ({ what, want, got, met }: Target): string =>
  `  ${met ? "met   " : "MISSED"}  ${what}: ${formatCell(got)}, ${want}`;
