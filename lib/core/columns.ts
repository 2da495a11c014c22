/** Rows as people read them: each column as wide as its widest cell, and nothing in them that drives a terminal. */
export function formatColumns(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(printable));
  const widths = (cells[0] ?? []).map((_, column) =>
    cells.reduce((widest, row) => Math.max(widest, [...(row[column] ?? "")].length), 0),
  );
  const pad = (cell: string, column: number) => cell + " ".repeat((widths[column] ?? 0) - [...cell].length);
  return cells.map((row) => `${row.map(pad).join("  ").trimEnd()}\n`).join("");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();

const longest = 60;

export const shorten = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest - 3)}...`);
