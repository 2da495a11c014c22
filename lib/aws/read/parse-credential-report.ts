import { OpsError } from "../../core/errors.ts";
import type { CredentialReport, ReportRow, ReportSlot } from "../../core/iam.ts";
import { type Millis, parseInstant } from "../../core/time.ts";

const rootName = "<root_account>";

/** Documented as `additional_credentials_info`; reports of ordinary accounts come without it. */
const additionalColumn = "additional_credentials";

/**
 * Reads the report by header name, because AWS adds columns over time (Getting credential reports, IAM user guide).
 *
 * @throws OpsError when a column that everything rests on is not there
 */
export function parseCredentialReport(csv: string, generatedAt: Millis): CredentialReport {
  const [head = "", ...lines] = csv.split(/\r?\n/).filter((line) => line !== "");
  const header = head.split(",");
  const columns = {
    ...{ user: columnAt(header, "user"), arn: columnAt(header, "arn"), ...dateColumns(header) },
    additional: header.findIndex((name) => name.startsWith(additionalColumn)),
  };
  const rows = new Map<string, ReportRow>();
  let root: ReportRow | undefined;
  for (const line of lines) {
    const cells = splitRow(line, header.length);
    if (cells.length !== header.length)
      throw new OpsError("other", `iam:GetCredentialReport: a row has ${cells.length} of ${header.length} columns`);
    const row = readRow(cells, columns);
    if (row.user === rootName) root = row;
    else rows.set(row.user, row);
  }
  return { generatedAt, rows, root };
}

function dateColumns(header: readonly string[]) {
  const slot = (number: 1 | 2) => ({
    active: columnAt(header, `access_key_${number}_active`),
    lastRotated: columnAt(header, `access_key_${number}_last_rotated`),
    lastUsed: columnAt(header, `access_key_${number}_last_used_date`),
  });
  return { created: columnAt(header, "user_creation_time"), slots: [slot(1), slot(2)] as const };
}

type Columns = Readonly<Record<"user" | "arn" | "additional", number>> & ReturnType<typeof dateColumns>;

function readRow(cells: readonly string[], columns: Columns): ReportRow {
  const slot = (at: Columns["slots"][number]): ReportSlot => ({
    active: readFlag(cells[at.active]),
    lastRotatedAt: readDate(cells[at.lastRotated]),
    lastUsedAt: readDate(cells[at.lastUsed]),
  });
  return {
    user: cells[columns.user] ?? "",
    arn: cells[columns.arn] ?? "",
    createdAt: readDate(cells[columns.created]),
    slots: [slot(columns.slots[0]), slot(columns.slots[1])],
    additionalCredentials: readText(cells[columns.additional]),
  };
}

const readText = (cell = "N/A"): string | undefined => (cell === "N/A" || cell === "" ? undefined : cell);

/** The user guide spells them in capitals, reports in lower case. */
function readFlag(cell = ""): boolean {
  if (/^true$/i.test(cell)) return true;
  if (/^false$/i.test(cell)) return false;
  throw new OpsError("other", `iam:GetCredentialReport: "${cell}" is neither true nor false`);
}

const noDate = ["N/A", "no_information", "not_supported"];

/** A date that can't be read must not pass for a key that was never used. */
function readDate(cell = ""): Millis | undefined {
  const at = parseInstant(cell);
  if (at === undefined && !noDate.includes(cell)) {
    throw new OpsError("other", `iam:GetCredentialReport: "${cell}" is no date`);
  }
  return at;
}

function columnAt(header: readonly string[], name: string): number {
  const column = header.indexOf(name);
  if (column === -1) throw new OpsError("other", `iam:GetCredentialReport: the report has no column "${name}"`);
  return column;
}

/**
 * A user name may hold commas, and so may its path in the ARN. Quoted cells are taken as CSV has them. An unquoted row is
 * cut where the ARN starts, since no name holds a colon, and where a date follows it; the last column may be free text
 * with commas of its own.
 */
function splitRow(line: string, width: number): readonly string[] {
  if (line.includes('"'))
    return [...line.matchAll(quotedCell)].map(([, quoted, bare]) => unquote(quoted) ?? bare ?? "");
  const cells = line.split(",");
  if (cells.length <= width) return cells;
  const [, user = "", arn = "", rest = ""] = /^([^:]*),(arn:.*?),(\d{4}-\d\d-\d\dT.*)$/.exec(line) ?? [];
  const split = [user, arn, ...rest.split(",")];
  return split.length <= width ? split : [...split.slice(0, width - 1), split.slice(width - 1).join(",")];
}

const quotedCell = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g;

const unquote = (cell: string | undefined): string | undefined => cell?.replaceAll('""', '"');
