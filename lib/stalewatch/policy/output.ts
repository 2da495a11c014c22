import { formatColumns } from "../../core/columns.ts";
import { type Policy, type StatementName, sizeOf, sizeQuotas } from "../../policy/library.ts";
import type { ExitCode, Frame } from "../../runtime/frame.ts";
import { refuse, writeText } from "../command.ts";
import type { RewriteFormat } from "./arguments.ts";
import { type ColorChoice, isTerminal } from "./color.ts";
import { formatJson, shown, shownText } from "./words.ts";

/** What became of policies. */
export interface Rewrite {
  readonly before: readonly Policy[];
  readonly after: readonly Pick<Policy, "name" | "text">[];
  readonly emptied: readonly string[];
  readonly rows: readonly RewriteRow[];
  /** As JSON has it, beside the sizes. */
  readonly data: object;
}

/** One changed statement in a table. */
export interface RewriteRow {
  readonly place: StatementName;
  readonly what: string;
  readonly lost: number;
  readonly patterns: string;
}

interface OutputOptions {
  readonly format: RewriteFormat;
  readonly color: ColorChoice;
}

export async function writeRewrite(frame: Frame, options: OutputOptions, rewrite: Rewrite): Promise<ExitCode> {
  const size = { before: sizeOf(textsOf(rewrite.before)), after: sizeOf(textsOf(rewrite.after)) };
  if (size.after > sizeQuotas.role)
    frame.log.warn(`${saySizes(size)}: more than the ${sizeQuotas.role} of all inline policies of a role`);
  const text = await formatRewrite(frame, options, { ...rewrite, size });
  if (text === undefined) return refuse(frame, [tooDifferent], 1);
  await writeText(frame, text);
  return 0;
}

export const tooDifferent = "the texts differ in too much for a diff: choose another format";

interface Size {
  readonly before: number;
  readonly after: number;
}

const textsOf = (policies: readonly Pick<Policy, "text">[]): readonly string[] => policies.map(({ text }) => text);

export const saySizes = ({ before, after }: Size): string => `size ${before} -> ${after} characters`;

async function formatRewrite(frame: Frame, { format, color }: OutputOptions, rewrite: Rewrite & { size: Size }) {
  if (format === "document") {
    const documents = formatDocuments(rewrite);
    return isTerminal(frame.stdout) ? shownText(documents) : documents;
  }
  if (format === "json") return formatJson({ ...rewrite.data, size: rewrite.size });
  if (format === "table") return formatTable(rewrite);
  const { formatPatches } = await import("./patch.ts");
  const pairs = rewrite.before.map(({ name, text }) => ({ before: { name, text }, after: afterOf(rewrite, name) }));
  return formatPatches(frame, color, pairs);
}

const afterOf = ({ after }: Rewrite, name: string) => after.find((policy) => policy.name === name);

/** Each document as it is written, which no parser has put in another form. */
function formatDocuments(rewrite: Rewrite): string {
  const { before, after } = rewrite;
  if (before.length === 1) return after[0]?.text ?? "";
  const members = before.map(({ name }) => {
    const text = afterOf(rewrite, name)?.text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
    return `${shown(JSON.stringify(name))}: ${text ?? "null"}`;
  });
  return `{\n${members.join(",\n")}\n}\n`;
}

function formatTable({ rows, size }: Rewrite & { size: Size }): string {
  if (rows.length === 0) return "nothing changes\n";
  const cells = rows.map(({ place, what, lost, patterns }) => {
    const { policy, index, sid } = place;
    return [policy, `${index + 1}${sid === undefined ? "" : ` ${sid}`}`, what, `${lost}`, patterns].map(shown);
  });
  const table = formatColumns([["POLICY", "STATEMENT", "WHAT", "LOST", "PATTERNS"], ...cells]);
  return `${table}${saySizes(size)}, of at most ${sizeQuotas.role} for a role\n`;
}
