import { formatColumns, shorten } from "../core/columns.ts";
import type { Point } from "../core/point.ts";
import { formatInstant, type Millis } from "../core/time.ts";
import { encodePoint } from "../line-protocol/encode.ts";
import type { Mark } from "../marks/mark.ts";
import { point } from "../measurements/declare.ts";
import type { Replayed } from "./replay.ts";
import { dirtyFleet, reportLevels } from "./report.ts";
import { countLevels } from "./tally.ts";

/** For people first, then the points as dirtycount would print them. */
export const formatSimulation = (replayed: Replayed, now: Millis): string =>
  [
    formatMarks(replayed.marks),
    formatCounts(replayed),
    ...replayed.others.map(({ line, is, says }) => `line ${line}: ${is}: ${shorten(says)}\n`),
    "\n",
    ...pointsOf(replayed.marks, now).map((one) => `${encodePoint(one).line}\n`),
  ].join("");

const formatMarks = (marks: readonly Mark[]): string =>
  formatColumns([
    ["ACCOUNT", "REGION", "INSTANCE", "LEVEL", "EVENTS", "FIRST", "LAST", "WHAT"],
    ...marks.flatMap(({ accountId, region, instanceId, verified }) => {
      if (verified === undefined) return [];
      const { level, count, firstAt, lastAt, names } = verified;
      const what = shorten(Object.keys(names).join(", "));
      return [
        [...[accountId, region, instanceId, level, `${count}`], formatInstant(firstAt), formatInstant(lastAt), what],
      ];
    }),
  ]);

const formatCounts = ({ messages, events, dropped, marks, others }: Replayed): string =>
  `${messages} messages: ${events} events on ${marks.length} instances, ${dropped} dropped by filters, ` +
  `${others.length} messages that mark nothing\n`;

function pointsOf(marks: readonly Mark[], now: Millis): readonly Point[] {
  const places = new Map<string, Mark[]>();
  for (const mark of marks) {
    const key = `${mark.accountId}/${mark.region}`;
    places.set(key, [...(places.get(key) ?? []), mark]);
  }
  return [...places.values()].flatMap((ofPlace) => {
    const [{ accountId, region } = { accountId: "", region: "" }] = ofPlace;
    const levels = countLevels();
    for (const { verified } of ofPlace) if (verified !== undefined) levels.add(verified);
    return [
      ...reportLevels(levels.counts(), { accountId, region, now }),
      point(dirtyFleet, { tags: { account: accountId, region }, fields: { dirty: ofPlace.length } }),
    ];
  });
}
