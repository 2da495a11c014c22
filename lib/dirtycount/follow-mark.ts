import { hours, type Millis } from "../core/time.ts";
import { type Mark, touchedAt } from "../marks/mark.ts";

/** EC2 shows a terminated instance for about an hour (Terminate your instance, EC2 user guide). */
const goneAfter = hours(1);

/** What is said of an instance that was asked for by its id. */
export type Seen = "terminated" | "missing" | "there";

/**
 * A mark with what was seen of its instance. It ends where that is terminated, or was missing in two runs an hour apart;
 * whoever has touched it since the look knows better. The same mark where nothing changes.
 */
export function followMark(mark: Mark, seen: Seen, at: Millis): Mark {
  if (mark.endedAt !== undefined) return mark;
  if (seen === "terminated") return { ...mark, endedAt: at };
  const { missingSince, ...standing } = mark;
  if (seen === "there") return missingSince === undefined ? mark : standing;
  if (touchedAt(mark) > at) return mark;
  if (missingSince === undefined) return { ...mark, missingSince: at };
  return at - missingSince >= goneAfter ? { ...mark, endedAt: at } : mark;
}
