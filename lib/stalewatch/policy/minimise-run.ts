import { shorten } from "../../core/columns.ts";
import { minimisePolicies, type ShortenedStatement } from "../../policy/minimise-policies.ts";
import { isPattern } from "../../policy/pattern.ts";
import type { ExitCode, Frame } from "../../runtime/frame.ts";
import { refuse } from "../command.ts";
import { type MinimiseOptions, refuseSid } from "./arguments.ts";
import { warnOfAge } from "./catalogue.ts";
import { readPolicies } from "./files.ts";
import { type RewriteRow, writeRewrite } from "./output.ts";
import { placeOf, shown } from "./words.ts";

export async function minimiseFiles(frame: Frame, options: MinimiseOptions): Promise<ExitCode> {
  const { files, within, "immutable-sid": immutableSid } = options;
  const problems = [...within.filter((pattern) => !isPattern(pattern)).map(sayNoPattern), ...refuseSid(options)];
  if (problems.length > 0) return refuse(frame, problems);
  const read = await readPolicies(frame, files);
  if (!read.ok) return read.code;
  warnOfAge(frame);
  const { policies, changes } = minimisePolicies(read.policies, { within, immutableSid });
  for (const change of changes) warnOfMore(frame, change);
  return writeRewrite(frame, options, {
    ...{ before: read.policies, after: policies, emptied: [], data: { policies, changes } },
    rows: changes.map(rowOf),
  });
}

const sayNoPattern = (pattern: string): string => `within: "${shown(pattern)}" is not a pattern, as s3:* or s3:Get*`;

function warnOfMore({ log }: Frame, change: ShortenedStatement): void {
  const { added } = change;
  if (added.length > 0) log.warn(`${placeOf(change)}: grants what AWS adds to ${added.map(shown).join(", ")}`);
}

const rowOf = (change: ShortenedStatement): RewriteRow => ({
  ...{ place: change, what: "shortened", lost: 0 },
  patterns: `${shorten(change.dropped.join(", "))} -> ${shorten(change.added.join(", ")) || "covered by others"}`,
});
