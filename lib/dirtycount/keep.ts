import pLimit from "p-limit";
import type { Millis } from "../core/time.ts";
import type { Mark } from "../marks/mark.ts";
import type { Marks } from "../marks/marks.ts";
import type { CollectedRegion } from "./collect.ts";
import { followMark, type Seen } from "./follow-mark.ts";

interface Keeping {
  readonly marks: Pick<Marks, "change">;
  /** When the region was read. */
  readonly readAt: Millis;
  /** Aborted: what is left is found again by the next run. */
  readonly stop: AbortSignal;
}

const writesAtOnce = 20;

/** Remembers what was seen of marked instances. What another process has changed or removed meanwhile stays so. */
export async function keepRegion(
  { summary, missing }: CollectedRegion,
  { marks, readAt, stop }: Keeping,
): Promise<void> {
  const limit = pLimit(writesAtOnce);
  const note = (seen: Seen) => (mark: Mark) => {
    if (followMark(mark, seen, readAt) === mark) return undefined;
    return limit(() => {
      stop.throwIfAborted();
      return marks.change(mark, (now) => followMark(now, seen, readAt));
    });
  };
  await Promise.all([
    ...summary.ended.map(note("terminated")),
    ...summary.back.map(note("there")),
    ...missing.map(note("missing")),
  ]);
}
