import { days, hours, type Millis, minutes, seconds } from "../core/time.ts";

export const durationUnits = {
  ms: 1,
  s: seconds(1),
  m: minutes(1),
  h: hours(1),
  d: days(1),
  w: days(7),
} as const satisfies Record<string, Millis>;

export type DurationUnit = keyof typeof durationUnits;
export type DurationText = `${number}${DurationUnit}`;

const written = /^(\d+)(ms|s|m|h|d|w)$/;

/** `90d`, `15m`, `500ms`: a whole number and one unit; undefined for anything else, or for more than can be counted exactly. */
export function parseDuration(text: string): Millis | undefined {
  const match = written.exec(text);
  if (match === null) return undefined;
  // The pattern admits no other unit.
  const length = Number(match[1]) * durationUnits[match[2] as DurationUnit];
  return Number.isSafeInteger(length) ? length : undefined;
}

const shownUnits = ["d", "h", "m", "s"] as const;

/** The largest unit up to days that says a length of whole, non-negative milliseconds exactly; `parseDuration` gives it back. */
export function formatDuration(length: Millis): DurationText {
  const unit = length === 0 ? "s" : (shownUnits.find((name) => length % durationUnits[name] === 0) ?? "ms");
  return `${length / durationUnits[unit]}${unit}`;
}
