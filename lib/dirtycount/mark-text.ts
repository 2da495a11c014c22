import { formatColumns, shorten } from "../core/columns.ts";
import { formatInstant } from "../core/time.ts";
import type { Mark } from "../marks/mark.ts";

/** For people, who see persons here. */
export function formatMarkTable(marks: readonly Mark[]): string {
  if (marks.length === 0) return "no instance is marked\n";
  const head = ["ACCOUNT", "REGION", "INSTANCE", "LEVEL", "EVENTS", "FIRST", "LAST", "SENDERS", "STATE", "WHO", "WHAT"];
  return formatColumns([head, ...marks.flatMap(formatRow)]);
}

/** What is proven, else what is not. */
function formatRow(mark: Mark): readonly (readonly string[])[] {
  const tally = mark.verified ?? mark.unverified;
  if (tally === undefined) return [];
  const { level, count, firstAt, lastAt, principals, names } = tally;
  return [
    [
      ...[mark.accountId, mark.region, mark.instanceId, level, `${count}`, formatInstant(firstAt)],
      ...[formatInstant(lastAt), mark.verified === undefined ? "unproven" : "proven", stateOf(mark)],
      ...[shorten(principals.toReversed().join(", ") || "-"), shorten(Object.keys(names).join(", "))],
    ],
  ];
}

function stateOf({ endedAt, missingSince, untaggable, recycling }: Mark): string {
  if (endedAt !== undefined) return "ended";
  if (recycling?.done !== undefined) return "recycled";
  if (missingSince !== undefined) return "missing";
  return untaggable === undefined ? "dirty" : `dirty, no tag: ${untaggable}`;
}

/** For machines: the whole record, one a line. */
export const formatMarkLine = ({ messages: _messages, ...mark }: Mark): string => `${JSON.stringify(mark)}\n`;
