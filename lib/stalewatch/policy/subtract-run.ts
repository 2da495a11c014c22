import { shorten } from "../../core/columns.ts";
import { type StatementChange, type Subtracted, subtract } from "../../policy/library.ts";
import type { ExitCode, Frame } from "../../runtime/frame.ts";
import { refuse } from "../command.ts";
import { refuseSid, type SubtractOptions } from "./arguments.ts";
import { warnOfAge } from "./catalogue.ts";
import { readEntries, sayUnmatched } from "./entries.ts";
import { readPolicies } from "./files.ts";
import { type RewriteRow, writeRewrite } from "./output.ts";
import { sayChange, sayLeftAlone } from "./subtract-words.ts";
import { placeOf, shown } from "./words.ts";

export async function subtractFiles(frame: Frame, options: SubtractOptions): Promise<ExitCode> {
  const { files, "immutable-sid": immutableSid, "rewrite-not-action": rewriteNotAction, patterns } = options;
  const wrong = refuseSid(options);
  if (wrong.length > 0) return refuse(frame, wrong);
  const entries = await readEntries(frame, options);
  if (!entries.ok) return refuse(frame, entries.problems, entries.code);
  const read = await readPolicies(frame, files);
  if (!read.ok) return read.code;
  warnOfAge(frame);
  const subtracted = subtract(read.policies, entries.entries, { immutableSid, rewriteNotAction, patterns });
  for (const line of warningsOf(subtracted)) frame.log.warn(line);
  const { policies: after, emptied, changes } = subtracted;
  return writeRewrite(frame, options, {
    ...{ before: read.policies, after, emptied, data: subtracted },
    rows: changes.map(rowOf),
  });
}

const warningsOf = ({ unmatched, unknown, changes, emptied }: Subtracted): readonly string[] => [
  ...unmatched.map(sayUnmatched),
  ...unknown.map((kept) => `${placeOf(kept)}: keeps ${shown(kept.pattern)}, which matches no known action`),
  ...changes.flatMap(sayChange),
  ...emptied.map((name) => `${shown(name)}: nothing is left of it: the policy is to be deleted`),
];

function rowOf(change: StatementChange): RewriteRow {
  if (change.is === "left_alone")
    return { place: change, what: "left alone", lost: 0, patterns: sayLeftAlone(change.because) };
  const patterns = change.narrowed.map(({ pattern, to }) => `${pattern} -> ${shorten(to.join(", ")) || "nothing"}`);
  return { place: change, what: change.is, lost: change.lost.length, patterns: shorten(patterns.join("; ")) };
}
