import type { Point } from "../../../lib/core/point.ts";
import { minutes, parseInstant, seconds } from "../../../lib/core/time.ts";
import { openCounter } from "../../../lib/dirtymark/counts.ts";
import { reportDrained, reportQueue, reportTags } from "../../../lib/dirtymark/report.ts";
import { encodePoint } from "../../../lib/line-protocol/encode.ts";

const place = { accountId: "111122223333", region: "eu-central-1", queue: "skunky" };
const now = parseInstant("2026-09-01T08:00:00Z") ?? 0;

/** What a run prints that met five messages, without the status point. */
export function sampleOutput(): string {
  const counter = openCounter();
  const message = (at: number, receiveCount: number) => ({
    ...{ id: `${at}`, receipt: "", body: "", sentAt: now - seconds(at), receiveCount, senderId: undefined },
    group: undefined,
  });
  counter.receive([message(70, 1), message(61, 1), message(60, 1), message(12, 1), message(minutes(9) / 1000, 5)]);
  for (const fate of ["recorded", "recorded", "recorded", "dropped", "buried"] as const) counter.end(fate);
  counter.refuse("malformed");
  const counts = { ...counter.counts(), events: 3, unverified: 1, records: 2 };
  const marked = { accountId: "444455556666", region: "eu-west-1" };
  const points: readonly Point[] = [
    reportDrained(counts, place),
    reportTags({ ...marked, tagged: 1, untaggable: 0, due: 0 }),
    reportQueue({ visible: 0, inFlight: 0, delayed: 0, maxReceives: 100, deadLetterQueue: "skunky-dead" }, counts, {
      ...{ ...place, now },
    }),
  ];
  return points.map((point) => `${encodePoint(point).line}\n`).join("");
}
