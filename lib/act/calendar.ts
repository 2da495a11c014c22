import type { Millis } from "../core/time.ts";
import { quote, sayInstant } from "./wording.ts";

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/** Both days, `YYYY-MM-DD`, belong to it. */
export interface DayRange {
  readonly first: string;
  readonly last: string;
}

/** When people are there to notice: all of it by the clocks and calendars of one time zone. */
export interface Calendar {
  readonly timeZone: string;
  readonly weekdays: readonly Weekday[];
  /** Minutes of the wall clock since midnight; `to` is the first minute that is closed again. */
  readonly hours: { readonly from: number; readonly to: number };
  readonly freeze: readonly DayRange[];
}

export const alwaysOpen: Calendar = { timeZone: "UTC", weekdays, hours: { from: 0, to: 24 * 60 }, freeze: [] };

export const isOpen = (calendar: Calendar, now: Millis): boolean => closedBecause(calendar, now) === undefined;

/** Why nothing may happen now; undefined: it may. A time that can't be told is closed. */
export function closedBecause({ timeZone, weekdays: open, hours, freeze }: Calendar, now: Millis): string | undefined {
  const local = readWallClock(timeZone, now);
  if (local === undefined) return `calendar can't tell ${sayInstant(now)} in time_zone ${quote(timeZone)}`;
  const { day, weekday, minute } = local;
  const frozen = freeze.find(({ first, last }) => first <= day && day <= last);
  if (frozen !== undefined) return `calendar is frozen ${sayRange(frozen)}, and it is ${day} in ${timeZone}`;
  if (!open.some((name) => name === weekday))
    return `calendar opens on ${open.join(", ")}, and it is ${weekday} in ${timeZone}`;
  if (minute >= hours.from && minute < hours.to) return undefined;
  return `calendar opens ${formatHours(hours)}, and it is ${formatMinute(minute)} in ${timeZone}`;
}

const sayRange = ({ first, last }: DayRange): string => (first === last ? `on ${first}` : `from ${first} to ${last}`);

const formatHours = ({ from, to }: Calendar["hours"]): string => `${formatMinute(from)}-${formatMinute(to)}`;

const formatMinute = (minute: number): string => `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;

const pad = (count: number): string => String(count).padStart(2, "0");

interface WallClock {
  readonly day: string;
  readonly weekday: string;
  readonly minute: number;
}

/** Undefined for a zone that the runtime does not know and a time that no clock shows. */
function readWallClock(timeZone: string, now: Millis): WallClock | undefined {
  try {
    const parts = new Intl.DateTimeFormat("en-US", { ...shown, timeZone }).formatToParts(now);
    const { year, month, day, weekday, hour, minute } = Object.fromEntries(
      parts.map(({ type, value }) => [type, value]),
    );
    return {
      day: `${year}-${month}-${day}`,
      weekday: String(weekday).toLowerCase(),
      minute: Number(hour) * 60 + Number(minute),
    };
  } catch {
    return undefined;
  }
}

const shown: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
  // By `hour12: false` midnight is 24:00.
  hourCycle: "h23",
};

export const isTimeZone = (name: string): boolean => readWallClock(name, 0) !== undefined;
